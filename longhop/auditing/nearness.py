"""Texts that are nearly the same among any number: bands of a sketch propose, shingles decide.

The sketch of a short text is its MinHash signature. That of a long one is a one-permutation
MinHash: the least shingle of each of 128 equal ranges, an empty range taking that of the next
(Shrivastava and Li, 2014); shingles are hashes already, so sorting them is nearly all the work. A
text of a length between is entered under both. What decides are the 512 least shingles, which are
all of a short text.
"""

from array import array
from contextlib import ExitStack

import numpy as np

from longhop.corpus.deduplicating.joining import KeyJoin, PairCount, pairs_of
from longhop.corpus.deduplicating.sketching import PERMUTATIONS, rows_of_band, signature_of
from longhop.corpus.shingles import Hashes
from longhop.scratch import scratch_file, scratch_told

_KEPT = 512
_COMMON = 64
_STEP = np.uint64(0xBF58476D1CE4E5B9)
_SPREAD = np.uint64(0x94D049BB133111EB)


class Nearness(ExitStack):
    """Sets of shingles that are entered one by one, and then found to be alike or not.

    Memory holds some 20 bytes for each; sketches and shingles lie in scratch files.
    """

    def __init__(self, threshold: float) -> None:
        super().__init__()
        self._threshold = threshold
        self._width = rows_of_band(threshold)
        self._bands = self.enter_context(KeyJoin())
        self._file = self.enter_context(scratch_file())
        self._ends = array("q", [0])
        self._sizes = array("q")
        self._groups = array("Q")

    def __len__(self) -> int:
        return len(self._sizes)

    def add(self, shingles: Hashes, group: int = 0) -> None:
        """Enter the next set, distinct and ascending; only those of one group are compared."""
        number = len(self)
        if len(shingles):
            keys = self._keys(shingles)
            self._bands.add(number, keys, asks=len(keys))
        least = shingles[:_KEPT]
        with scratch_told():
            self._file.write(least.tobytes())
        self._ends.append(self._ends[-1] + least.nbytes)
        self._sizes.append(len(shingles))
        self._groups.append(group)

    def first_alike(self) -> dict[int, int]:
        """Each set that is alike to one before it, directly or by others, with the first such."""
        roots: dict[int, int] = {}
        numbers = np.arange(len(self), dtype=np.int32)
        with PairCount() as pairs:
            for entries in self._bands.parts(numbers):
                one, other = pairs_of(entries, most=_COMMON)
                pairs.add(np.minimum(one, other), np.maximum(one, other))
            for part, _ in pairs.parts():
                for one, other in part.tolist():
                    if self._groups[one] != self._groups[other]:
                        continue
                    if self._alike(one, other) >= self._threshold:
                        _join(roots, one, other)
        return {each: _root(roots, each) for each in sorted(roots)}

    def _alike(self, one: int, other: int) -> float:
        """The Jaccard similarity; of large sets an estimate from their least shingles."""
        first, second = self._least(one), self._least(other)
        shared = np.intersect1d(first, second, assume_unique=True)
        if max(self._sizes[one], self._sizes[other]) <= _KEPT:
            return len(shared) / max(1, len(first) + len(second) - len(shared))
        both = np.union1d(first, second)[:_KEPT]
        return int((shared <= both[-1]).sum()) / len(both)

    def _keys(self, shingles: Hashes) -> Hashes:
        """A key for each band of the one sketch or the other, or of both."""
        found = []
        if len(shingles) * self._threshold <= _KEPT:
            found.append(_bands(signature_of(shingles).astype(np.uint64), self._width, 0))
        if len(shingles) >= _KEPT * self._threshold:
            found.append(_bands(_least_of_ranges(shingles), self._width, 1 << 32))
        return np.concatenate(found)

    def _least(self, number: int) -> Hashes:
        start, end = self._ends[number], self._ends[number + 1]
        with scratch_told():
            self._file.seek(start)
            return np.frombuffer(self._file.read(end - start), np.uint64)


def _least_of_ranges(shingles: Hashes) -> Hashes:
    bounds = np.searchsorted(shingles, np.arange(PERMUTATIONS, dtype=np.uint64) << np.uint64(57))
    filled = np.flatnonzero(np.diff(np.append(bounds, len(shingles))))
    taken = filled[np.searchsorted(filled, np.arange(PERMUTATIONS)) % len(filled)]
    away = (taken - np.arange(PERMUTATIONS)) % PERMUTATIONS
    least: Hashes = shingles[bounds[taken]] + away.astype(np.uint64) * _STEP
    return least


def _bands(values: Hashes, width: int, first: int) -> Hashes:
    """The hash of each run of `width` values of a sketch, with its number from `first`."""
    count = len(values) // width
    keys = np.arange(first, first + count, dtype=np.uint64)
    for each in values[: count * width].reshape(count, width).T:
        keys = keys * _STEP + each
        keys ^= keys >> np.uint64(31)
        keys *= _SPREAD
    return keys


def _root(roots: dict[int, int], number: int) -> int:
    while (above := roots.get(number, number)) != number:
        number = above
    return number


def _join(roots: dict[int, int], one: int, other: int) -> None:
    first, second = _root(roots, one), _root(roots, other)
    if first != second:
        roots[max(first, second)] = min(first, second)
