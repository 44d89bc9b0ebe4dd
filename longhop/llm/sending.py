"""Sends requests one by one: paced, tried again, never beyond the spend limit."""

import asyncio
import random
import time

from longhop.errors import EndpointDown, EndpointError, LongHopError
from longhop.llm.allowance import Allowance, TokenGuess
from longhop.llm.breaker import Breaker
from longhop.llm.endpoint import Busy, Endpoint, Refused, Unavailable
from longhop.llm.pacing import Pace
from longhop.llm.spending import Purse
from longhop.records.model import ModelAnswer, ModelRequest
from longhop.settings import Settings

# What fails for a reason of its own is given up after so many tries, while others are answered.
TRIES = 6
_LONGEST_PAUSE = 20.0


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

    async def send(self, request: ModelRequest, schema: str) -> ModelAnswer:
        """The answer to a request, tried until there is one, a refusal, or no hope.

        Raises:
            Refused: Not this one.
            EndpointDown, EndpointError, SpendLimitReached: No request is sent any more. Those that
                were in flight have ended first, so that no answer is lost that was paid for; but
                nobody waits for an endpoint that is down.
        """
        characters = sum(len(each.content) for each in request.messages)
        first_failure, failures = 0.0, 0
        while True:
            await self._stop_if_told()
            tokens = self._guess.guess(characters, request.max_tokens)
            try:
                async with self.pace.slot(tokens) as in_flight:
                    if self._why_stop() is not None:
                        continue
                    answer = await self.endpoint.complete(request, schema)
            except Busy as error:
                pause = self.pace.was_full(in_flight, error.retry_after)
                self.breaker.asked_to_wait(error.retry_after, str(error))
            except Unavailable as error:
                first_failure = first_failure or time.monotonic()
                failures += 1
                self.pace.failed()
                self.breaker.failed(str(error))
                if failures >= TRIES and self.breaker.last_answer > first_failure:
                    raise Refused(f"no answer in {TRIES} tries: {error}") from error
                pause = min(_LONGEST_PAUSE, 0.25 * 2**failures) * (0.5 + random.random())
            except Refused as error:
                self.breaker.refused(error)
                if self.breaker.error is None:
                    raise
                pause = 0.0
            except EndpointError as error:
                self._stopped = self._stopped or error
                pause = 0.0
            else:
                self.pace.succeeded(in_flight)
                self._note(request, answer, characters, tokens)
                return answer
            if pause and self._why_stop() is None:
                await asyncio.sleep(pause)

    def _why_stop(self) -> LongHopError | None:
        if self._stopped is None:
            self._stopped = self.breaker.error
        if self._stopped is None and self.purse.is_empty:
            self._stopped = self.purse.reached()
        return self._stopped

    async def _stop_if_told(self) -> None:
        stopped = self._why_stop()
        if stopped is None:
            return
        if not isinstance(stopped, EndpointDown):
            await self.pace.drained()
        raise stopped

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
