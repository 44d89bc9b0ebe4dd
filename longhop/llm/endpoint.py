"""One call to an OpenAI-compatible endpoint, its errors sorted by what can be done about them."""

import json
from functools import cache
from typing import Any

from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    DefaultAioHttpClient,
)

from longhop.errors import EndpointError
from longhop.records.model import Message, ModelAnswer, ModelRequest
from longhop.settings import Settings

# What an endpoint may understand, the strictest first.
ABILITIES = ("json_schema", "json_object", "text")


# What comes of reading an answer that has another shape than OpenAI's.
_OTHER_SHAPES = (AttributeError, TypeError, IndexError, KeyError, ValueError)


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

    def __init__(self, settings: Settings) -> None:
        self.address = settings.base_url
        self._key = settings.api_key.get_secret_value()
        self._ability = 0
        self._client = AsyncOpenAI(
            base_url=settings.base_url,
            api_key=self._key or "none",
            max_retries=0,  # one layer retries: the one above
            timeout=settings.timeout,
            http_client=DefaultAioHttpClient(timeout=settings.timeout),
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def models(self) -> frozenset[str] | None:
        """The models it lists, or None where it keeps no list.

        Raises:
            EndpointError: It cannot be reached, or does not accept the key.
        """
        try:
            page = await self._client.models.list(timeout=15)
        except APIConnectionError as error:
            raise EndpointError(
                f"endpoint {self.address} cannot be reached: {_cause(error)}"
            ) from None
        except APIStatusError as error:
            if error.status_code in (401, 403):
                raise EndpointError(f"endpoint {self.address} does not accept the key") from None
            return None
        except _OTHER_SHAPES as error:
            raise EndpointError(
                f"endpoint {self.address} does not speak as OpenAI's does; is /v1 missing?"
            ) from error
        try:
            return frozenset(model.id for model in page.data)
        except _OTHER_SHAPES:
            return None

    async def knows(self, model: str) -> bool:
        """Whether it answers to a model's name that it does not list, tried with one token."""
        try:
            await self._client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": "1"}], max_tokens=1
            )
        except APIStatusError as error:
            return error.status_code not in (400, 403, 404, 405)
        except APIConnectionError:
            return True
        except _OTHER_SHAPES:
            return False
        return True

    async def complete(self, request: ModelRequest, schema: str) -> ModelAnswer:
        """The answer to a request.

        Raises:
            Busy, Unavailable: Ask again later.
            Refused: Not this one.
            EndpointError: No request of this build can be answered.
        """
        while True:
            ability = self._ability
            try:
                return await self._call(request, schema, ABILITIES[ability])
            except APITimeoutError as error:
                raise Unavailable(f"no answer within {self._client.timeout} s") from error
            except APIConnectionError as error:
                raise Unavailable(_cause(error)) from error
            except APIStatusError as error:
                if self._steps_down(error, ability):
                    continue
                raise self._sorted(error, request.model) from None
            except ValueError as error:
                raise Unavailable("the answer broke off") from error

    async def _call(self, request: ModelRequest, schema: str, ability: str) -> ModelAnswer:
        """One request, read by us: the client's typed methods take half of a request's time."""
        body = {
            "model": request.model,
            "messages": _spoken(request.messages, schema, ability),
            "temperature": request.temperature,
            "max_tokens": request.max_tokens,
            **_format(request.reply, schema, ability),
        }
        completion: Any = await self._client.post("/chat/completions", cast_to=object, body=body)
        try:
            choice, usage = completion["choices"][0], completion.get("usage") or {}
            message = choice["message"]
            text = message.get("content") or message.get("refusal") or ""
            return ModelAnswer(
                text=text.encode("utf-8", "replace").decode(),  # lone surrogates cannot be stored
                finish=choice.get("finish_reason") or "",
                input_tokens=usage.get("prompt_tokens") or 0,
                output_tokens=usage.get("completion_tokens") or 0,
            )
        except _OTHER_SHAPES as error:
            raise Unavailable(f"the answer is no chat completion: {error}") from error

    def _sorted(self, error: APIStatusError, model: str) -> Exception:
        """What the status says can be done about it, without the key if it was repeated."""
        status, message = error.status_code, self._message(error)
        if status == 429 and "insufficient_quota" not in message:
            return Busy(message, _retry_after(error))
        if status in (401, 402, 403, 429):
            return EndpointError(
                f"endpoint {self.address} does not accept the key or its quota: {message}"
            )
        if status == 404:
            return EndpointError(f"endpoint {self.address} has no model {model!r}: {message}")
        if status in (408, 409, 425) or status >= 500:
            return Unavailable(f"{status}: {message}")
        return Refused(f"{status}: {message}")

    def _message(self, error: APIStatusError) -> str:
        body = error.body
        text = body.get("message") if isinstance(body, dict) else None
        said = str(text or error.message)
        return (said.replace(self._key, "***") if self._key else said)[:300]

    def _steps_down(self, error: APIStatusError, ability: int) -> bool:
        about_format = "response_format" in error.message or "json_schema" in error.message
        if error.status_code not in (400, 422) or not about_format:
            return False
        if ability + 1 >= len(ABILITIES):
            return False
        self._ability = max(self._ability, ability + 1)
        return True


@cache
def _format(reply: str, schema: str, ability: str) -> dict[str, Any]:
    if ability == "json_schema":
        content = json.loads(schema)
        content.pop("title", None)
        named = {"name": reply, "strict": True, "schema": content}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    if ability == "json_object":
        return {"response_format": {"type": "json_object"}}
    return {}


def _spoken(messages: tuple[Message, ...], schema: str, ability: str) -> Any:
    spoken = [{"role": each.role, "content": each.content} for each in messages]
    if ability != "json_schema":
        spoken[0]["content"] += (
            "\n\nAnswer with one JSON object and nothing else. It follows this schema:\n"
            + json.dumps(json.loads(schema), ensure_ascii=False)
        )
    return spoken


def _retry_after(error: APIStatusError) -> float:
    try:
        return min(60.0, max(0.0, float(error.response.headers.get("retry-after", "0.5"))))
    except ValueError:
        return 1.0


def _cause(error: Exception) -> str:
    cause = error.__cause__ or error
    return f"{type(cause).__name__}: {cause}".rstrip(": ")[:300]
