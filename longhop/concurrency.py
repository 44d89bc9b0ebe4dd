"""Many awaited at once, in the order they were given; the first error ends them all."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from longhop.activity import work_at_hand
from longhop.errors import LongHopError

T = TypeVar("T")
S = TypeVar("S")


async def run_each(items: Iterable[T], work: Callable[[T], Awaitable[S]]) -> list[S]:
    """What the work makes of each item, in the order of the items, whatever ends first.

    Raises:
        Exception: The first error of any item, once the others are cancelled; ours says which.
    """
    items = list(items)
    results: list[S] = []
    await run_through(
        items, work, lambda _, result: results.append(result), most=len(items), total=len(items)
    )
    return results


async def run_through(
    items: Iterable[T],
    work: Callable[[T], Awaitable[S]],
    take: Callable[[T, S], None],
    *,
    most: int,
    total: int,
) -> None:
    """Hand over what the work makes of each item, in their order, with `most` of them in memory.

    An item is taken from `items` when there is room for it; `total` says how many will come.

    Raises:
        Exception: As `run_each` does.
    """
    at_hand = work_at_hand()

    async def run(item: T) -> S:
        try:
            result = await work(item)
        except LongHopError as error:
            error.item = error.item or getattr(item, "id", "")
            raise
        if at_hand is not None:
            at_hand.done += 1
        return result

    if at_hand is not None:
        at_hand.total += total
    waiting: deque[tuple[T, asyncio.Task[S]]] = deque()
    try:
        async with asyncio.TaskGroup() as group:
            for item in items:
                if len(waiting) >= most:
                    first, task = waiting.popleft()
                    take(first, await task)
                waiting.append((item, group.create_task(run(item))))
            while waiting:
                first, task = waiting.popleft()
                take(first, await task)
    except BaseExceptionGroup as errors:
        raise _first(errors) from None


def _first(errors: BaseException) -> BaseException:
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return errors
