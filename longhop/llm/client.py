"""Asks a model: remembered where it was asked before, once where it is asked twice at once."""

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from pydantic import ValidationError

from longhop.errors import EndpointDown
from longhop.llm.batching import OVERDUE_SECONDS, Batches
from longhop.llm.endpoint import Endpoint, Refused, Unavailable
from longhop.llm.errands import Errand, Errands
from longhop.llm.meter import count_answer, stage_at_work
from longhop.llm.prompts import PromptBook
from longhop.llm.reading import Unreadable, read_reply
from longhop.llm.sending import Sender
from longhop.llm.spending import Purse
from longhop.llm.together import Together
from longhop.ports import NoReply
from longhop.records.model import Message, ModelAnswer, ModelRequest, Prompt
from longhop.records.money import total
from longhop.records.replies import Reply
from longhop.records.status import ModelStatus
from longhop.settings import Settings
from longhop.storage.memo import Memo

P = TypeVar("P", bound=Reply)

_ADMITTED, _ADMITTED_TO_BATCHES = 64, 20_000
# How often a build looks whether another one of this machine has the answer it asks for.
_LOOK_FIRST, _LOOK_LAST = 0.05, 1.0
# The rate that is told is that of the last so many answers, of this many seconds at most.
_RATED, _RATED_SECONDS = 256, 30.0
_RATED_AT_LEAST = 20
# An endpoint that is down hardly answers any more.
_GRACE_OF_THE_DOWN = 5.0
# How an endpoint says that it stopped at the limit of tokens.
_CUT = "length"


