"""Sends requests one by one: paced, tried again, never beyond the spend limit."""

import asyncio
import random
import time
from contextlib import suppress

from longhop.errors import EndpointError, LongHopError
from longhop.llm.allowance import Allowance, TokenGuess
from longhop.llm.breaker import Breaker
from longhop.llm.endpoint import Busy, Endpoint, Refused, Unavailable
from longhop.llm.errands import Errand
from longhop.llm.pacing import Pace
from longhop.llm.spending import Purse
from longhop.records.model import ModelAnswer, ModelRequest
from longhop.settings import Settings

# What fails for a reason of its own is given up after so many tries, while others are answered.
TRIES = 6
_LONGEST_PAUSE = 20.0
_TRIAL_SECONDS = 30.0


class Sender:
    """The one layer that retries, shared by all stages of a process."""

    def __init__(self, endpoint: Endpoint, settings: Settings, purse: Purse) -> None:
        self.endpoint = endpoint
        self.purse = purse
        self.pace = Pace(
            settings.concurrency,
            _allowance("requests", settings.requests_per_minute),
            _allowance("tokens", settings.tokens_per_minute),
        )
        self.breaker = Breaker(endpoint.address, settings.patience)
        self._guess = TokenGuess()
        self._stopped: LongHopError | None = None
        self._trying, self._tried_at = asyncio.Lock(), float("-inf")

    async def send(self, errand: Errand, request: ModelRequest, schema: str) -> ModelAnswer:
        """The answer to a request, tried until there is one, a refusal, or no hope.

        Raises:
            Refused: Not this one.
            EndpointDown, EndpointError, SpendLimitReached: No request is sent any more.
        """
        with self.breaker.asking():
            return await self._send(errand, request, schema)

    async def _send(self, errand: Errand, request: ModelRequest, schema: str) -> ModelAnswer:
        characters = sum(len(each.content) for each in request.messages)
        first_failure, failures, refusals = 0.0, 0, 0
        while True:
            self._stop_if_told()
            errand.stop_if_unwanted()
            tokens = self._guess.guess(characters, request.max_tokens)
            try:
                async with self.pace.slot(tokens) as in_flight:
                    self._stop_if_told()
                    errand.stop_if_unwanted()
                    answer = await self._complete(errand, request, schema)
            except Busy as error:
                refusals += 1
                pause = self.pace.was_full(in_flight, error.retry_after)
                pause = max(pause, min(_LONGEST_PAUSE, 0.1 * 2**refusals) * random.random())
                self.breaker.asked_to_wait(error.retry_after, str(error))
            except Unavailable as error:
                first_failure = first_failure or time.monotonic()
                failures += 1
                self.pace.failed()
                if failures >= TRIES or self.breaker.is_losing_patience:
                    await self._try_out(request)
                if failures >= TRIES and self.breaker.last_answer > first_failure:
                    raise Refused(f"no answer in {TRIES} tries: {error}") from error
                self.breaker.failed(str(error))
                pause = min(_LONGEST_PAUSE, 0.25 * 2**failures) * (0.5 + random.random())
            except Refused as error:
                self.breaker.refused(error, known=self.endpoint.abilities.knows(request.model))
                self._stop_if_told()
                raise
            except EndpointError as error:
                self._stopped = self._stopped or error
                raise
            else:
                self.pace.succeeded(in_flight)
                self._note(request, answer, characters, tokens)
                return answer
            self._stop_if_told()
            await asyncio.sleep(pause)

    async def _complete(self, errand: Errand, request: ModelRequest, schema: str) -> ModelAnswer:
        errand.is_out = True
        try:
            return await self.endpoint.complete(request, schema)
        except BaseException:
            errand.is_out = False
            raise

    async def _try_out(self, request: ModelRequest) -> None:
        """Find out whether it is the request or the endpoint: a tiny one is sent, one at a time."""
        asked_at = time.monotonic()
        async with self._trying:
            if self._tried_at > asked_at:
                return
            with suppress(Busy, Unavailable, Refused, TimeoutError):
                trial = self.endpoint.ping(request.model, request.temperature)
                await asyncio.wait_for(trial, _TRIAL_SECONDS)
                self.breaker.answered()
            self._tried_at = time.monotonic()

    def _stop_if_told(self) -> None:
        if self._stopped is None:
            self._stopped = self.breaker.error
        if self._stopped is None and self.purse.is_empty:
            self._stopped = self.purse.reached()
        if self._stopped is not None:
            raise self._stopped

    def _note(
        self, request: ModelRequest, answer: ModelAnswer, characters: int, guessed: float
    ) -> None:
        self.breaker.answered()
        self.purse.pay(request.model, answer)
        self._guess.learn(characters, answer.input_tokens, answer.output_tokens)
        if answer.input_tokens:
            self.pace.correct(answer.usage.tokens - guessed)


def _allowance(unit: str, per_minute: float | None) -> Allowance | None:
    return Allowance(unit, per_minute) if per_minute is not None else None
