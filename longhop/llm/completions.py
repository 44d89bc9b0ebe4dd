"""What a chat completion request and its answer look like on the wire."""

import json
from functools import cache
from typing import Any

from longhop.records.model import Message, ModelAnswer, ModelRequest
from longhop.secrets import scrub

# What comes of reading an answer that has another shape than OpenAI's.
OTHER_SHAPES = (AttributeError, TypeError, IndexError, KeyError, ValueError, RecursionError)


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
    choice, usage = completion["choices"][0], completion.get("usage")
    message = choice["message"]
    text = _text_of(message.get("content")) or _text_of(message.get("refusal"))
    finish = choice.get("finish_reason")
    if finish == "error" and not text:
        raise ValueError("the endpoint ended it with an error")
    counted = usage if isinstance(usage, dict) else {}
    return ModelAnswer(
        # Lone surrogates cannot be stored; a secret that an endpoint repeats must not be.
        text=scrub(text.encode("utf-8", "replace").decode()),
        finish=scrub(finish) if isinstance(finish, str) else "",
        input_tokens=_count(counted.get("prompt_tokens")),
        output_tokens=_count(counted.get("completion_tokens")),
    )


def error_in(completion: Any) -> int | None:
    """The status of an error that came as if it were an answer; None where it is none."""
    if not isinstance(completion, dict) or completion.get("choices"):
        return None
    error = completion.get("error")
    if not error:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and 400 <= code < 600 else 502


def _text_of(content: Any) -> str:
    """The text of a message, which may come in parts."""
    if isinstance(content, list):
        parts = [each.get("text") if isinstance(each, dict) else each for each in content]
        return "".join(each for each in parts if isinstance(each, str))
    if content is None or isinstance(content, str):
        return content or ""
    raise TypeError("the content is no text")


def _count(tokens: Any) -> int:
    """A number of tokens; what is none counts as unknown."""
    sound = isinstance(tokens, int | float) and not isinstance(tokens, bool) and 0 <= tokens < 1e12
    return int(tokens) if sound else 0


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
