"""How many requests are in flight: as many as the endpoint sustains, within the declared caps."""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from longhop.llm.allowance import Allowance
from longhop.llm.throttle import Throttle

_START = 8.0
# By how much an answer raises the limit after the endpoint was full, and how that grows again
# with every so many answers: a full endpoint refuses about one request in fifty.
_CAREFUL = 1 / 64
_FASTER, _CALM = 1.5, 20
# An endpoint that fails for other reasons gets this much less at once, every second.
_SHRINK = 0.7
_SHRINK_AT_MOST_EVERY = 1.0
# Who refuses with less than this share of what was in flight at once before does not mind that.
_FAR_BELOW, _TELLING = 0.5, 4
# Of the last outcomes, some twenty, so many failures mean that the endpoint is struggling.
_OLDER, _STRUGGLING = 0.95, 0.3


class Pace:
    """The slots of all requests of a process.

    Until the endpoint pushes back for the first time, every answer opens a slot, so the limit
    doubles in a round of answers. Then the limit falls to what was sustained so far: the refusals
    of a burst come in any order, so they tell little of where between the two the capacity lies.
    Later a full endpoint refuses what is above its capacity, so it sustains one less than were in
    flight when a refused request was sent: the limit falls to that. From there it grows by a slot
    in some fifty answers, and faster the longer nothing was refused.

    What a minute may take of requests and of tokens is declared, or unlimited.
    """

    def __init__(
        self, cap: int, requests: Allowance | None = None, tokens: Allowance | None = None
    ) -> None:
        self.cap = cap
        self._requests, self._tokens = requests, tokens
        self._gate = asyncio.Lock()
        self._allowed_at, self._waits_for = 0.0, ""
        self.limit = min(float(cap), _START)
        self.in_flight = 0
        self._step = 1.0
        self._sustained = 0
        self._failing = 0.0
        self._throttle = Throttle()
        self._calm = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._not_before = 0.0
        self._shrunk_at = 0.0

    @asynccontextmanager
    async def slot(self, tokens: float = 0.0) -> AsyncIterator[int]:
        """Wait for room, then hold a place for one request; how many are in flight with it."""
        await self._held_off()
        if self._requests or self._tokens or self._throttle.interval:
            async with self._gate:
                await self._enter()
                try:
                    await self._allowed(tokens)
                except BaseException:
                    self._leave()
                    raise
        else:
            await self._enter()
        try:
            yield self.in_flight
        finally:
            self._leave()

    @property
    def waiting_for(self) -> str:
        """What keeps requests from being sent now, other than that all slots are taken."""
        now = time.monotonic()
        if now < self._not_before:
            return f"the endpoint, which asked for {self._not_before - now:.0f} s more"
        if now < self._allowed_at:
            return f"{self._waits_for}, {self._allowed_at - now:.0f} s more"
        if self._throttle.wait(now):
            return f"the rate that the endpoint takes, {1 / self._throttle.interval:.3g} a second"
        return ""

    def correct(self, tokens: float) -> None:
        """A request took so many tokens more than was guessed."""
        if self._tokens:
            self._tokens.take(tokens)

    def succeeded(self, in_flight: int = 0) -> None:
        """One more answer, to a request that was sent with so many in flight."""
        self._sustained = max(self._sustained, in_flight)
        self._failing *= _OLDER
        self._throttle.answered(time.monotonic())
        self.limit = min(float(self.cap), self.limit + self._step)
        self._calm += 1
        if self._calm >= _CALM:
            self._calm, self._step = 0, min(1.0, self._step * _FASTER)

    def was_full(self, in_flight: int, retry_after: float) -> float:
        """A request that was sent with so many in flight was refused: there were too many.

        What it should wait for by itself, before it asks for a slot again.

        Where none is left in flight, none is sent before the endpoint wants to be asked again. Nor
        where it refuses while far less is in flight than it has taken at once: then it counts over
        some time, and how many are in flight is not what it minds.
        """
        now = time.monotonic()
        if self._sustained >= _TELLING and self.in_flight < _FAR_BELOW * self._sustained:
            self._throttle.refused(now, retry_after)
            self._not_before = max(self._not_before, now + retry_after)
            return 0.0
        known = in_flight - 1.0
        if self._step == 1.0 and self._sustained >= _TELLING:
            known = min(known, self._sustained)
        self.limit = max(1.0, min(self.limit, known))
        self._sustained = min(self._sustained, in_flight - 1)
        self._step, self._calm = _CAREFUL, 0
        if self.in_flight == 0:
            self._not_before = max(self._not_before, now + retry_after)
        return retry_after * (1 + random.random() / 2)

    def failed(self) -> None:
        """A request came to nothing for another reason: one in fifty does, many mean trouble."""
        self._failing = self._failing * _OLDER + 1 - _OLDER
        now = time.monotonic()
        if self._failing > _STRUGGLING and now - self._shrunk_at > _SHRINK_AT_MOST_EVERY:
            self._shrunk_at = now
            self.limit = max(1.0, self.limit * _SHRINK)

    async def _held_off(self) -> None:
        while (wait := self._not_before - time.monotonic()) > 0:
            await asyncio.sleep(wait)

    async def _allowed(self, tokens: float) -> None:
        """Wait until the minute has room, then take it. One at a time, so nobody is overtaken."""
        for allowance, amount in ((self._requests, 1.0), (self._tokens, tokens)):
            if allowance is None:
                continue
            while (wait := allowance.wait(amount)) > 0:
                self._allowed_at, self._waits_for = time.monotonic() + wait, str(allowance)
                await asyncio.sleep(wait)
        await self._held_off()
        while (wait := self._throttle.wait(time.monotonic())) > 0:
            await asyncio.sleep(wait)
        self._throttle.take(time.monotonic())
        for allowance, amount in ((self._requests, 1.0), (self._tokens, tokens)):
            if allowance is not None:
                allowance.take(amount)

    def _leave(self) -> None:
        self.in_flight -= 1
        self._let_in()

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
                self._leave()  # the slot was given in the same moment
            raise

    def _let_in(self) -> None:
        while self._queue and self.in_flight < int(self.limit):
            turn = self._queue.popleft()
            if not turn.done():
                self.in_flight += 1
                turn.set_result(None)
