"""Documents that are the same, nearly the same, or wholly inside another.

Sketches propose pairs, the documents' own shingles decide. Memory holds some three hundred bytes a
document; texts pass through it one at a time.
"""

import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from longhop.corpus.deduplicating.joining import Indices, KeyJoin, pairs_of
from longhop.corpus.deduplicating.sketching import anchors_of
from longhop.corpus.shingles import Hashes, shingle_hashes
from longhop.corpus.splitting import choose_split
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document, Membership, Sketch
from longhop.spec.sections import Deduplication, Splits

# Anchors that a document asks with: it is compared with those that have half of them too.
_ASKS = 16
# A band or an anchor that more documents share than this is common: not all their pairs are tried.
_COMMON = 64

Pairs = NDArray[np.int64]


class Twin(NamedTuple):
    """The document that another one counts as, and why."""

    reason: Reason
    other: int
    share: float


@dataclass(frozen=True)
class _Shelf:
    """What is known of every document. Its number is its rank: the lower of two is kept.

    `entered` has the number that each document got in the order it came, or -1 where the words of
    a better one are the same.
    """

    ids: list[str]
    shingles: NDArray[np.int64]
    entered: Indices
    same: dict[int, int]


def group_documents(
    sketches: Iterable[Sketch],
    documents: Callable[[], Iterable[Document]],
    plan: Deduplication,
    splits: Splits,
    *,
    dataset: str,
    incumbents: Mapping[str, Membership],
    order: Callable[[str], Any],
) -> Iterator[tuple[Membership, Rejection | None]]:
    """Every document with its near-duplicate group and split, and why it is turned away.

    They come in the order of what `order` makes of their ids.

    Of two documents that count as one the incumbent of the base is kept, else the one with more
    shingles. A group that holds an incumbent keeps the incumbent's split; a new document that would
    join groups of different splits is turned away, so that nothing crosses over nights.
    The result does not depend on the order of the documents.
    """
    standing = frozenset(each for each, earlier in incumbents.items() if earlier.kept)
    with KeyJoin() as bands, KeyJoin() as anchors:
        shelf = _shelve(sketches, standing, bands, anchors)
        proposed = np.unique(np.r_[_alike(bands, shelf), _inside(anchors, shelf)], axis=0)
    twins, links = _compare(shelf, proposed, documents, plan)
    for worse, better in shelf.same.items():
        twins[worse] = Twin(Reason.EXACT_DUPLICATE, better, 1)
        links.append((worse, better))
    rejections = {
        shelf.ids[worse]: _turned_away(shelf, worse, twin)
        for worse, twin in twins.items()
        if shelf.ids[worse] not in standing
    }
    names: dict[str, Membership] = {}
    for ids in _connected(shelf, links):
        earlier = [incumbents[each] for each in ids if each in incumbents]
        rejections |= _between_splits(ids, earlier)
        if earlier or len(ids) > 1:
            names |= dict.fromkeys(ids, _first(ids, earlier, splits, dataset))
    for each in sorted(shelf.ids, key=order):
        named = incumbents.get(each) or names.get(each) or _first([each], [], splits, dataset)
        kept = each not in rejections
        yield named.model_copy(update={"document_id": each, "kept": kept}), rejections.get(each)


def _shelve(
    sketches: Iterable[Sketch], standing: frozenset[str], bands: KeyJoin, anchors: KeyJoin
) -> _Shelf:
    """Rank the documents: incumbents first, then those of most shingles, ties by content and id.

    A new document is never inside another of a lower rank: of a pair the lower is turned away.
    """
    ids: list[str] = []
    words = bytearray()
    shingles, characters = array("q"), array("q")
    for at, each in enumerate(sketches):
        ids.append(each.document_id)
        words += bytes.fromhex(each.words)
        shingles.append(each.shingles)
        characters.append(each.characters)
        bands.add(at, np.array(each.bands, np.int64).view(np.uint64), asks=len(each.bands))
        keys = anchors_of(each).astype(np.uint64) << np.uint64(32)
        anchors.add(at, keys, asks=_ASKS)
    hashed = np.frombuffer(bytes(words), ">u8").reshape(-1, 2)
    new = np.fromiter((each not in standing for each in ids), bool, len(ids))
    by_id = np.empty(len(ids), np.int64)
    by_id[np.argsort(np.array(ids, object), kind="stable")] = np.arange(len(ids))
    size = -np.array([shingles, characters], np.int64)
    order = np.lexsort((by_id, hashed[:, 1], hashed[:, 0], size[1], size[0], new))
    entered = np.empty(len(ids), np.int32)
    entered[order] = np.arange(len(ids), dtype=np.int32)
    same = _same_words(hashed[order])
    entered[np.isin(entered, np.fromiter(same, np.int32, len(same)))] = -1
    return _Shelf([ids[at] for at in order], -size[0][order], entered, same)


def _same_words(hashed: NDArray[np.uint64]) -> dict[int, int]:
    """Each document whose words are those of a better one, with the best of those."""
    _, first, which = np.unique(hashed, axis=0, return_index=True, return_inverse=True)
    best = first[which.reshape(-1)]
    worse = np.flatnonzero(best != np.arange(len(hashed)))
    return dict(zip(worse.tolist(), best[worse].tolist(), strict=True))


