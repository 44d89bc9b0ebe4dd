"""What a version turned away, without a word of the documents that were taken down."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import TypeVar

import pyarrow.parquet as pq

from longhop.corpus.tracing import Traces
from longhop.identity import make_id
from longhop.publishing.drafting import Drafts
from longhop.records.accounts import Failure, Rejection, TurnedAway
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.base import Record
from longhop.records.contamination import Contamination
from longhop.records.corpus import Document
from longhop.records.manifest import Manifest
from longhop.records.takedowns import mark_of
from longhop.resources import resources
from longhop.storage.columns import from_rows
from tasks.reaching import Reach
from tasks.turned_away import by_stage, draft_records

R = TypeVar("R", bound=Record)

_BATCH = 256
_NAME = re.compile(r"[\w-]+")
# The stages whose rejections name other documents.
_NAMING = frozenset({"read", "deduplicate"})


def draft_without(base: Manifest, reach: Reach, rejected: Artifact, drafts: Drafts) -> None:
    """All that a version turned away, and the rows that were taken down of it.

    A line that is of the documents, or quotes one, keeps its stage and its reason, so that the
    counts stay true, and says nothing else.
    """
    blank = _Blank(base, reach)
    taken = resources().store.iterate(rejected, Rejection)
    lines = chain(
        map(blank.line, read_published(base, "rejected.parquet", TurnedAway)),
        (TurnedAway(**each.model_dump()) for each in taken),
    )
    with by_stage(lines, TurnedAway) as lost:
        draft_records(drafts, "rejected.parquet", TurnedAway, lost)
    failed = map(blank.failure, read_published(base, "failed.parquet", Failure))
    with by_stage(failed, Failure) as broken:
        draft_records(drafts, "failed.parquet", Failure, broken)
    met = map(blank.contamination, read_published(base, "contamination.parquet", Contamination))
    draft_records(drafts, "contamination.parquet", Contamination, met)


class _Blank:
    """Takes out of lines what is of documents."""

    def __init__(self, base: Manifest, reach: Reach) -> None:
        self._reach = reach
        self._names = reach.names
        self._made = reach.names - reach.documents
        # The id itself, and not a longer one or a word that it is a part of.
        self._named = [
            re.compile(rf"(?<![\w-]){re.escape(each)}(?![\w-])") for each in sorted(reach.documents)
        ]
        self._traces = traces_of(base, reach)

    def line(self, line: TurnedAway) -> TurnedAway:
        """A rejection, blank where it is theirs."""
        if not self._is_theirs(line.stage, line.item, line.detail, line.raw):
            return line
        gone = {"item": self._marked(line.item), "detail": "", "raw": "", "file": None}
        return line.model_copy(update={**gone, "line": None})

    def failure(self, line: Failure) -> Failure:
        """A failure, blank where it is theirs."""
        if not self._is_theirs(line.stage, line.item, line.detail, ""):
            return line
        return line.model_copy(update={"item": self._marked(line.item), "detail": ""})

    def contamination(self, line: Contamination) -> Contamination:
        """What held an item of a benchmark, by its mark where it is theirs."""
        return line.model_copy(update={"item": self._marked(line.item)})

    def _marked(self, item: str) -> str:
        return mark_of(item) if item in self._reach.documents else item

    def _is_theirs(self, stage: str, item: str, detail: str, raw: str) -> bool:
        if item in self._names or not self._made.isdisjoint(_NAME.findall(detail)):
            return True
        if stage in _NAMING and any(each.search(detail) for each in self._named):
            return True
        if raw and self._is_made_of_theirs(item, raw):
            return True
        return self._traces.are_in(raw) or self._traces.are_in(detail)

    def _is_made_of_theirs(self, item: str, question: str) -> bool:
        """Whether a question that was turned away is of their chunks, or of a group of theirs."""
        if item.startswith("q-"):
            return any(item == make_id("q", each, question) for each in self._reach.chunks)
        if item.startswith("m-"):
            return any(item == make_id("m", each, question) for each in self._reach.groups)
        return False


def traces_of(manifest: Manifest, reach: Reach) -> Traces:
    """How the documents are known in texts, among all of a version."""
    made, store = manifest.artifacts, resources().store
    parts = [*parts_of(made, "documents"), *parts_of(made, "written")]

    def texts(*, theirs: bool) -> Iterator[str]:
        for part in parts:
            for each in store.iterate(part, Document):
                if (each.id in reach.documents) is theirs:
                    yield f"{each.title}\n{each.text}"

    return Traces(texts(theirs=True), texts(theirs=False))


def read_published(manifest: Manifest, path: str, kind: type[R]) -> Iterator[R]:
    """The records of a file of a version, if it has it."""
    if all(each.path != path for each in manifest.files):
        return
    live = resources()
    folder = live.datasets.folder(manifest.name, manifest.version)
    with live.files.local_copy(f"{folder}/{path}") as copy, pq.ParquetFile(copy) as file:
        for batch in file.iter_batches(_BATCH):
            yield from from_rows(batch.to_pylist(), kind)
