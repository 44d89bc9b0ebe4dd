"""Which documents share a key: joined on disk, a part of the keys at a time."""

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from longhop.corpus.shingles import Hashes
from longhop.scratch import scratch_file, scratch_told

Indices = NDArray[np.int32]
Pairs = NDArray[np.int64]
Counts = NDArray[np.int64]

_PARTS = 64
_WAITING = 500_000
_ENTRY = np.dtype([("key", "<u8"), ("document", "<i4"), ("asks", "?")])


class KeyJoin(ExitStack):
    """Entries of (key, document), collected in any order and given back run by run of one key.

    Memory holds a part of the entries; the rest lies in files without names in the machine's
    folder for temporary ones. An entry that asks wants to know who else has its key.
    """

    def __init__(self) -> None:
        super().__init__()
        self._files = [self.enter_context(scratch_file()) for _ in range(_PARTS)]
        self._waiting: list[NDArray[np.void]] = []
        self._count = 0

    def add(self, document: int, keys: Hashes, asks: int) -> None:
        """Enter a document under its keys; the first `asks` of them ask."""
        entries = np.empty(len(keys), _ENTRY)
        entries["key"], entries["document"] = keys, document
        entries["asks"] = np.arange(len(keys)) < asks
        self._waiting.append(entries)
        self._count += len(keys)
        if self._count >= _WAITING:
            self._spill()

    def parts(self, numbers: Indices) -> Iterator[NDArray[np.void]]:
        """The entries, those of one key beside each other, by the documents' numbers.

        `numbers` has the number of each document that was entered; one below zero leaves it out.
        """
        self._spill()
        for file in self._files:
            file.seek(0)
            entries = np.frombuffer(bytearray(file.read()), _ENTRY)
            entries["document"] = numbers[entries["document"]]
            entries = entries[entries["document"] >= 0]
            yield entries[np.lexsort((entries["document"], entries["key"]))]

    def _spill(self) -> None:
        if not self._waiting:
            return
        entries = np.concatenate(self._waiting)
        part = (entries["key"] >> np.uint64(58)).astype(np.int64)
        order = np.argsort(part, kind="stable")
        bounds = np.searchsorted(part[order], np.arange(_PARTS + 1))
        with scratch_told():
            for at, file in enumerate(self._files):
                if bounds[at] < bounds[at + 1]:
                    file.write(entries[order[bounds[at] : bounds[at + 1]]].tobytes())
        self._waiting, self._count = [], 0


class PairCount(ExitStack):
    """Pairs of numbers, collected in any order and given back each once, with how often it came.

    Memory holds a part of them; the rest lies on disk.
    """

    def __init__(self) -> None:
        super().__init__()
        self._files = [self.enter_context(scratch_file()) for _ in range(_PARTS)]

    def add(self, one: Indices, other: Indices) -> None:
        """Take pairs, each as (one, other)."""
        part = one % _PARTS
        with scratch_told():
            for at in np.unique(part):
                chosen = part == at
                pairs = np.stack([one[chosen], other[chosen]], axis=1).astype("<i4")
                self._files[at].write(pairs.tobytes())

    def parts(self) -> Iterator[tuple[Pairs, Counts]]:
        """The pairs, sorted within a part, and how often each came."""
        for file in self._files:
            file.seek(0)
            pairs = np.frombuffer(file.read(), "<i4").reshape(-1, 2).astype(np.int64)
            coded, counts = np.unique((pairs[:, 0] << 32) | pairs[:, 1], return_counts=True)
            yield np.stack([coded >> 32, coded & 0xFFFFFFFF], axis=1), counts


def pairs_of(entries: NDArray[np.void], *, most: int) -> tuple[Indices, Indices]:
    """Who asks and who has the key too, for all entries that ask.

    In a run of more than `most` documents an entry is paired with the first and with the one
    before it alone, so that a key that everybody has costs no more than its length.
    """
    keys, documents = entries["key"], entries["document"]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, int)
    lengths = np.diff(np.r_[starts, len(keys)])
    start_of, length_of = np.repeat(starts, lengths), np.repeat(lengths, lengths)
    asking = np.flatnonzero(entries["asks"] & (length_of > 1))
    short = length_of[asking] <= most
    near, far = asking[short], asking[~short]
    counts = length_of[near]
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    mine = np.r_[np.repeat(near, counts), far, far]
    other = np.r_[
        np.repeat(start_of[near], counts) + offsets,
        start_of[far],
        np.maximum(far - 1, start_of[far]),
    ]
    apart = documents[mine] != documents[other]
    return documents[mine][apart], documents[other][apart]
