"""Many awaited at once, in the order they were given; the first error ends them all."""

import asyncio
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

    items = list(items)
    if at_hand is not None:
        at_hand.total += len(items)
    try:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(run(item)) for item in items]
    except BaseExceptionGroup as errors:
        raise _first(errors) from None
    return [task.result() for task in running]


def _first(errors: BaseException) -> BaseException:
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return errors
