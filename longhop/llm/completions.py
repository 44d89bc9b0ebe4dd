"""What a chat completion request and its answer look like on the wire."""

import json
from functools import cache
from typing import Any

from longhop.records.model import Message, ModelAnswer, ModelRequest
from longhop.secrets import scrub

# What comes of reading an answer that has another shape than OpenAI's.
OTHER_SHAPES = (AttributeError, TypeError, IndexError, KeyError, ValueError)


def body_of(request: ModelRequest, schema: str, ability: str, length: str) -> dict[str, Any]:
    """The body of a request for an endpoint of that ability, which calls its limit `length`."""
    return {
        "model": request.model,
        "messages": _spoken(request.messages, schema, ability),
        "temperature": request.temperature,
        length: request.max_tokens,
        **_format(request.reply, schema, ability),
    }


def answer_of(completion: Any) -> ModelAnswer:
    """The answer in a completion.

    Raises:
        AttributeError, TypeError, IndexError, KeyError, ValueError: It has another shape.
    """
    choice, usage = completion["choices"][0], completion.get("usage") or {}
    message = choice["message"]
    text = message.get("content") or message.get("refusal") or ""
    return ModelAnswer(
        # Lone surrogates cannot be stored; a secret that an endpoint repeats must not be.
        text=scrub(text.encode("utf-8", "replace").decode()),
        finish=choice.get("finish_reason") or "",
        input_tokens=usage.get("prompt_tokens") or 0,
        output_tokens=usage.get("completion_tokens") or 0,
    )


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


def _spoken(messages: tuple[Message, ...], schema: str, ability: str) -> list[dict[str, str]]:
    spoken = [{"role": each.role, "content": each.content} for each in messages]
    if ability != "json_schema":
        spoken[0]["content"] += (
            "\n\nAnswer with one JSON object and nothing else. It follows this schema:\n"
            + json.dumps(json.loads(schema), ensure_ascii=False)
        )
    return spoken
