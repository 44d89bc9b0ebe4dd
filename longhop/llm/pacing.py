"""How many requests are in flight: as many as the endpoint sustains, within the declared cap."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_START = 8.0
# By how much an answer raises the limit after the endpoint was full, and how that grows again
# with every so many answers: a full endpoint refuses about one request in fifty.
_CAREFUL = 1 / 64
_FASTER, _CALM = 1.5, 20
# A failure that says nothing of how full the endpoint is takes away this much, once a second.
_SHRINK = 0.7
_SHRINK_AT_MOST_EVERY = 1.0


class Pace:
    """The slots of all requests of a process.

    Until the endpoint pushes back for the first time, every answer opens a slot, so the limit
    doubles in a round of answers. A full endpoint refuses what is above its capacity, so it
    sustains one less than were in flight when a refused request was sent: the limit falls to that.
    From there it grows by a slot in some fifty answers, and faster the longer nothing was refused.
    """

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.limit = min(float(cap), _START)
        self.in_flight = 0
        self._step = 1.0
        self._calm = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._not_before = 0.0
        self._shrunk_at = 0.0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[int]:
        """Wait for room, then hold a place for one request; how many are in flight with it."""
        while (wait := self._not_before - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        await self._enter()
        try:
            yield self.in_flight
        finally:
            self.in_flight -= 1
            self._let_in()

    def succeeded(self) -> None:
        """One more answer."""
        self.limit = min(float(self.cap), self.limit + self._step)
        self._calm += 1
        if self._calm >= _CALM:
            self._calm, self._step = 0, min(1.0, self._step * _FASTER)

    def was_full(self, in_flight: int, retry_after: float) -> None:
        """A request that was sent with so many in flight was refused: there were too many.

        Where none is left in flight, none is sent before the endpoint wants to be asked again.
        """
        self.limit = max(1.0, min(self.limit, in_flight - 1.0))
        self._step, self._calm = _CAREFUL, 0
        if self.in_flight == 0:
            self._not_before = max(self._not_before, time.monotonic() + retry_after)

    def failed(self) -> None:
        """A request came to nothing for another reason: the endpoint may be struggling."""
        now = time.monotonic()
        self._step, self._calm = _CAREFUL, 0
        if now - self._shrunk_at > _SHRINK_AT_MOST_EVERY:
            self._shrunk_at = now
            self.limit = max(1.0, self.limit * _SHRINK)

    async def _enter(self) -> None:
        if self.in_flight < int(self.limit) and not self._queue:
            self.in_flight += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.in_flight -= 1  # the slot was given in the same moment
                self._let_in()
            raise

    def _let_in(self) -> None:
        while self._queue and self.in_flight < int(self.limit):
            turn = self._queue.popleft()
            if not turn.done():
                self.in_flight += 1
                turn.set_result(None)
