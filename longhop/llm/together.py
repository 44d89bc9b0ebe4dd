"""What many tasks want in the same moment, done once for all of them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Gathers the items of one turn of the event loop, and works on them in one call.

    Answers come in waves: one commit for a wave costs little more than one for an answer. The work
    gives a result for each item, in their order; its error is everybody's. Who is cancelled before
    the work is left out of it.
    """

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._work = work
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []

    async def __call__(self, item: T) -> R:
        """The result of one item."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._run)
        result: asyncio.Future[R] = loop.create_future()
        self._waiting.append((item, result))
        return await result

    def _run(self) -> None:
        waiting, self._waiting = self._waiting, []
        waiting = [each for each in waiting if not each[1].done()]
        try:
            results = self._work([item for item, _ in waiting])
        except Exception as error:
            for _, result in waiting:
                result.set_exception(error)
            return
        for (_, result), found in zip(waiting, results, strict=True):
            result.set_result(found)
