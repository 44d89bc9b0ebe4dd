"""Orders that a row's key decides for each document alone: one more document moves no other."""

from collections.abc import Iterator, Sequence

import numpy as np
import xxhash
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

# Of a long shelf only so many are sorted at first, and more as more are wanted.
_FIRST = 512
_STEP, _SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


def keys_of(names: Sequence[str]) -> Keys:
    """The 64-bit hash of each name."""
    hashed = (xxhash.xxh3_64_intdigest(each.encode()) for each in names)
    return np.fromiter(hashed, np.uint64, len(names))


def mixed(keys: Keys, *key: str) -> Keys:
    """The hashes of names under a key: another key puts them into another order."""
    seed = np.uint64(xxhash.xxh3_64_intdigest("\0".join(key).encode()))
    found: Keys = (keys ^ seed) * _STEP
    found ^= found >> np.uint64(29)
    found *= _SPREAD
    found ^= found >> np.uint64(32)
    return found


def ascending(keys: Keys) -> Iterator[int]:
    """The places of keys from the smallest to the largest, sorted no further than is asked."""
    done, width = 0, _FIRST
    while done < len(keys):
        until = min(len(keys), done + width)
        if until == len(keys):
            order = np.argsort(keys, kind="stable")
        else:
            some = np.argpartition(keys, until - 1)[:until]
            order = some[np.argsort(keys[some], kind="stable")]
        yield from order[done:until].tolist()
        done, width = until, 8 * width
