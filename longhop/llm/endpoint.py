"""One call to an OpenAI-compatible endpoint, its errors sorted by what can be done about them."""

import os
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import isnan
from typing import Any

from openai import (
    APIConnectionError,
    APIStatusError,
    AsyncOpenAI,
    DefaultAioHttpClient,
)

from longhop.errors import EndpointError
from longhop.llm.abilities import Abilities
from longhop.llm.completions import OTHER_SHAPES, answer_of, body_of, error_in
from longhop.llm.posting import Failed, NoAnswer, Poster, Untrusted
from longhop.records.model import Message, ModelAnswer, ModelRequest
from longhop.secrets import Scrubber, scrub, shown_address
from longhop.settings import Settings

_TRIAL_TOKENS = 64
_LONGEST_SECONDS = 30 * 86400.0
_TRIAL_SCHEMA = (
    '{"type": "object", "properties": {"ready": {"type": "boolean"}}, "required": ["ready"],'
    ' "additionalProperties": false}'
)
# How endpoints speak of a wish for structure that they do not understand.
_ABOUT_FORMAT = ("response_format", "json_schema", "json_object", "guided", "grammar")


class Busy(Exception):
    """The endpoint is full; `retry_after` seconds are asked for."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Exception):
    """No answer this time: a cut connection, a time-out, a server's error."""


class Refused(Exception):
    """The endpoint will not answer this request, however often it is asked."""


