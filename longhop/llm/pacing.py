"""How many requests are in flight: as many as the endpoint sustains, within the declared cap."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_START = 8.0
# By how much the limit grows in a round of answers after the endpoint was full, at first.
_CAREFUL = 0.5
_FASTER = 1.3
# A failure that says nothing of how full the endpoint is takes away this much, once a second.
_SHRINK = 0.7
_SHRINK_AT_MOST_EVERY = 1.0


class Pace:
    """The slots of all requests of a process.

    Until the endpoint pushes back for the first time, every answer opens a slot, so the limit
    doubles in a round of answers. A full endpoint refuses at once what is above its capacity, so
    what is left in flight then is what it sustains: the limit falls to that. From there it grows
    by half a slot a round, and faster the longer nothing was refused.
    """

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.limit = min(float(cap), _START)
        self.in_flight = 0
        self._growth: float | None = None
        self._round = 0.0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._not_before = 0.0
        self._shrunk_at = 0.0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for room, then hold a place for one request."""
        while (wait := self._not_before - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        await self._enter()
        try:
            yield
        finally:
            self.in_flight -= 1
            self._let_in()

    def succeeded(self) -> None:
        """One more answer."""
        if self._growth is None:
            self.limit = min(float(self.cap), self.limit + 1)
            return
        self._round += 1
        self.limit = min(float(self.cap), self.limit + self._growth / self.limit)
        if self._round >= self.limit:
            self._round, self._growth = 0.0, self._growth * _FASTER

    def was_full(self, retry_after: float) -> None:
        """A request was refused because there were too many; its slot is given back already.

        Where none is left in flight, none is sent before the endpoint wants to be asked again.
        """
        self.limit = max(1.0, min(self.limit, float(self.in_flight)))
        self._growth, self._round = _CAREFUL, 0.0
        if self.in_flight == 0:
            self._not_before = max(self._not_before, time.monotonic() + retry_after)

    def failed(self) -> None:
        """A request came to nothing for another reason: the endpoint may be struggling."""
        now = time.monotonic()
        self._growth = self._growth or _CAREFUL
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
