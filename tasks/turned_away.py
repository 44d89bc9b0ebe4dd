"""What was turned away, with the file and line that it stood in: read beside the documents."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import TypeVar

from longhop.publishing.drafting import Drafts
from longhop.records.accounts import Failure, Rejection, TurnedAway
from longhop.records.artifacts import Artifact
from longhop.records.base import Record
from longhop.records.corpus import Source
from longhop.resources import resources
from longhop.sorting import sort_on_disk
from longhop.spec import DatasetSpec
from longhop.storage.spools import Spool
from tasks.versions import Made

R = TypeVar("R", bound=Record)
L = TypeVar("L", Rejection, TurnedAway, Failure)

# The stages whose rejections stood in the corpus, and the kind of artifact that tells where.
_SOURCES = {
    "read": "rejected_sources",
    **dict.fromkeys(("clean", "decontaminate", "deduplicate"), "sources"),
}
_COLUMNS = ("item", "file", "line")


def draft_turned_away(made: Made, spec: DatasetSpec, drafts: Drafts) -> None:
    """All that did not become a row, with its reason and its place, in one file each.

    Lines that were never cleaned are not quoted where personal data is to be kept out.
    """
    with by_stage(_rejected(made, spec), Rejection) as lost:
        draft_records(drafts, "rejected.parquet", TurnedAway, locate(lost, made.sources))
    store = resources().store
    failed = (each for part in made.failed for each in store.iterate(part, Failure))
    with by_stage(failed, Failure) as broken:
        draft_records(drafts, "failed.parquet", Failure, broken)


def _rejected(made: Made, spec: DatasetSpec) -> Iterator[Rejection]:
    quoted = spec.cleaning.personal_data == "keep"
    store = resources().store
    for part in made.rejected:
        for each in store.iterate(part, Rejection):
            kept = quoted or each.stage != "read"
            yield each if kept else each.model_copy(update={"raw": ""})


def draft_records(drafts: Drafts, path: str, kind: type[R], records: Iterable[R]) -> None:
    """A file of the records, if there is one."""
    table = None
    for each in records:
        table = table or drafts.parquet(path, kind)
        table.add(each)
    if table is not None:
        table.close()


@contextmanager
def by_stage(records: Iterable[L], kind: type[L]) -> Iterator[Iterable[L]]:
    """What was lost by stage and item, to be read as often as wanted."""
    lines = (
        ((each.stage, each.item, str(each.reason), each.detail), each.model_dump_json().encode())
        for each in records
    )
    with Spool(kind) as spool:
        for _, line in sort_on_disk(lines, key=itemgetter(0), size=lambda it: len(it[1])):
            spool.write(line)
        yield spool


def locate(rejected: Iterable[Rejection], sources: Iterable[Artifact]) -> Iterator[TurnedAway]:
    """The rejections in their order, those of the corpus with the place that they were read from.

    They are read twice. Memory holds the places of what was turned away of the corpus alone.
    """
    wanted = {_key(each) for each in rejected if each.stage in _SOURCES}
    places = {
        (part.kind, item): (file, line)
        for part in sources
        for item, file, line in _rows(part)
        if (part.kind, item) in wanted
    }
    for each in rejected:
        file, line = places.get(_key(each)) or (None, None)
        yield TurnedAway(**each.model_dump(), file=file, line=line)


def _key(rejection: Rejection) -> tuple[str, str]:
    return _SOURCES.get(rejection.stage, ""), rejection.item


def _rows(sources: Artifact) -> Iterator[tuple[str, str, int | None]]:
    """Item, file and line of each source, without a record for every document there is."""
    for batch in resources().store.batches(sources, Source, _COLUMNS):
        yield from zip(*(batch.column(name).to_pylist() for name in _COLUMNS), strict=True)
