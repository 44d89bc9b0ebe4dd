"""From the body of a chat completion request to the body of its response, errors included."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any

from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.model import Model, reply
from longhop.rehearsal.prompting import Prompt, parse

_FORMATS = ("text", "json_object", "json_schema")


@dataclass(frozen=True)
class Answer:
    """A response: status, body, what has to be said beside them, and how it misbehaves."""

    status: int
    content: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    misbehaves: str = ""

    @property
    def tokens(self) -> int:
        """The tokens of the completion; none of an error."""
        return int(self.content.get("usage", {}).get("completion_tokens", 0))


@dataclass(frozen=True)
class Asked:
    """A chat completion request that was understood as such."""

    body: Mapping[str, Any]
    prompt: Prompt

    @cached_property
    def key(self) -> str:
        """The hash of what it says, however that is written down."""
        written = json.dumps(self.body, sort_keys=True)
        return blake2b(written.encode(), digest_size=16).hexdigest()

    @property
    def task(self) -> str:
        """Which of the library's prompts it is."""
        return self.prompt.task or "unknown"

    @cached_property
    def tokens(self) -> int:
        """How long the prompt is: a quarter of its letters."""
        return sum(len(str(message["content"])) for message in self.body["messages"]) // 4 + 1


NO_REQUEST = "The body is not a chat completion request."


def read_request(body: Any) -> Asked | Answer:
    """The request that a body holds, or the error for a body that holds none."""
    try:
        asked = Asked(body, parse(body))
        _ = asked.key, asked.tokens
    except (ValueError, KeyError, TypeError, AttributeError):
        return problem(400, NO_REQUEST, "invalid_request")
    return asked


def object_to(asked: Asked, models: Mapping[str, Model], conduct: Conduct) -> Answer | None:
    """The error for a request that will never be answered; None for the others."""
    name = asked.body.get("model")
    if not isinstance(name, str) or name not in models:
        there = " and ".join(f"`{each}`" for each in models)
        return problem(404, f"The model `{name}` does not exist; there is {there}.",
                       "model_not_found")  # fmt: skip
    if asked.body.get("stream"):
        return problem(400, "Streaming is not supported.", "unsupported")
    wanted = (asked.body.get("response_format") or {}).get("type", "text")
    if wanted not in _FORMATS[: _FORMATS.index(conduct.understands) + 1]:
        message = f"'response_format' of type '{wanted}' is not supported by this server."
        return problem(400, message, "unsupported_value", "response_format", misbehaves="format")
    return None


def complete(asked: Asked, model: Model, conduct: Conduct) -> Answer:
    """What the model says to a request, as a chat completion."""
    said = reply(model, asked.prompt, conduct)
    told = said.refusal or said.text or ""
    usage = {"prompt_tokens": asked.tokens, "completion_tokens": len(told) // 4 + 1}
    message = {"role": "assistant", "content": said.text, "refusal": said.refusal}
    content = {
        "id": f"chatcmpl-{blake2b(repr(asked.prompt).encode(), digest_size=12).hexdigest()}",
        "object": "chat.completion",
        "created": 0,
        "model": model.name,
        "choices": [
            {"index": 0, "message": message, "logprobs": None, "finish_reason": said.finish}
        ],
        "usage": {**usage, "total_tokens": sum(usage.values())},
    }
    return Answer(200, content, misbehaves=said.spoilt)


def problem(
    status: int,
    message: str,
    code: str | None,
    param: str | None = None,
    *,
    headers: dict[str, str] | None = None,
    misbehaves: str = "",
) -> Answer:
    """An error as OpenAI words it."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    error = {"message": message, "type": kind, "param": param, "code": code}
    return Answer(status, {"error": error}, headers or {}, misbehaves)