def _alike(bands: KeyJoin, shelf: _Shelf) -> Pairs:
    """The pairs (better, worse) that share a band."""
    found = [np.empty((0, 2), np.int64)]
    for entries in bands.parts(shelf.entered):
        one, other = pairs_of(entries, most=_COMMON)
        pairs = np.stack([np.minimum(one, other), np.maximum(one, other)], axis=1)
        found.append(np.unique(pairs.astype(np.int64), axis=0))
    return np.unique(np.concatenate(found), axis=0)


def _inside(anchors: KeyJoin, shelf: _Shelf) -> Pairs:
    """The pairs (better, worse) of which the smaller one has half its uncommon anchors in both."""
    found, asked = [], np.zeros(len(shelf.ids), np.int64)
    for entries in anchors.parts(shelf.entered):
        _, runs = np.unique(entries["key"], return_counts=True)
        few = np.repeat(runs, runs) <= _COMMON
        np.add.at(asked, entries["document"][entries["asks"] & few], 1)
        mine, other = pairs_of(entries, most=_COMMON)
        smaller = shelf.shingles[mine] <= shelf.shingles[other]
        found.append(np.stack([mine[smaller], other[smaller]], axis=1).astype(np.int64))
    pairs, votes = np.unique(np.concatenate(found), axis=0, return_counts=True)
    pairs = pairs[2 * votes >= asked[pairs[:, 0]]]
    return np.sort(pairs, axis=1)


def _compare(
    shelf: _Shelf, proposed: Pairs, documents: Callable[[], Iterable[Document]], plan: Deduplication
) -> tuple[dict[int, Twin], list[tuple[int, int]]]:
    """The proposed pairs that count as one, by all of their shingles; the best twin of each."""
    twins: dict[int, Twin] = {}
    links: list[tuple[int, int]] = []
    with _Shingles(shelf, np.unique(proposed).tolist(), documents, plan.shingle) as known:
        for better, worse in proposed.tolist():
            ours, theirs = known[better], known[worse]
            both = len(np.intersect1d(ours, theirs, assume_unique=True))
            alike = both / (len(ours) + len(theirs) - both)
            if alike >= plan.jaccard:
                links.append((better, worse))
                twins.setdefault(worse, Twin(Reason.NEAR_DUPLICATE, better, alike))
                continue
            outer, inner = (better, worse) if len(ours) >= len(theirs) else (worse, better)
            share = both / min(len(ours), len(theirs))
            if share >= plan.containment:
                links.append((better, worse))
                twins.setdefault(inner, Twin(Reason.CONTAINED, outer, share))
    return twins, links


class _Shingles:
    """The shingles of some documents, on disk: they may be more than the texts."""

    def __init__(
        self,
        shelf: _Shelf,
        numbers: Sequence[int],
        documents: Callable[[], Iterable[Document]],
        width: int,
    ) -> None:
        self._wanted = {shelf.ids[each]: each for each in numbers}
        self._documents = documents
        self._width = width
        self._places: dict[int, tuple[int, int]] = {}

    def __enter__(self) -> "_Shingles":
        self._file = tempfile.TemporaryFile(prefix="longhop-")
        start = 0
        for document in self._documents() if self._wanted else ():
            number = self._wanted.get(document.id)
            if number is not None:
                hashes = shingle_hashes(document.text, self._width)
                self._file.write(hashes.tobytes())
                self._places[number] = (start, len(hashes))
                start += hashes.nbytes
        return self

    def __getitem__(self, number: int) -> Hashes:
        start, count = self._places[number]
        self._file.seek(start)
        return np.frombuffer(self._file.read(8 * count), np.uint64)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def _connected(shelf: _Shelf, links: Sequence[tuple[int, int]]) -> Iterator[list[str]]:
    """The ids of all groups that are linked, and of single documents, sorted within a group."""
    ends = np.array(links, np.int64).reshape(-1, 2)
    count = len(shelf.ids)
    graph = coo_array((np.ones(len(ends), bool), (ends[:, 0], ends[:, 1])), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    order = np.argsort(labels, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if len(members):
            yield sorted(shelf.ids[each] for each in members)


def _first(
    ids: Sequence[str], earlier: Sequence[Membership], splits: Splits, dataset: str
) -> Membership:
    """The group and split of linked documents: their incumbent's, else their smallest id's."""
    if earlier:
        return earlier[0]
    split = choose_split(ids[0], splits, dataset)
    return Membership(document_id=ids[0], group=ids[0], split=split, kept=True)


def _between_splits(ids: Sequence[str], earlier: Sequence[Membership]) -> dict[str, Rejection]:
    """New documents that overlap with incumbents of several splits: they can be of none."""
    if len({each.split for each in earlier}) < 2:
        return {}
    known = {each.document_id for each in earlier}
    names = ", ".join(f"{each.document_id} ({each.split})" for each in earlier[:3])
    detail = f"overlaps with documents of several splits: {names}"
    return {
        each: Rejection(stage="deduplicate", item=each, reason=Reason.NEAR_DUPLICATE, detail=detail)
        for each in ids
        if each not in known
    }


def _turned_away(shelf: _Shelf, worse: int, twin: Twin) -> Rejection:
    other = shelf.ids[twin.other]
    detail = f"of {other}" if twin.share == 1 else f"{twin.share:.2f} of {other}"
    return Rejection(stage="deduplicate", item=shelf.ids[worse], reason=twin.reason, detail=detail)
