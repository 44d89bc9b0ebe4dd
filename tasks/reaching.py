"""How far documents reach into a version: the rows that rest on them, and those that hold them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from longhop.records.artifacts import Artifact, parts_of
from longhop.records.base import Record
from longhop.records.corpus import Chunk, Document, Membership
from longhop.records.examples import ComposedContext, Role
from longhop.records.manifest import Manifest
from longhop.records.pairs import Pair
from longhop.records.questions import HopGroup
from longhop.records.seeds import ROWS, Origin
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.storage.spools import KeySet

R = TypeVar("R", bound=Record)

# The artifacts of a version whose records are each of one document, and the field that names it.
OF_DOCUMENTS: dict[str, str] = {
    "memberships": "document_id",
    "sketches": "document_id",
    "placements": "document_id",
    "draws": "document_id",
    "origins": "document_id",
    "siblings": "document_id",
    "chunks": "document_id",
    "written_chunks": "document_id",
    "documents": "id",
    "written": "id",
}


@dataclass(frozen=True)
class Reach:
    """What a version has of documents.

    `documents` are those that were named and those that a model wrote for rows which rest on them;
    `rests` are the rows that rest on them, `holds` the others in whose contexts they are. `groups`
    and `chunks` are theirs; `low` are the rows which the judge turned away. `there` says which of
    those named the version has at all, `twins` which documents count as one with them and stay.
    """

    version: str
    documents: frozenset[str]
    there: frozenset[str]
    twins: tuple[str, ...]
    rests: tuple[str, ...]
    holds: tuple[str, ...]
    groups: frozenset[str]
    chunks: frozenset[str]
    low: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """The ids of all that is theirs."""
        return self.documents | self.groups | self.chunks | self.low | frozenset(self.rests)


def reach_of(manifest: Manifest, named: frozenset[str]) -> Reach:
    """How far documents reach into a version.

    A row rests on a document if one of its hops does, or if it was worded from hops that did and a
    document was written for it since. What a model wrote for a row that was turned away later
    counts as theirs too, since nothing says what it tells.
    """
    made = manifest.artifacts
    groups = frozenset(
        each.id
        for each in _read(parts_of(made, "groups"), HopGroup)
        if not named.isdisjoint(hop.document_id for hop in each.hops)
    )

    def rests_on(row: MultiHop) -> bool:
        return row.group_id in groups or not named.isdisjoint(h.document_id for h in row.hops)

    rests = {each.id for each in _read(parts_of(made, "rows"), MultiHop) if rests_on(each)}
    low = {each.id for each in _read(parts_of(made, "low"), MultiHop) if rests_on(each)}
    documents = named | _written_for(made, rests) if groups else named
    rests |= {each.id for each in _read(parts_of(made, "pairs"), Pair) if each.document_id in named}
    holds = tuple(
        each.row_id
        for each in _read(parts_of(made, "contexts"), ComposedContext)
        if each.row_id not in rests
        and any(
            part.document_id in documents and part.role is not Role.SUPPORTING
            for part in each.segments
        )
    )
    members = parts_of(made, "memberships")
    kin = {each.group for each in _read(members, Membership) if each.document_id in named}
    return Reach(
        version=manifest.version,
        documents=frozenset(documents),
        there=named.intersection(there_of(manifest)),
        twins=tuple(
            sorted(
                each.document_id
                for each in _read(members, Membership)
                if each.group in kin and each.document_id not in named
            )
        ),
        rests=tuple(sorted(rests)),
        holds=holds,
        groups=groups,
        chunks=frozenset(
            each.id
            for name in ("chunks", "written_chunks")
            for each in _read(parts_of(made, name), Chunk)
            if each.document_id in documents
        ),
        low=frozenset(low),
    )


def _written_for(made: dict[str, Artifact], rests: set[str]) -> frozenset[str]:
    """The documents that were written for rows which rest on others, or that are no more."""
    rows = (each.id for each in _read(parts_of(made, "rows"), MultiHop) if each.id not in rests)
    stay = KeySet(rows)
    return frozenset(
        each.document_id
        for each in _read(parts_of(made, "origins"), Origin)
        if each.task == ROWS and each.seed_id not in stay
    )


def there_of(manifest: Manifest) -> Iterator[str]:
    """Every document that a version read or wrote."""
    made = manifest.artifacts
    for part in parts_of(made, "memberships"):
        yield from (each.document_id for each in _read([part], Membership))
    for part in parts_of(made, "written"):
        yield from (each.id for each in _read([part], Document))


def _read(parts: Iterable[Artifact], kind: type[R]) -> Iterator[R]:
    store = resources().store
    return (each for part in parts for each in store.iterate(part, kind))
