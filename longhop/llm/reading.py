"""One tolerant reader, then strict validation. A reply is never guessed from a substring."""

import json
from typing import Any, TypeVar

import json_repair
from pydantic import ValidationError

from longhop.records.replies import Reply

P = TypeVar("P", bound=Reply)


class Unreadable(Exception):
    """The reply is not what was asked for; the message says where, for the next attempt."""


def read_reply(text: str, kind: type[P]) -> P:
    """The reply in a text that may hold fences, prose around it or trailing commas.

    Raises:
        Unreadable: There is no JSON object in it, or the object does not fit the schema.
    """
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise Unreadable("there is no whole JSON object in the reply")
    whole = text[start : end + 1]
    try:
        content = _storable(json.loads(whole))
    except (ValueError, RecursionError):
        content = _storable(json_repair.loads(whole))
    if not isinstance(content, dict):
        raise Unreadable("the reply is not one JSON object")
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)[:5]
        )
        raise Unreadable(wrong) from error


def _storable(value: Any) -> Any:
    """The value without lone surrogates, which an escape can hold and no file can."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else value
