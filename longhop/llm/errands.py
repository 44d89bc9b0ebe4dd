"""Requests on their way: one for all who ask, and it outlives them once it is sent."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from longhop.records.model import ModelAnswer


@dataclass(eq=False)
class Errand:
    """A request, how many wait for its answer, and whether it is at the endpoint now."""

    askers: int = 0
    is_out: bool = False

    def stop_if_unwanted(self) -> None:
        """End it where nobody waits any more, before it is sent once more."""
        if not self.askers:
            raise asyncio.CancelledError


class Errands:
    """The errands of a process by key.

    An answer that is on its way was paid for. So where those who asked are stopped, by an error of
    another request or by a person, the errand goes on until the answer is kept; one that was not
    sent yet ends with them.
    """

    def __init__(self) -> None:
        self._running: dict[str, tuple[Errand, asyncio.Task[ModelAnswer]]] = {}

    async def fetch(self, key: str, run: Callable[[Errand], Awaitable[ModelAnswer]]) -> ModelAnswer:
        """The answer under a key, by the errand that is under way for it or by one of its own."""
        if key not in self._running:
            errand = Errand()
            task = asyncio.ensure_future(run(errand))
            self._running[key] = errand, task
            task.add_done_callback(lambda done: self._ended(key, done))
        errand, task = self._running[key]
        errand.askers += 1
        try:
            return await asyncio.shield(task)
        finally:
            errand.askers -= 1
            if not (errand.askers or errand.is_out or task.done()):
                self._running.pop(key, None)
                task.cancel()

    async def close(self, seconds: float) -> None:
        """Wait for those that are at the endpoint, so long at most, and end all others."""
        running = list(self._running.values())
        out = [task for errand, task in running if errand.is_out]
        if out:
            await asyncio.wait(out, timeout=seconds)
        for _, task in running:
            task.cancel()
        await asyncio.gather(*(task for _, task in running), return_exceptions=True)

    def _ended(self, key: str, done: "asyncio.Task[ModelAnswer]") -> None:
        if key in self._running and self._running[key][1] is done:
            del self._running[key]
        if not done.cancelled():
            done.exception()  # read here, so that nobody is told of it who did not wait
