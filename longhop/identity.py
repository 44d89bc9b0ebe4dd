"""Ids are content: whatever is named here is named by a hash of what it is.

Line numbers, list positions and counters are never identity, so reordering, adding or removing
documents renames nothing that stays.
"""

import hashlib
import heapq
import json
from collections.abc import Callable, Iterable
from random import Random
from typing import TypeVar

T = TypeVar("T")

_SHARD_BITS = 16


def canonical_json(value: object) -> str:
    """The one JSON text of a value: keys sorted, no spaces, text as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(*parts: object) -> str:
    """The SHA-256 of JSON-able parts, in 64 hex digits."""
    return hashlib.sha256(canonical_json(parts).encode("utf-8", "surrogatepass")).hexdigest()


def make_id(prefix: str, *parts: object) -> str:
    """A readable id, such as `q-5f0c1f1be6bd0a55`; 64 bits keep millions of them apart."""
    return f"{prefix}-{digest(*parts)[:16]}"


def shard_of(item_id: str, shards: int) -> int:
    """The shard of an id: the first bits of its hash; `shards` is a power of two."""
    head = int(digest(item_id)[: _SHARD_BITS // 4], 16)
    return head * shards >> _SHARD_BITS


def keyed_rng(*parts: object) -> Random:
    """A generator that depends on its key alone, never on what was drawn elsewhere."""
    return Random(int(digest(*parts)[:16], 16))


def keyed_order(items: Iterable[T], name: Callable[[T], str], *key: object) -> list[T]:
    """The items in an order that their names and the key decide, whatever order they came in."""
    return sorted(items, key=lambda item: (digest(*key, name(item)), name(item)))


def keyed_first(items: Iterable[T], number: int, name: Callable[[T], str], *key: object) -> list[T]:
    """The first of the items in their keyed order, in the memory of so many."""
    return heapq.nsmallest(number, items, key=lambda item: (digest(*key, name(item)), name(item)))


def keyed_share(*parts: object) -> float:
    """A number in [0, 1) that depends on its key alone."""
    return int(digest(*parts)[:13], 16) / 16**13
