"""From a YAML file to a conduct, or to one message that says what would be right."""

import difflib
import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError

from longhop.rehearsal.conduct import Conduct


def read_conduct(path: Path) -> Conduct:
    """The conduct in a YAML file of its fields; an empty file is the default.

    Raises:
        ValueError: The file is no YAML mapping, or a field is wrong; the message names every such
            field, its value and what would be right.
        OSError: It cannot be read.
    """
    try:
        content = yaml.safe_load(path.read_bytes())
        # As JSON, since a strict list there may stand for a tuple.
        written = json.dumps({} if content is None else content, default=str)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(f"conduct {path} is not YAML: {' '.join(str(error).split())}") from error
    if not written.startswith("{"):
        raise ValueError(f"conduct {path} holds no fields, such as `error_share: 0.1`")
    try:
        return TypeAdapter(Conduct).validate_json(written)
    except ValidationError as error:
        wrong = "\n".join(f"  {_explain(each)}" for each in error.errors(include_url=False))
        raise ValueError(f"conduct {path} is wrong in:\n{wrong}") from error


def _explain(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "unexpected_keyword_argument":
        near = difflib.get_close_matches(str(error["loc"][-1]), _fields_at(error["loc"][:-1]), n=1)
        return f"{place}: there is no such field{f'; did you mean {near[0]!r}?' if near else ''}"
    message = error["msg"]
    return f"{place}: {message[0].lower()}{message[1:]}; it is {error['input']!r}"


def _fields_at(place: tuple[Any, ...]) -> list[str]:
    kind: Any = Conduct
    for part in place:
        kind = get_type_hints(kind).get(part) if is_dataclass(kind) else None
    return [each.name for each in fields(kind)] if is_dataclass(kind) else []
