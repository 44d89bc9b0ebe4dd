"""Asks a model: remembered where it was asked before, once where it is asked twice at once."""

import asyncio
import random
import time
import uuid
from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from longhop.errors import EndpointDown, EndpointError
from longhop.llm.endpoint import Busy, Endpoint, Refused, Unavailable
from longhop.llm.meter import count_answer
from longhop.llm.pacing import Pace
from longhop.llm.prompts import PromptBook
from longhop.llm.reading import Unreadable, read_reply
from longhop.ports import NoReply
from longhop.records.model import Message, ModelAnswer, ModelRequest, Prompt
from longhop.records.replies import Reply
from longhop.storage.memo import Memo

P = TypeVar("P", bound=Reply)

TRIES = 6
# An endpoint that answered nothing and refused this many wants something else of every request.
REFUSALS = 10
_ADMITTED = 64
# How often a build looks whether another one of this machine has the answer it asks for.
_LOOK_EVERY = 0.05


class RememberingModel:
    """The ChatModel of a build: memo, pace, retries, reading, and one re-ask."""

    def __init__(
        self, endpoint: Endpoint, memo: Memo, prompts: PromptBook, *, cap: int, patience: float
    ) -> None:
        self.endpoint = endpoint
        self.memo = memo
        self.prompts = prompts
        self.patience = patience
        self.fresh = 0
        self.remembered = 0
        self._pace = Pace(cap)
        # So many prompts are rendered at once: all of a shard's could fill the memory.
        self._admitted = asyncio.Semaphore(max(_ADMITTED, 2 * cap))
        self._name = uuid.uuid4().hex
        self._waiting: dict[str, asyncio.Future[ModelAnswer]] = {}
        self._last_answer = -1.0
        self._failing_since: float | None = None
        self._first_cause = ""
        self._down: EndpointDown | None = None
        self._refusals = 0

    async def ask(
        self, prompt: Prompt, language: str, values: Mapping[str, object], reply: type[P]
    ) -> P | NoReply:
        """The validated reply to a prompt, asked once more where it was not valid."""
        async with self._admitted:
            return await self._ask(prompt, language, values, reply)

    async def _ask(
        self, prompt: Prompt, language: str, values: Mapping[str, object], reply: type[P]
    ) -> P | NoReply:
        schema = self.prompts.text(prompt.reply_schema)
        request = ModelRequest(
            messages=self.prompts.messages(prompt, language, values),
            model=prompt.model,
            temperature=prompt.temperature,
            max_tokens=prompt.max_tokens,
            reply=prompt.reply,
            reply_schema=prompt.reply_schema,
        )
        try:
            first = await self._answer(request, request.key, schema)
            try:
                return read_reply(first.text, reply)
            except Unreadable as error:
                again = _asked_again(request, first.text, str(error))
            second = await self._answer(again, f"{request.key}+1", schema)
        except Refused as error:
            self._note_refusal(error)
            return NoReply(refused=True, detail=str(error), raw="")
        try:
            return read_reply(second.text, reply)
        except Unreadable as error:
            return NoReply(refused=False, detail=str(error), raw=second.text)

    async def _answer(self, request: ModelRequest, key: str, schema: str) -> ModelAnswer:
        kept = self._kept(key)
        if kept is not None:
            self.remembered += 1
            answer = kept
        elif key in self._waiting:
            self.remembered += 1
            answer = await asyncio.shield(self._waiting[key])
        else:
            answer = await self._fetch(request, key, schema)
        count_answer(answer)
        return answer

    def _kept(self, key: str) -> ModelAnswer | None:
        """The remembered answer; one in another form is no answer, and asked for again."""
        kept = self.memo.get(key)
        try:
            return None if kept is None else ModelAnswer.model_validate(kept)
        except ValidationError:
            return None

    async def _fetch(self, request: ModelRequest, key: str, schema: str) -> ModelAnswer:
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[key] = waiting
        try:
            answer = await self._asked_elsewhere(key)
            if answer is None:
                try:
                    answer = await self._persist(request, schema)
                    self.memo.put(key, answer.model_dump())
                    self.fresh += 1
                finally:
                    self.memo.release(key)
            else:
                self.remembered += 1
            waiting.set_result(answer)
        except BaseException as error:
            waiting.set_exception(error)
            waiting.exception()  # read here, so that nobody is told of it who did not wait
            raise
        finally:
            del self._waiting[key]
        return answer

    async def _asked_elsewhere(self, key: str) -> ModelAnswer | None:
        """The answer that another build of this machine is waiting for, or None once it is ours.

        A claim ends with the process that made it, so this waits for no dead one.
        """
        while not self.memo.claim(key, self._name):
            await asyncio.sleep(_LOOK_EVERY)
            answer = self._kept(key)
            if answer is not None:
                return answer
        answer = self._kept(key)
        if answer is not None:
            self.memo.release(key)
        return answer

    async def _persist(self, request: ModelRequest, schema: str) -> ModelAnswer:
        """Try until there is an answer, a refusal, or no hope. Back off outside the slot."""
        first_failure, failures = 0.0, 0
        while True:
            if self._down is not None:
                raise self._down
            try:
                async with self._pace.slot() as in_flight:
                    answer = await self.endpoint.complete(request, schema)
            except Busy as error:
                self._pace.was_full(in_flight, error.retry_after)
                self._note_failure(str(error))
                await asyncio.sleep(error.retry_after * (1 + random.random() / 2))
            except Unavailable as error:
                first_failure = first_failure or time.monotonic()
                failures += 1
                self._pace.failed()
                self._note_failure(str(error))
                if failures >= TRIES and self._last_answer > first_failure:
                    raise Refused(f"no answer in {TRIES} tries: {error}") from error
                await asyncio.sleep(min(20.0, 0.25 * 2**failures) * (0.5 + random.random()))
            else:
                self._pace.succeeded()
                self._last_answer = time.monotonic()
                self._failing_since = None
                return answer

    def _note_refusal(self, error: Refused) -> None:
        """Stop a build of which no request will ever be answered."""
        self._refusals += 1
        if self._refusals >= REFUSALS and self._last_answer < 0:
            raise EndpointError(
                f"endpoint {self.endpoint.address} refused all of {self._refusals} requests and"
                f" answered none; the last time it said: {error}"
            ) from None

    def _note_failure(self, cause: str) -> None:
        """Break the circuit once nothing at all was answered for as long as patience lasts."""
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since, self._first_cause = now, cause
        waited = now - self._failing_since
        if waited > self.patience:
            self._down = EndpointDown(
                f"endpoint {self.endpoint.address} gave no answer for {waited:.0f} s; it began"
                f" with: {self._first_cause}. Every answer so far is kept: build again to go on."
            )
            raise self._down


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
