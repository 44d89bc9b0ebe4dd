"""Sorting more than fits in memory: sorted runs on disk, merged as they are read."""

import heapq
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from operator import itemgetter
from typing import IO, Any, TypeVar

from longhop.scratch import scratch_file, scratch_told

T = TypeVar("T")

_RUN = 16_000_000
_OPEN = 64
_KEY = itemgetter(0)


def sort_on_disk(
    items: Iterable[T],
    *,
    key: Callable[[T], Any],
    size: Callable[[T], int],
    run: int = _RUN,
    most: int = _OPEN,
) -> Iterator[T]:
    """The items in the order of their keys, in the memory of one run.

    `size` is about how much memory an item takes, in the unit of `run`. Runs are files without a
    name in the machine's folder for temporary ones: they are gone with the process. No more than
    `most` of them are open at once. Items of equal keys keep their order.
    """
    with ExitStack() as held:
        runs: list[Iterator[tuple[Any, T]]] = []
        waiting: list[tuple[Any, T]] = []
        weight = 0
        for item in items:
            waiting.append((key(item), item))
            weight += size(item)
            if weight >= run:
                runs.append(_spilled(sorted(waiting, key=_KEY), held))
                waiting, weight = [], 0
            if len(runs) == most:
                merged = ExitStack()
                runs = [_spilled(heapq.merge(*runs, key=_KEY), merged)]
                held.close()
                held.push(merged)
        waiting.sort(key=_KEY)
        yield from (item for _, item in heapq.merge(*runs, waiting, key=_KEY))


def _spilled(pairs: Iterable[tuple[Any, T]], held: ExitStack) -> Iterator[tuple[Any, T]]:
    file = held.enter_context(scratch_file())
    count = 0
    for pair in pairs:
        with scratch_told():
            pickle.dump(pair, file, protocol=pickle.HIGHEST_PROTOCOL)
        count += 1
    with scratch_told():
        file.seek(0)
    return _read(file, count)


def _read(file: IO[bytes], count: int) -> Iterator[tuple[Any, T]]:
    for _ in range(count):
        yield pickle.load(file)