class RememberingModel:
    """The ChatModel of a build: memo, claims, a way to the endpoint, reading, and one re-ask."""

    def __init__(
        self,
        endpoint: Endpoint,
        memo: Memo,
        prompts: PromptBook,
        settings: Settings,
        purse: Purse,
        batches: Batches,
    ) -> None:
        self.endpoint = endpoint
        self.memo = memo
        self.prompts = prompts
        self.purse = purse
        self.fresh = 0
        self.remembered = 0
        self._sender = Sender(endpoint, settings, self.purse)
        self._batches = batches
        self._in_batches = settings.batch
        # So many prompts are rendered at once: all of a shard's could fill the memory.
        self._admitted = asyncio.Semaphore(max(_ADMITTED, 2 * settings.concurrency))
        self._admitted_to_batches = asyncio.Semaphore(_ADMITTED_TO_BATCHES)
        self._name = uuid.uuid4().hex
        self._look = Together(self._look_for)
        self._claim = Together(self._claim_all)
        self._keep = Together(self._keep_all)
        self._errands = Errands()
        self._timeout = settings.timeout
        self._answered_at: deque[float] = deque(maxlen=_RATED)
        self._first = self._last = 0.0

    async def ask(
        self, prompt: Prompt, language: str, values: Mapping[str, object], reply: type[P]
    ) -> P | NoReply:
        """The validated reply to a prompt, asked once more where it was not valid."""
        in_batches = stage_at_work() in self._in_batches
        async with self._admitted_to_batches if in_batches else self._admitted:
            return await self._ask(prompt, language, values, reply)

    def request(self, prompt: Prompt, language: str, values: Mapping[str, object]) -> ModelRequest:
        """The logical request of a prompt."""
        return ModelRequest(
            messages=self.prompts.messages(prompt, language, values),
            model=prompt.model,
            temperature=prompt.temperature,
            max_tokens=prompt.max_tokens,
            reply=prompt.reply,
            reply_schema=prompt.reply_schema,
            sample=prompt.sample,
        )

    @property
    def status(self) -> ModelStatus:
        """What it is at."""
        used, prices = total(self.purse.fresh), self.purse.prices
        return ModelStatus(
            requests=self.fresh,
            remembered=self.remembered,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
            cost=prices.told(self.purse.cost) if prices else "",
            per_second=self._rate(),
            in_flight=self._sender.pace.in_flight,
            waiting_for=self._sender.pace.waiting_for or self._batches.waiting_for,
        )

    async def close(self) -> None:
        """Wait for the answers that are on their way, and let go of the connections."""
        down = isinstance(self._sender.breaker.error, EndpointDown)
        await self._errands.close(min(_GRACE_OF_THE_DOWN, self._timeout) if down else self._timeout)
        await self._batches.close()
        await self.endpoint.close()

    async def _ask(
        self, prompt: Prompt, language: str, values: Mapping[str, object], reply: type[P]
    ) -> P | NoReply:
        schema = self.prompts.text(prompt.reply_schema)
        request = self.request(prompt, language, values)
        try:
            first = await self._answer(request, request.key, schema)
            try:
                return read_reply(first.text, reply, is_cut=first.finish == _CUT)
            except Unreadable as error:
                again = _asked_again(request, first.text, str(error))
            second = await self._answer(again, f"{request.key}+1", schema)
        except Refused as error:
            return NoReply(refused=True, detail=str(error), raw="")
        try:
            return read_reply(second.text, reply, is_cut=second.finish == _CUT)
        except Unreadable as error:
            return NoReply(refused=False, detail=str(error), raw=second.text)

    async def _answer(self, request: ModelRequest, key: str, schema: str) -> ModelAnswer:
        answer = await self._look(key)
        if answer is not None:
            self.remembered += 1
        else:

            async def run(errand: Errand) -> ModelAnswer:
                return await self._fetch(errand, request, key, schema)

            answer = await self._errands.fetch(key, run)
        count_answer(request.model, answer)
        return answer

    def kept(self, key: str) -> ModelAnswer | None:
        """The remembered answer; one in another form is no answer, and asked for again."""
        return _answer_in(self.memo.get(key))

    def _look_for(self, keys: Sequence[str]) -> list[ModelAnswer | None]:
        found = self.memo.get_many(keys)
        return [_answer_in(found.get(key)) for key in keys]

    def _claim_all(self, keys: Sequence[str]) -> list[bool]:
        claimed = self.memo.claim_many(keys, self._name)
        return [key in claimed for key in keys]

    def _keep_all(self, entries: Sequence[tuple[str, object]]) -> list[None]:
        self.memo.put_many(dict(entries))
        return [None] * len(entries)

    async def _fetch(
        self, errand: Errand, request: ModelRequest, key: str, schema: str
    ) -> ModelAnswer:
        try:
            answer = await self._asked_elsewhere(key)
            if answer is not None:
                self.remembered += 1
                return answer
            answer = await self._send(errand, request, key, schema)
            await self._keep((key, answer.model_dump()))
            self.fresh += 1
            self._note_time()
            return answer
        finally:
            self.memo.release(key)

    def _note_time(self) -> None:
        self._last = time.monotonic()
        self._first = self._first or self._last
        self._answered_at.append(self._last)

    async def _send(
        self, errand: Errand, request: ModelRequest, key: str, schema: str
    ) -> ModelAnswer:
        stage = stage_at_work()
        if stage in self._in_batches or await self._batches.has(key):
            # What batches do not answer is asked for as if there were none.
            with suppress(Unavailable):
                return await self._batches.send(request, key, schema, stage)
        return await self._sender.send(errand, request, schema)

    async def _asked_elsewhere(self, key: str) -> ModelAnswer | None:
        """The answer that another build of this machine is waiting for, or None once it is ours.

        A claim ends with the process that made it, so this waits for no dead one. A living one has
        bounds of its own, of which a batch's is the longest; beyond that it is not waited for.
        """
        began, pause = time.monotonic(), _LOOK_FIRST
        while not await self._claim(key):
            if time.monotonic() - began > OVERDUE_SECONDS:
                return None
            await asyncio.sleep(pause)
            pause = min(_LOOK_LAST, pause * 1.2)
            answer = await self._look(key)
            if answer is not None:
                return answer
        return await self._look(key)

    @property
    def overall_rate(self) -> float:
        """Fresh answers a second, from the first to the last; 0 where there are too few to tell."""
        seconds = self._last - self._first
        return (self.fresh - 1) / seconds if seconds > 0 and self.fresh >= _RATED_AT_LEAST else 0.0

    def _rate(self) -> float:
        now = time.monotonic()
        recent = [each for each in list(self._answered_at) if now - each < _RATED_SECONDS]
        return len(recent) / (now - recent[0]) if len(recent) > 1 else 0.0


def _answer_in(kept: object | None) -> ModelAnswer | None:
    try:
        return None if kept is None else ModelAnswer.model_validate(kept)
    except ValidationError:
        return None


def _asked_again(request: ModelRequest, text: str, error: str) -> ModelRequest:
    return request.model_copy(
        update={
            "messages": (
                *request.messages,
                Message(role="assistant", content=text),
                Message(
                    role="user",
                    content=f"That reply cannot be used: {error}. Send the whole reply again,"
                    " as one JSON object that follows the schema.",
                ),
            )
        }
    )
