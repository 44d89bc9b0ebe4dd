"""Which documents may count as one: those that share a band, or most of their anchors."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from longhop.corpus.deduplicating.joining import Indices, KeyJoin, PairCount, Pairs, pairs_of
from longhop.corpus.deduplicating.sketching import anchors_of
from longhop.records.corpus import Sketch

# Anchors that a document asks with: it is compared with those that have half of them too.
_ASKS = 16
# A key that more documents share than this is common: not all their pairs are tried.
_COMMON_BAND, _COMMON_ANCHOR = 64, 16


@dataclass(frozen=True)
class Shelf:
    """What is known of every document. Its number is its rank: the lower of two is kept.

    `entered` has the number of each document in the order they came, or -1 where the words of a
    better one are the same; `same` has the best of those by number. `standing` are the ids of the
    incumbents that read as they did.
    """

    ids: list[str]
    shingles: NDArray[np.int64]
    entered: Indices
    same: dict[int, int]
    standing: frozenset[str]


def propose(
    sketches: Iterable[Sketch], incumbents: Mapping[str, str | None]
) -> tuple[Shelf, Pairs]:
    """The documents by rank, and the pairs (better, worse) of numbers that are to be compared.

    `incumbents` has the words that each of them had when it was kept, where that is known.
    """
    with KeyJoin() as bands, KeyJoin() as anchors:
        shelf = _shelve(sketches, incumbents, bands, anchors)
        return shelf, np.unique(np.r_[_alike(bands, shelf), _inside(anchors, shelf)], axis=0)


def _shelve(
    sketches: Iterable[Sketch],
    incumbents: Mapping[str, str | None],
    bands: KeyJoin,
    anchors: KeyJoin,
) -> Shelf:
    """Rank the documents: incumbents, then those of most shingles, the best described, by content.

    A new document is never inside another of a lower rank: of a pair the lower is turned away.
    """
    ids: list[str] = []
    words = bytearray()
    new, sizes = bytearray(), array("q")
    for at, each in enumerate(sketches):
        ids.append(each.document_id)
        words += bytes.fromhex(each.words)
        stands = each.document_id in incumbents
        new.append(not stands or incumbents[each.document_id] not in (None, each.words))
        sizes.extend((-each.shingles, -each.described, -each.characters))
        bands.add(at, np.array(each.bands, np.int64).view(np.uint64), asks=len(each.bands))
        keys = anchors_of(each).astype(np.uint64) << np.uint64(32)
        anchors.add(at, keys, asks=_ASKS)
    hashed = np.frombuffer(bytes(words), ">u8").reshape(-1, 2)
    by_id = np.empty(len(ids), np.int64)
    by_id[np.argsort(np.array(ids, object), kind="stable")] = np.arange(len(ids))
    size = np.array(sizes, np.int64).reshape(-1, 3)
    fresh = np.frombuffer(bytes(new), np.uint8)
    keys_of_rank = (by_id, hashed[:, 1], hashed[:, 0], size[:, 2], size[:, 1], size[:, 0], fresh)
    order = np.lexsort(keys_of_rank)
    entered = np.empty(len(ids), np.int32)
    entered[order] = np.arange(len(ids), dtype=np.int32)
    same = _same_words(hashed[order])
    entered[np.isin(entered, np.fromiter(same, np.int32, len(same)))] = -1
    standing = frozenset(each for each, is_new in zip(ids, new, strict=True) if not is_new)
    return Shelf([ids[at] for at in order], -size[order, 0], entered, same, standing)


def _same_words(hashed: NDArray[np.uint64]) -> dict[int, int]:
    """Each document whose words are those of a better one, with the best of those."""
    _, first, which = np.unique(hashed, axis=0, return_index=True, return_inverse=True)
    best = first[which.reshape(-1)]
    worse = np.flatnonzero(best != np.arange(len(hashed)))
    return dict(zip(worse.tolist(), best[worse].tolist(), strict=True))


def _alike(bands: KeyJoin, shelf: Shelf) -> Pairs:
    """The pairs that share a band."""
    found = [np.empty((0, 2), np.int64)]
    with PairCount() as count:
        for entries in bands.parts(shelf.entered):
            one, other = pairs_of(entries, most=_COMMON_BAND)
            count.add(np.minimum(one, other), np.maximum(one, other))
        found += [pairs for pairs, _ in count.parts()]
    return np.concatenate(found)


def _inside(anchors: KeyJoin, shelf: Shelf) -> Pairs:
    """The pairs of which the smaller one has half of its uncommon anchors in the other too."""
    found, asked = [np.empty((0, 2), np.int64)], np.zeros(len(shelf.ids), np.int64)
    with PairCount() as count:
        for entries in anchors.parts(shelf.entered):
            _, runs = np.unique(entries["key"], return_counts=True)
            few = np.repeat(runs, runs) <= _COMMON_ANCHOR
            np.add.at(asked, entries["document"][entries["asks"] & few], 1)
            mine, other = pairs_of(entries, most=_COMMON_ANCHOR)
            smaller = shelf.shingles[mine] <= shelf.shingles[other]
            count.add(mine[smaller], other[smaller])
        for pairs, votes in count.parts():
            found.append(pairs[2 * votes >= asked[pairs[:, 0]]])
    return np.sort(np.concatenate(found), axis=1)
