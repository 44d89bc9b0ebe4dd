"""What was turned away, with the file and line that it stood in: read beside the documents."""

from collections.abc import Iterable, Iterator

from longhop.records.accounts import Rejection, TurnedAway
from longhop.records.artifacts import Artifact
from longhop.records.corpus import Source
from longhop.resources import resources

# The stages whose rejections stood in the corpus, and the kind of artifact that tells where.
_SOURCES = {
    "read": "rejected_sources",
    **dict.fromkeys(("clean", "decontaminate", "deduplicate"), "sources"),
}
_COLUMNS = ("item", "file", "line")


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
