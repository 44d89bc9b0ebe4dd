"""Two versions held against each other: their rows as streams, and why each is other."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from longhop.publishing.changes import (
    Difference,
    Known,
    RowLook,
    look_at,
    look_at_pair,
    side_by_side,
)
from longhop.publishing.drafting import Drafts
from longhop.publishing.explaining import Explainer, Refusals
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.base import Record
from longhop.records.changes import RowChange
from longhop.records.examples import ComposedContext, Stale
from longhop.records.manifest import Manifest
from longhop.records.pairs import Pair
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.storage.spools import KeySet, Lookup, Spool
from tasks.compose_contexts import both
from tasks.knowing import known_of
from tasks.ordered import in_order

CHANGES = "changes.parquet"
_REFUSED = "rejected.parquet"
_BATCH = 4096


class Refused(Record):
    """What was turned away, as far as it says why a row is other.

    {"item": "m-9be1…", "stage": "judge", "reason": "judged_low"}
    """

    item: str
    stage: str
    reason: str


@dataclass(frozen=True)
class Edition:
    """A version, or one on its way, as it is compared: its artifacts, and what it turned away.

    `refused` opens its `rejected.parquet`, or nothing where there is none.
    """

    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    refused: Callable[[], AbstractContextManager[Path | None]] = nullcontext
    takedowns: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[Artifact, ...]:
        """All that a row is compared by."""
        names = ("rows", "contexts", "pairs", "draws", "stale", "documents", "written")
        return tuple(part for each in names for part in parts_of(self.artifacts, each))


@dataclass(frozen=True)
class Changes:
    """How many rows are other, and why; their order is that of the closed lists."""

    counts: dict[str, int]
    reasons: dict[str, dict[str, int]]


def edition_of(manifest: Manifest) -> Edition:
    """A published version."""
    files = resources().files
    path = f"{resources().datasets.folder(manifest.name, manifest.version)}/{_REFUSED}"
    listed = any(each.path == _REFUSED for each in manifest.files)
    if not listed:
        return Edition(manifest.artifacts, takedowns=manifest.takedowns)
    return Edition(manifest.artifacts, lambda: files.local_copy(path), manifest.takedowns)


def draft_changes(
    before: Manifest | None,
    artifacts: Mapping[str, Artifact],
    drafts: Drafts,
    takedowns: tuple[str, ...],
) -> Changes:
    """Write `changes.parquet` among the drafts of a version whose rejections lie there already.

    A version without a base has none.
    """
    refused = drafts.contents.get(_REFUSED)
    after = Edition(artifacts, lambda: nullcontext(refused), takedowns)
    if before is None:
        return Changes(_of_the_first(after), {})
    table = None
    with compare(edition_of(before), after) as compared:
        for each in compared:
            table = table or drafts.parquet(CHANGES, RowChange)
            table.add(each)
            table.draft.rows += 1
    if table is not None:
        table.close()
    return compared.changes


class Compared:
    """The rows that are other, in the order of their ids; once read, their counts."""

    def __init__(self, rows: Iterable[RowChange], counts: Counter[str]) -> None:
        self._rows = rows
        self._counts = counts
        self._reasons: Counter[tuple[str, str]] = Counter()

    def __iter__(self) -> Iterator[RowChange]:
        for each in self._rows:
            self._reasons[str(each.what), str(each.why)] += 1
            yield each

    @property
    def changes(self) -> Changes:
        """What was counted while they were read."""
        reasons: dict[str, dict[str, int]] = {}
        for (what, why), count in sorted(self._reasons.items()):
            reasons.setdefault(what, {})[why] = count
        return Changes(dict(self._counts), reasons)


@contextmanager
def compare(before: Edition, after: Edition) -> Iterator[Compared]:
    """What became of the rows of a version in another one, row by row.

    Rows are read as streams, in the order of their ids. Those that are other lie in a scratch file
    until all that was turned away has been read; memory holds a hash and a length for each document
    of either version, and a number for each name of a row that is other.
    """
    counts: Counter[str] = Counter()
    if before.rows == after.rows and before.takedowns == after.takedowns:
        kept = sum(before.artifacts[each].rows for each in _counted(before))
        yield Compared((), Counter({"added": 0, "removed": 0, "changed": 0, "kept": kept}))
        return
    with ExitStack() as held:
        known = [known_of(each.artifacts, each.takedowns) for each in (before, after)]
        one = held.enter_context(_looks(before, known[0]))
        other = held.enter_context(_looks(after, known[1]))
        found = held.enter_context(Spool(Difference))
        for each in side_by_side(one, other, counts):
            found.add(each)
        explainer = Explainer(
            before=known[0],
            after=known[1],
            refused_before=held.enter_context(_refusals(before, found)),
            refused_after=held.enter_context(_refusals(after, found)),
            groups_before=_groups(each.before for each in found),
            groups_after=_groups(each.after for each in found),
        )
        yield Compared(map(explainer.explain, found), counts)


def _of_the_first(after: Edition) -> dict[str, int]:
    added = sum(after.artifacts[each].rows for each in _counted(after))
    return {"added": added, "removed": 0, "changed": 0, "kept": 0}


def _counted(edition: Edition) -> list[str]:
    return [each for each in ("rows", "pairs") if each in edition.artifacts]


def _groups(rows: Iterable[RowLook | None]) -> Callable[[str], bool]:
    """Whether a group is one of these rows'."""
    return KeySet(each.group for each in rows if each is not None).__contains__


@contextmanager
def _looks(edition: Edition, known: Known) -> Iterator[Iterable[RowLook]]:
    """The rows of a version in the order of their ids."""
    made = edition.artifacts
    with ExitStack() as held:
        if "pairs" in made:
            pairs = held.enter_context(in_order([made["pairs"]], Pair))
            yield map(look_at_pair, pairs)
        elif "rows" in made:
            rows = held.enter_context(in_order([made["rows"]], MultiHop))
            contexts = held.enter_context(in_order([made["contexts"]], ComposedContext, "row_id"))
            marked = resources().store.iterate(made["stale"], Stale) if "stale" in made else ()
            stale = {each.row_id for each in marked}
            yield (
                look_at(row, context, known, stale=row.id in stale)
                for row, context in both(rows, contexts)
            )
        else:
            yield ()


@contextmanager
def _refusals(edition: Edition, found: Iterable[Difference]) -> Iterator[Refusals]:
    """Why a version turned something away, of what the rows that are other are made of."""
    names = KeySet(
        name
        for each in found
        for row in (each.before, each.after)
        if row is not None
        for name in row.names
    )
    with Lookup(Refused, lambda each: each.item) as refused, edition.refused() as path:
        if path is not None:
            for each in _read_refused(path):
                if each.item in names:
                    refused.add(each)

        def find(item: str) -> tuple[str, str] | None:
            said = refused.take((item,)).get(item)
            return (said.stage, said.reason) if said is not None else None

        yield find


def _read_refused(path: Path) -> Iterator[Refused]:
    columns = list(Refused.model_fields)
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH, columns=columns):
            for row in batch.to_pylist():
                yield Refused(**row)
