"""Shares: items cut by the hashes of their ids, so that a stage holds no more than some at once."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.identity import digest
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.base import Record
from longhop.records.seeds import SeedPair
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.sorting import sort_on_disk
from tasks.stage import stage

# A share holds so many items at most; it is written, or proved, in the memory of so many.
MOST = 1024
# So many shares are worked on at once: what waits for the last answers of one is not idle.
AT_ONCE = 3

_KINDS: dict[str, type[Any]] = {"seeds": SeedPair, "multi_hop": MultiHop}


@stage("share", revision=1)
def share_out(items: Artifact, first: int, last: int) -> Outcome:
    """The items [first, last) in shares: all whose hashed ids begin alike, `MOST` of them at most.

    A share is halved where there are more of them. So a few new items change a few shares, and the
    receipts of the others hold.
    """
    store = resources().store
    kind: type[Record] = _KINDS[items.kind]
    parts: dict[str, Artifact] = {}
    with store.opened(items, kind) as records:
        keys = [_key(each) for (each,) in islice(records.values("id"), first, last)]
        lines = (
            (_key(record.id), record.id, record.model_dump_json().encode())  # type: ignore[attr-defined]
            for record in islice(records, first, last)
        )
        ordered = sort_on_disk(lines, key=lambda it: it[:2], size=lambda it: 300 + len(it[2]))
        for number, count in enumerate(_cut(np.sort(np.array(keys, np.uint64)), MOST)):
            own = (kind.model_validate_json(line) for _, _, line in islice(ordered, count))
            parts[f"share-{number}"] = store.write(items.kind, own, kind)
    return Outcome(artifacts=parts)


def _key(name: str) -> int:
    return int(digest(name)[:16], 16)


def _cut(keys: NDArray[np.uint64], most: int, bit: int = 63) -> Iterator[int]:
    """How many keys each share has, in their order: those alike in their first bits."""
    if len(keys) <= most or bit < 0:
        if len(keys):
            yield len(keys)
        return
    middle = int(np.searchsorted(keys & np.uint64((2 << bit) - 1), np.uint64(1 << bit)))
    yield from _cut(keys[:middle], most, bit - 1)
    yield from _cut(keys[middle:], most, bit - 1)
