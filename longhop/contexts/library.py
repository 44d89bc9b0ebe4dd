"""The documents that contexts are made of, and which of them may stand beside a row."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from longhop.contexts.kinship import Kinship
from longhop.contexts.ordering import Keys, ascending, keys_of, mixed
from longhop.contexts.retrieving import WordIndex
from longhop.contexts.rivals import Rivals, bare_words
from longhop.contexts.siblings import Siblings
from longhop.records.corpus import Document, Membership, Split
from longhop.records.examples import Layout, Role
from longhop.records.seeds import Origin
from longhop.records.verification import MultiHop

# So many documents' words are kept; the oldest are read again when they are wanted again.
_KEPT = 20_000


@dataclass(frozen=True)
class Shelf:
    """The documents of one split and language, by id."""

    ids: Sequence[str]
    texts: Sequence[str]
    clusters: NDArray[np.int64]

    @cached_property
    def keys(self) -> Keys:
        """The hash of each document's id."""
        return keys_of(self.ids)

    @cached_property
    def members(self) -> dict[int, NDArray[np.int64]]:
        """The places of each cluster's documents, in rising order."""
        order = np.argsort(self.clusters, kind="stable")
        names, counts = np.unique(self.clusters, return_counts=True)
        parts = np.split(order, np.cumsum(counts))[: len(names)]
        return dict(zip(names.tolist(), parts, strict=True))

    @cached_property
    def index(self) -> WordIndex:
        """Their words, when first asked."""
        return WordIndex(self.texts)


@dataclass
class Library:
    """Documents with their splits, groups and clusters, and what written ones were written for.

    Of the written ones `origins` says so; `dataset` decides whose siblings they are.
    """

    documents: Mapping[str, Document]
    memberships: Mapping[str, Membership]
    clusters: Mapping[str, int]
    origins: Mapping[str, Origin] = field(default_factory=dict)
    dataset: str = ""
    _shelves: dict[tuple[Split, str], Shelf] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shelves: dict[tuple[Split, str], list[str]] = defaultdict(list)
        for each in sorted(self.memberships):
            if each in self.documents and self.documents[each].text:
                split = self.memberships[each].split
                shelves[split, self.documents[each].language].append(each)
        self._shelves = {
            place: Shelf(
                ids,
                [self.documents[each].text for each in ids],
                np.array([self.clusters.get(each, -1) for each in ids], np.int64),
            )
            for place, ids in shelves.items()
        }

    def distractors(self, row: MultiHop, layout: Layout) -> Iterator[tuple[str, Role]]:
        """Documents for a row's context, in turn from the tiers of its layout.

        They come from the row's split and language; a tier that has no more leaves its share to the
        others. One is passed over if it is supporting, is of a supporting document's near-duplicate
        group, says for the most part the same, or states the answer of a hop together with what
        that hop is about: it would be evidence, and no distractor.
        """
        shelf = self._shelves.get((row.split, row.language), _EMPTY)
        supporting = {hop.document_id for hop in row.hops}
        groups = {self.memberships[it].group for it in supporting if it in self.memberships}
        rivals, kin = Rivals(row), self._kin.of(supporting)
        seen = set(supporting)
        for each, role in _in_turn(self._tiers(row, layout, shelf, supporting)):
            if each in seen:
                continue
            seen.add(each)
            membership = self.memberships.get(each)
            if membership is not None and membership.group in groups:
                continue
            if rivals.has(self._bare(each)) or kin.has(each):
                continue
            yield each, role

    def _tiers(
        self, row: MultiHop, layout: Layout, shelf: Shelf, supporting: set[str]
    ) -> list[tuple[float, Role, Iterator[str]]]:
        """The share, the role and the documents of each tier, in the order in which ties fall."""
        keys = mixed(shelf.keys, "distractor", row.id)
        own = {self.clusters.get(it, -2) for it in supporting}
        rest = 1 - layout.same_cluster_share - layout.retrieved_share - layout.synthetic_share
        ids = shelf.ids
        nearest = shelf.index.nearest(row) if layout.retrieved_share else iter(())
        return [
            (layout.retrieved_share, Role.RETRIEVED, (ids[at] for at in nearest)),
            (layout.synthetic_share, Role.SYNTHETIC, self._written_beside(row)),
            (layout.same_cluster_share, Role.SAME_CLUSTER, _within(shelf, keys, own)),
            (rest, Role.RANDOM, _beyond(shelf, keys, own)),
        ]

    def split_of(self, document_id: str) -> Split | None:
        """The split of a document; None where nothing says so."""
        known = self.memberships.get(document_id) or self.origins.get(document_id)
        return known.split if known else None

    def is_anchored(self, row: MultiHop) -> bool:
        """Whether a row has to say which document it is about."""
        origin = self._origin_of(row)
        return origin is not None and origin.anchored

    def _written_beside(self, row: MultiHop) -> Iterator[str]:
        """The documents that were written for other pairs of the row's task."""
        origin = self._origin_of(row)
        if origin is not None:
            yield from self._siblings.of(origin)

    def _origin_of(self, row: MultiHop) -> Origin | None:
        return self.origins.get(row.hops[0].document_id)

    @cached_property
    def _kin(self) -> Kinship:
        return Kinship(self.documents)

    @cached_property
    def _siblings(self) -> Siblings:
        return Siblings(self.origins.values(), self.dataset)

    def _bare(self, each: str) -> str:
        words = self._words.get(each)
        if words is None:
            if len(self._words) >= _KEPT:
                del self._words[next(iter(self._words))]
            words = self._words[each] = bare_words(self.documents[each])
        return words


_EMPTY = Shelf((), (), np.zeros(0, np.int64))


def _within(shelf: Shelf, keys: Keys, clusters: Collection[int]) -> Iterator[str]:
    """The documents of some clusters in the order of their keys, found when the first is wanted."""
    found = [shelf.members[each] for each in sorted(clusters) if each in shelf.members]
    if found:
        places = np.sort(np.concatenate(found))
        yield from (shelf.ids[int(places[at])] for at in ascending(keys[places]))


def _beyond(shelf: Shelf, keys: Keys, clusters: Collection[int]) -> Iterator[str]:
    """The documents of all other clusters in the order of their keys."""
    for at in ascending(keys):
        if int(shelf.clusters[at]) not in clusters:
            yield shelf.ids[at]


def _in_turn(
    tiers: Sequence[tuple[float, Role, Iterator[str]]],
) -> Iterator[tuple[str, Role]]:
    """From the tier that is furthest behind its share, as long as one has any."""
    taken = [0] * len(tiers)
    open_ = list(range(len(tiers)))
    while open_:
        due = sum(taken) + 1
        behind = [
            round(share * due - number, 9) for (share, *_), number in zip(tiers, taken, strict=True)
        ]
        at = max(open_, key=lambda each: (tiers[each][0] > 0, behind[each], -each))
        _, role, documents = tiers[at]
        found = next(documents, None)
        if found is None:
            open_.remove(at)
            continue
        taken[at] += 1
        yield found, role
