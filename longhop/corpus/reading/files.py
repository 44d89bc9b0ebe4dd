"""Every row of a file, of whatever kind it is, and what became of one that breaks."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedReader

from longhop.corpus.reading.archives import Member, tar_members, tar_names, zip_members
from longhop.corpus.reading.columnar import Wanted, read_arrow, read_parquet
from longhop.corpus.reading.decoding import BUFFER
from longhop.corpus.reading.decompressing import Allowance, Metered, decompress
from longhop.corpus.reading.kinds import ARCHIVES, HEAD, TABLES, Kind, kind_of
from longhop.corpus.reading.objects import read_json
from longhop.corpus.reading.rows import Broken, BrokenArchive, Place, Row, storable, turn_away
from longhop.corpus.reading.tables import read_table
from longhop.corpus.reading.texts import read_text
from longhop.ports import Sources
from longhop.records.accounts import Reason


def read_file(name: str, sources: Sources, wanted: Wanted) -> Iterator[Row]:
    """The rows of a file, in its order; where it breaks, one rejection says how far it came."""
    return _File(name, sources, wanted).rows()


@dataclass(frozen=True)
class _File:
    name: str
    sources: Sources
    wanted: Wanted

    def rows(self) -> Iterator[Row]:
        with ExitStack() as held:
            source, file = self._opened(held)
            yield from _told(self._read(file, source), Place(storable(self.name)))

    def _read(self, file: BufferedReader, source: Metered) -> Iterator[Row]:
        place = Place(storable(self.name))
        inside = decompress(file, source)
        kind = kind_of(inside.peek(HEAD)[:HEAD], self.name)
        if kind in ARCHIVES:
            yield from self._read_archive(inside, source, kind, place)
        else:
            yield from _read_plain(inside, source, kind, place, self.name, self.wanted)

    def _read_archive(
        self, file: BufferedReader, source: Metered, kind: Kind, place: Place
    ) -> Iterator[Row]:
        count = 0
        for member in self._members(file, source, kind):
            count += 1
            inside = Place(f"{place}!{storable(member.name)}")
            yield from _read_member(member, source, inside, self.wanted)
        if not count:
            detail = "the archive holds no file of a kind that is read"
            yield turn_away(place, Reason.MISSING_TEXT, detail)

    def _members(self, file: BufferedReader, source: Metered, kind: Kind) -> Iterator[Member]:
        allowance = Allowance(source)
        if kind is Kind.ZIP:
            return zip_members(file, allowance)
        return tar_members(file, allowance, self._names_in_tar)

    def _names_in_tar(self) -> list[str]:
        with ExitStack() as held:
            source, file = self._opened(held)
            return tar_names(decompress(file, source))

    def _opened(self, held: ExitStack) -> tuple[Metered, BufferedReader]:
        source = Metered(held.enter_context(self.sources.open(self.name)))
        return source, BufferedReader(source, BUFFER)


def _read_member(member: Member, source: Metered, place: Place, wanted: Wanted) -> Iterator[Row]:
    def rows() -> Iterator[Row]:
        inside = decompress(member.open(), source)
        kind = kind_of(inside.peek(HEAD)[:HEAD], member.name)
        if kind in ARCHIVES:
            raise Broken("an archive inside an archive is not opened; unpack it")
        yield from _read_plain(inside, source, kind, place, member.name, wanted)

    return _told(rows(), place, passing=BrokenArchive)


def _read_plain(
    file: BufferedReader, source: Metered, kind: Kind, place: Place, name: str, wanted: Wanted
) -> Iterator[Row]:
    if kind in TABLES and not file.peek(1):
        return
    if kind is Kind.JSON:
        yield from read_json(file, place, name)
    elif kind in (Kind.CSV, Kind.TSV):
        yield from read_table(file, place, kind)
    elif kind is Kind.PARQUET:
        yield from read_parquet(file, place, wanted, Allowance(source))
    elif kind is Kind.ARROW:
        yield from read_arrow(file, place, wanted, Allowance(source))
    else:
        yield read_text(file, place, name, kind)


def _told(
    rows: Iterator[Row], place: Place, *, passing: type[Exception] | tuple[()] = ()
) -> Iterator[Row]:
    """The rows, and one rejection in place of those that a break leaves unread."""
    count = 0
    try:
        for row in rows:
            yield row
            count += 1
    except passing:
        raise
    except (Broken, OSError) as error:
        came = f"after {count} rows" if count else "at its start"
        yield turn_away(place, Reason.BROKEN_FILE, f"it breaks off {came}: {error}")
