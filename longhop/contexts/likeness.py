"""Seed pairs that are there twice: in the same words, or nearly so."""

import os
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
import xxhash

from longhop.corpus.shingles import Hashes, shingle_hashes
from longhop.matching import normalise
from longhop.records.accounts import Reason
from longhop.records.seeds import SeedPair
from longhop.scratch import scratch_file, scratch_told
from longhop.verification.answers import is_text
from longhop.verification.checks import Finding
from longhop.verification.checks.naming import names_in

# Pairs that share so many of their runs of words are one: four fifths.
_SHARED, _OF = 4, 5
_WIDTH, _WIDTH_OF_TEXTS = 2, 5
# What is short is found by two runs at once, since single ones are often common; what is long by
# one. In between it is found by either, so that two of whatever lengths meet.
_BY_ONE, _BY_TWO = 20, 25
_COUNTED = 1 << 20


class Likeness:
    """What seeds are compared by, in some 20 bytes each: hashes of their words and their group."""

    def __init__(self) -> None:
        self.words = array("Q")
        self.groups = array("Q")
        self._runs = np.zeros(_COUNTED, np.int64)

    def add(self, seed: SeedPair) -> None:
        """Take one seed."""
        words = normalise(seed.question), normalise(seed.answer)
        self.words.append(hash_of(seed.language, *words))
        self.groups.append(hash_of(*_group(seed)))
        self._runs[self._places(_runs(seed))] += 1

    def rarest_first(self, runs: Hashes) -> list[int]:
        """Runs of words, the rarest among all seeds first."""
        return [int(each) for each in runs[np.lexsort((runs, self._runs[self._places(runs)]))]]

    def _places(self, runs: Hashes) -> Hashes:
        return runs & np.uint64(_COUNTED - 1)


def find_twins(seeds: Iterable[SeedPair], likeness: Likeness) -> Iterator[Finding | None]:
    """Of each seed, why it is one that comes before it, if it is; `likeness` has taken them all.

    Questions that differ in a name or a number are two, and so are those with different short
    answers; long answers may differ in some words. What is turned away takes nobody with it.
    Only seeds that share a group with another are held, most of each on disk.
    """
    repeated, crowded = _repeated(likeness.words), _repeated(likeness.groups)
    known: dict[int, str] = {}
    with _Kept() as kept:
        for place, seed in enumerate(seeds):
            words, group = likeness.words[place], likeness.groups[place]
            if words in known:
                yield Reason.EXACT_DUPLICATE, f"of {known[words]}"
                continue
            if group in crowded:
                runs = _runs(seed)
                keys = list(_looked_up(likeness.rarest_first(runs), group))
                near = kept.nearest(keys, group, runs)
                if near is not None:
                    yield Reason.NEAR_DUPLICATE, f"of {near[0]} (alike by {near[1]:.2f})"
                    continue
                kept.add(keys, group, runs, seed.id)
            if words in repeated:
                known[words] = seed.id
            yield None


class _Kept:
    """Seeds that are no twins, found again by what a twin of theirs would share.

    Of two that are alike enough, one of the few rarest runs of either is shared, and two of a few
    more (prefix filtering): so none is missed. Their runs lie in a scratch file.
    """

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._groups = array("Q")
        self._ends = array("Q", [0])
        self._found = _Chains()

    def __enter__(self) -> "_Kept":
        self._file = scratch_file()
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, keys: Iterable[int], group: int, runs: Hashes, name: str) -> None:
        """Take one that stays."""
        for key in keys:
            self._found.add(key, len(self._ids))
        with scratch_told():
            self._file.write(runs.tobytes())
        self._ids.append(name)
        self._groups.append(group)
        self._ends.append(self._ends[-1] + len(runs))

    def nearest(self, keys: Iterable[int], group: int, runs: Hashes) -> tuple[str, float] | None:
        """The first that is alike enough, and how much it is."""
        for other in sorted({each for key in keys for each in self._found.under(key)}):
            if self._groups[other] != group:
                continue
            size = self._ends[other + 1] - self._ends[other]
            if _OF * min(size, len(runs)) < _SHARED * max(size, len(runs)):
                continue
            shared = len(np.intersect1d(runs, self._read(other), assume_unique=True))
            every = len(runs) + size - shared
            if _OF * shared >= _SHARED * every:
                return self._ids[other], shared / every
        return None

    def _read(self, place: int) -> Hashes:
        start, end = 8 * self._ends[place], 8 * self._ends[place + 1]
        with scratch_told():
            self._file.flush()
            return np.frombuffer(os.pread(self._file.fileno(), end - start, start), np.uint64)


class _Chains:
    """Numbers under 64-bit keys, in some 25 bytes for each of them."""

    def __init__(self) -> None:
        self._heads = array("q", [-1]) * 1024
        self._keys = array("Q")
        self._values = array("I")
        self._next = array("q")

    def add(self, key: int, value: int) -> None:
        """Put a number under a key."""
        if len(self._keys) == len(self._heads):
            self._heads = array("q", [-1]) * (2 * len(self._heads))
            for at, each in enumerate(self._keys):
                self._hang(at, each)
        self._keys.append(key)
        self._values.append(value)
        self._next.append(-1)
        self._hang(len(self._keys) - 1, key)

    def under(self, key: int) -> Iterator[int]:
        """The numbers under a key."""
        at = self._heads[key % len(self._heads)]
        while at >= 0:
            if self._keys[at] == key:
                yield self._values[at]
            at = self._next[at]

    def _hang(self, at: int, key: int) -> None:
        head = key % len(self._heads)
        self._next[at] = self._heads[head]
        self._heads[head] = at


def _looked_up(runs: Sequence[int], group: int) -> Iterator[int]:
    """The keys of which any two seeds share one that are alike enough."""
    size = len(runs)
    spare = size - -(-_SHARED * size // _OF)  # that a twin need not have
    if size == 1 or size > _BY_ONE:
        yield from (_mix(group, each) for each in runs[: spare + 1])
    if 1 < size <= _BY_TWO:
        yield from (_mix(group, *sorted(both)) for both in combinations(runs[: spare + 2], 2))


def _group(seed: SeedPair) -> tuple[object, ...]:
    """What two seeds have in common if they are near each other at all."""
    if is_text(seed.answer):
        return seed.language, normalise(seed.question)
    names = Counter(
        word for each in names_in(seed.question, seed.language) for word in normalise(each)
    )
    digits = Counter(word for word in normalise(seed.question) if word[0].isdigit())
    told = sorted(names.items()), sorted(digits.items())
    return seed.language, normalise(seed.answer), *told


def _runs(seed: SeedPair) -> Hashes:
    if is_text(seed.answer):
        return shingle_hashes(seed.answer, _WIDTH_OF_TEXTS)
    return shingle_hashes(seed.question, _WIDTH)


def _repeated(keys: Sequence[int]) -> frozenset[int]:
    found, counts = np.unique(np.asarray(keys, np.uint64), return_counts=True)
    return frozenset(found[counts > 1].tolist())


def hash_of(*parts: object) -> int:
    """64 bits of a hash: that chance gives two of 100,000 seeds the same, one time in 10^9."""
    return xxhash.xxh3_64_intdigest(repr(parts).encode("utf-8", "surrogatepass"))


def _mix(*numbers: int) -> int:
    return xxhash.xxh3_64_intdigest(array("Q", numbers).tobytes())
