"""How many requests are in flight: as many as the endpoint sustains, within the declared cap."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_START = 8
_SHRINK = 0.7
_SHRINK_AT_MOST_EVERY = 1.0


class Pace:
    """Additive increase on success, multiplicative decrease when the endpoint pushes back."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.limit = float(min(cap, _START))
        self.in_flight = 0
        self._room = asyncio.Condition()
        self._not_before = 0.0
        self._shrunk_at = 0.0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for room, then hold a place for one request."""
        while (wait := self._not_before - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        async with self._room:
            await self._room.wait_for(lambda: self.in_flight < int(self.limit))
            self.in_flight += 1
        try:
            yield
        finally:
            async with self._room:
                self.in_flight -= 1
                self._room.notify(2)

    def succeeded(self) -> None:
        """One more answer: about one more slot for each round of answers."""
        self.limit = min(float(self.cap), self.limit + 1 / self.limit)

    def pushed_back(self, retry_after: float) -> None:
        """The endpoint is full: fewer slots, and none at all before it wants to be asked again."""
        now = time.monotonic()
        self._not_before = max(self._not_before, now + retry_after)
        if now - self._shrunk_at > _SHRINK_AT_MOST_EVERY:
            self._shrunk_at = now
            self.limit = max(1.0, self.limit * _SHRINK)