class Endpoint:
    """Speaks to one endpoint, and steps down to what it understands of structured answers."""

    def __init__(self, settings: Settings, abilities: Abilities | None = None) -> None:
        self.address = shown_address(settings.base_url)
        self.abilities = abilities or Abilities(self.address)
        key = settings.api_key.get_secret_value()
        self._scrub = Scrubber({**os.environ, "API_KEY": key, "BASE_URL": settings.base_url})
        self.client = AsyncOpenAI(
            base_url=settings.base_url,
            api_key=key or "none",
            max_retries=0,  # one layer retries: the one above
            timeout=settings.timeout,
            http_client=DefaultAioHttpClient(timeout=settings.timeout),
        )
        self._poster = Poster(self.client, "chat/completions", settings.timeout)
        # Newer models of OpenAI want their limit under another name.
        self._length: dict[str, str] = {}

    async def close(self) -> None:
        """Let go of the connections."""
        await self._poster.close()
        await self.client.close()

    async def models(self) -> frozenset[str] | None:
        """The models it lists, or None where it keeps no list.

        Raises:
            EndpointError: It cannot be reached, or does not accept the key.
        """
        try:
            page = await self.client.models.list(timeout=15)
        except APIConnectionError as error:
            raise EndpointError(
                f"endpoint {self.address} cannot be reached ({cause_of(error)}); is it running?"
                " OPENAI_BASE_URL names it"
            ) from None
        except APIStatusError as error:
            if error.status_code in (401, 403):
                raise EndpointError(f"endpoint {self.address} does not accept the key") from None
            return None
        except OTHER_SHAPES as error:
            raise EndpointError(
                f"endpoint {self.address} does not speak as OpenAI's does; is /v1 missing?"
            ) from error
        try:
            return frozenset(model.id for model in page.data)
        except OTHER_SHAPES:
            return None

    async def knows(self, model: str) -> bool:
        """Whether it answers to a model's name that it does not list, tried with one token."""
        try:
            await self.client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": "1"}], max_tokens=1
            )
        except APIStatusError as error:
            return error.status_code not in (400, 403, 404, 405)
        except APIConnectionError:
            return True
        except OTHER_SHAPES:
            return False
        return True

    async def try_out(self, model: str, temperature: float) -> str:
        """What a model understands of structured answers, found out by a tiny request if unknown.

        Raises:
            EndpointError: It refuses even that; the message says why.
        """
        if not self.abilities.knows(model):
            try:
                await self.ping(model, temperature)
            except Refused as error:
                raise EndpointError(
                    f"endpoint {self.address} refuses a plain request of {model!r}: {error}"
                ) from None
            except (Busy, Unavailable):
                pass  # it may be full now: the first request of the build finds it out
        return self.abilities.of(model)

    async def ping(self, model: str, temperature: float) -> None:
        """Ask for next to nothing; raises as `complete` does."""
        asked = Message(role="user", content='Send the JSON object {"ready": true}.')
        request = ModelRequest(
            messages=(Message(role="system", content="You send JSON."), asked),
            model=model,
            temperature=temperature,
            max_tokens=_TRIAL_TOKENS,
            reply="trial",
            reply_schema="",
        )
        await self.complete(request, _TRIAL_SCHEMA)

    async def complete(self, request: ModelRequest, schema: str) -> ModelAnswer:
        """The answer to a request.

        Raises:
            Busy, Unavailable: Ask again later.
            Refused: Not this one.
            EndpointError: No request of this build can be answered.
        """
        async with self.abilities.finding(request.model):
            while True:
                ability = self.abilities.of(request.model)
                try:
                    answer = await self._ask(request, schema)
                except NoAnswer as error:
                    raise Unavailable(self._scrub(str(error))[:300]) from error
                except Failed as error:
                    if self.adapts(request.model, ability, error.status, str(error.body)):
                        continue
                    raise self.sorted(
                        error.status, error.body, request.model, error.headers
                    ) from None
                except Untrusted as error:
                    raise EndpointError(f"endpoint {self.address}: {error}") from None
                self.abilities.answered(request.model, ability, answer.text)
                return answer

    async def _ask(self, request: ModelRequest, schema: str) -> ModelAnswer:
        completion = await self._poster.post(self.body(request, schema))
        status = error_in(completion)
        if status is not None:  # some endpoints say 200 and mean something else
            raise Failed(status, completion, {})
        try:
            return answer_of(completion).or_guessed(request)
        except OTHER_SHAPES as error:
            raise NoAnswer(f"the answer is no chat completion: {type(error).__name__}") from error

    def body(self, request: ModelRequest, schema: str) -> dict[str, Any]:
        """A request in the form that the endpoint understands, as far as that is known."""
        length = self._length.get(request.model, "max_tokens")
        return body_of(request, schema, self.abilities.of(request.model), length)

    def adapts(self, model: str, ability: str, status: int, message: str) -> bool:
        """Whether an error was about the form of a request, and the form is another one now."""
        if status not in (400, 415, 422, 501):
            return False
        if "max_completion_tokens" in message and model not in self._length:
            self._length[model] = "max_completion_tokens"
            return True
        about_format = any(each in message for each in _ABOUT_FORMAT)
        return about_format and self.abilities.step_down(model, ability)

    def sorted(
        self, status: int, body: object, model: str, headers: Mapping[str, str]
    ) -> Exception:
        """What a status says can be done about it, without the key if it was repeated."""
        message = self._message(body)
        if status == 429 and "insufficient_quota" not in message:
            return Busy(message, retry_after(headers))
        if status in (401, 402, 403, 429):
            return EndpointError(
                f"endpoint {self.address} does not accept the key or its quota: {message}"
            )
        if status == 404:
            return EndpointError(f"endpoint {self.address} has no model {model!r}: {message}")
        if 300 <= status < 400:
            return EndpointError(
                f"endpoint {self.address} is at another address: {headers.get('location', '?')}"
            )
        if status in (408, 409, 425) or status >= 500:
            return Unavailable(f"{status}: {message}")
        return Refused(f"{status}: {message}")

    def _message(self, body: object) -> str:
        error = body.get("error", body) if isinstance(body, dict) else body
        known = isinstance(error, dict) and (error.get("message") or error.get("detail"))
        return self._scrub(str(known or error))[:300]


def retry_after(headers: Mapping[str, str]) -> float:
    """The seconds that an endpoint wants to be left alone for: half a one where it does not say."""
    try:
        if "retry-after-ms" in headers:
            return _finite(float(headers["retry-after-ms"]) / 1000)
        said = headers.get("retry-after", "0.5")
        if said.replace(".", "", 1).isdigit():
            return _finite(float(said))
        date = parsedate_to_datetime(said)
        dated = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
        return _finite(dated.timestamp() - time.time())
    except (ValueError, OverflowError):
        return 1.0


def _finite(seconds: float) -> float:
    """Seconds that make sense: no more than a month."""
    if isnan(seconds):
        raise ValueError("not a number of seconds")
    return min(max(0.0, seconds), _LONGEST_SECONDS)


def cause_of(error: Exception) -> str:
    """What is behind an error of the connection, in a line."""
    cause = error.__cause__ or error
    return scrub(f"{type(cause).__name__}: {cause}".rstrip(": "))[:300]
