"""Rows of comma- and tab-separated files, under the names that their first row gives."""

import csv
from collections.abc import Iterator
from io import BufferedReader

from longhop.corpus.reading.decoding import decode, recode
from longhop.corpus.reading.kinds import Kind
from longhop.corpus.reading.lines import Overlong, split_lines
from longhop.corpus.reading.rows import LONGEST, Broken, Row, in_mebibytes, turn_away
from longhop.records.accounts import Reason

_SEPARATORS = ",;\t|"


def read_table(file: BufferedReader, place: str, kind: Kind) -> Iterator[Row]:
    """The rows after the first, each under the number of the line that it begins on.

    A quotation that is never closed takes what follows into its row, up to 64 MiB.

    Raises:
        Broken: The first row cannot be read, so nobody knows what the others mean.
    """
    csv.field_size_limit(LONGEST)
    file, encoding = recode(file)
    lines = _Lines(file, encoding)
    rows = csv.reader(lines, delimiter="\t" if kind is Kind.TSV else lines.find_separator())
    names: list[str] | None = None
    while True:
        lines.begin_row()
        try:
            values = next(rows)
        except StopIteration:
            return
        except (_NotText, _TooLong, csv.Error) as error:
            if names is None:
                raise Broken(f"its first row cannot be read: {error}") from error
            yield turn_away(f"{place}:{lines.start}", _reason_of(error), str(error))
            continue
        if names is None:
            names = [each.strip() for each in values] or None
            continue
        yield _row(names, values, f"{place}:{lines.start}", lines)


def _row(names: list[str], values: list[str], place: str, lines: "_Lines") -> Row:
    if not any(each.strip() for each in values) and len(values) != len(names):
        return Row(place, None)
    if len(values) != len(names):
        detail = f"{len(values)} fields where the first row has {len(names)}"
        return turn_away(place, Reason.BROKEN_LINE, detail, ",".join(values[:20]))
    return Row(place, dict(zip(names, values, strict=True)), lines.encoding, lines.doubt)


def _reason_of(error: Exception) -> Reason:
    if isinstance(error, _TooLong) or "field larger" in str(error):
        return Reason.TOO_LONG
    return Reason.NOT_PROSE if isinstance(error, _NotText) else Reason.BROKEN_LINE


class _NotText(Exception):
    """A line whose bytes are no text."""


class _TooLong(Exception):
    """A row that takes more memory than is given to one."""


class _Lines:
    """The lines of a file as texts, going on after one that could not be read.

    It notes where a row begins, and the most doubtful decoding among the row's lines.
    """

    def __init__(self, file: BufferedReader, encoding: str) -> None:
        self._file_encoding = encoding
        self._lines = split_lines(file)
        self._ahead: list[str] = []
        self._number = 0
        self._size = 0
        self.begin_row()

    def begin_row(self) -> None:
        self.start = self._number + 1
        self._size = 0
        self.encoding, self.doubt = self._file_encoding, 0.0

    def find_separator(self) -> str:
        """What the first line has most of; half the world's tables have semicolons."""
        try:
            first = next(self, "")
        except (_NotText, _TooLong) as error:
            raise Broken(f"its first row cannot be read: {error}") from error
        self._ahead.append(first)
        self._number = 0
        return max(_SEPARATORS, key=first.count)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._number += 1
        if self._ahead:
            return self._ahead.pop()
        line = next(self._lines)
        if isinstance(line, Overlong):
            raise _TooLong(str(line))
        self._size += len(line)
        if self._size > LONGEST:
            raise _TooLong(f"a row is longer than {in_mebibytes(LONGEST)}")
        decoded = decode(line)
        if decoded is None:
            raise _NotText("the line's bytes are no text")
        if decoded.doubt > self.doubt:
            self.encoding, self.doubt = decoded.encoding, decoded.doubt
        return decoded.text
