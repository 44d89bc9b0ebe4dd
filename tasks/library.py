"""The documents that contexts are made of: the corpus's in memory, written ones in a file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from longhop.contexts.library import Library
from longhop.records.artifacts import Artifact
from longhop.records.base import Record
from longhop.records.corpus import Document, Membership, Placement
from longhop.records.seeds import Origin
from longhop.resources import resources
from longhop.storage.spools import Lookup

R = TypeVar("R", bound=Record)

# So many records of a file are kept at hand: what one row needs is asked for several times.
_AT_HAND = 256


@contextmanager
def open_library(
    documents: list[Artifact],
    memberships: list[Artifact],
    placements: Artifact | None,
    origins: list[Artifact],
    dataset: str,
) -> Iterator[Library]:
    """The documents that contexts are made of; without `placements` they are in no clusters.

    Those without a membership were written, and lie in a scratch file, as their origins do.
    """
    store = resources().store
    placed = store.iterate(placements, Placement) if placements else ()
    known = {
        each.document_id: each for part in memberships for each in store.iterate(part, Membership)
    }
    with Filed(Document, "id", keep=known) as shelved, Filed(Origin, "document_id") as filed:
        for part in documents:
            for document in store.iterate(part, Document):
                shelved.add(document)
        for part in origins:
            for origin in store.iterate(part, Origin):
                filed.add(origin)
        yield Library(
            documents=shelved,
            memberships=known,
            clusters={each.document_id: each.cluster for each in placed},
            origins=filed,
            dataset=dataset,
        )


class Filed(Mapping[str, R], Generic[R]):
    """Records by a field of theirs: those named in `keep` in memory, all others in a scratch file.

    All are added before the first is looked for.
    """

    def __init__(self, kind: type[R], field: str, keep: Mapping[str, object] | None = None) -> None:
        self._field = field
        self._keep = keep or {}
        self._kept: dict[str, R] = {}
        self._file = Lookup(kind, self._name)
        self._hand: dict[str, R] = {}

    def __enter__(self) -> Self:
        self._file.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._file.__exit__(None, None, None)

    def add(self, record: R) -> None:
        """Take one record."""
        name = self._name(record)
        if name in self._keep:
            self._kept[name] = record
        else:
            self._file.add(record)

    def __getitem__(self, name: str) -> R:
        found = self._kept.get(name) or self._hand.get(name)
        if found is None:
            found = self._file.take([name])[name]
            if len(self._hand) >= _AT_HAND:
                del self._hand[next(iter(self._hand))]
            self._hand[name] = found
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self._kept
        yield from map(self._name, self._file)

    def __len__(self) -> int:
        return len(self._kept) + len(self._file)

    def _name(self, record: R) -> str:
        name: str = getattr(record, self._field)
        return name


@dataclass(frozen=True)
class Told(Mapping[str, str]):
    """What each document says in one of its fields, such as its licence."""

    documents: Mapping[str, Document]
    field: str

    def __getitem__(self, name: str) -> str:
        told: str = getattr(self.documents[name], self.field)
        return told

    def __iter__(self) -> Iterator[str]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.documents)
