"""From a YAML file to a spec, or to one message that says what would be right."""

import difflib
import types
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from longhop.errors import ConfigError
from longhop.spec import DatasetSpec


def load_spec(path: Path) -> DatasetSpec:
    """The spec in a YAML file.

    Raises:
        ConfigError: The file cannot be read, is no mapping, or a field is wrong; the message
            names every such field, its value and what would be right.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"spec {path} is not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise ConfigError(f"spec {path}: {error.strerror}") from error
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"spec {path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise ConfigError(f"spec {path} holds no fields; `longhop init` writes one to start from")
    return parse_spec(content, origin=f"spec {path}")


def parse_spec(content: dict[Any, Any], *, origin: str = "spec") -> DatasetSpec:
    """The spec in a mapping; raises ConfigError as `load_spec` does."""
    try:
        return DatasetSpec.model_validate(content)
    except ValidationError as error:
        wrong = "\n".join(f"  {_explain(each)}" for each in error.errors(include_url=False))
        raise ConfigError(f"{origin} is wrong in:\n{wrong}") from error


def _explain(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _fields_at(error["loc"][:-1]), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{place}: there is no such field{hint}"
    if error["type"] == "missing":
        return f"{place}: must be given"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"{place}: {message}"
    return f"{place}: {message[0].lower()}{message[1:]}; it is {error['input']!r}"


def _fields_at(place: tuple[Any, ...]) -> list[str]:
    kind: Any = DatasetSpec
    for part in place:
        info = kind.model_fields.get(part) if isinstance(part, str) else None
        if info is None:
            return []
        kind = info.annotation
        if get_origin(kind) in (Union, types.UnionType):
            (kind,) = (each for each in get_args(kind) if each is not type(None))
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return []
    return list(kind.model_fields)
