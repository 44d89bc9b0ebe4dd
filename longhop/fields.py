"""What a person wrote into a YAML file, checked: a value, or one message with what would be right.

Spec, price list and conduct are read so.
"""

import difflib
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from longhop.errors import ConfigError

_T = TypeVar("_T")
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")


def read_fields(path: Path, kind: type[_T], *, what: str, hint: str) -> _T:
    """The fields in a YAML file, as a `kind`: a pydantic model or dataclass.

    Raises:
        ConfigError: The file cannot be read, holds no fields, or one is wrong; the message says
            `what` it is, and names every such field, its value and what would be right.
    """
    return check_fields(read_mapping(path, what=what, hint=hint), kind, origin=f"{what} {path}")


def read_mapping(path: Path, *, what: str, hint: str) -> dict[Any, Any]:
    """The fields in a YAML file, as they are written; raises ConfigError as `read_fields` does."""
    named = f"{what} {path}"
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _OnceLoader)  # a safe loader
    except UnicodeDecodeError as error:
        raise ConfigError(f"{named} is not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise ConfigError(f"{named}: {error.strerror}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"{named} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{named} holds no fields; {hint}")
    return content


class _OnceLoader(yaml.SafeLoader):
    """Of a field that stands twice, YAML would take the last without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        named = [each.value for each, _ in node.value if isinstance(each, yaml.ScalarNode)]
        for each in named:
            if each != "<<" and named.count(each) > 1:
                raise ValueError(f"{each!r} stands twice, at line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)


def check_fields(content: Mapping[Any, Any], kind: type[_T], *, origin: str) -> _T:
    """The fields in a mapping, as a `kind`; raises ConfigError as `read_fields` does."""
    try:
        # As JSON, where a strict kind takes a list for a tuple and a mapping for a dataclass.
        return TypeAdapter(kind).validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        wrong = "\n".join(f"  {_explain(each, kind)}" for each in error.errors(include_url=False))
        raise ConfigError(f"{origin} is wrong in:\n{wrong}") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigError(f"{origin} holds what no field can: {error}") from error


def _explain(error: Any, kind: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] in _UNKNOWN:
        *above, name = error["loc"]
        near = difflib.get_close_matches(str(name), _fields_of(_at(kind, above)), n=1)
        return f"{place}: there is no such field{f'; did you mean {near[0]!r}?' if near else ''}"
    if error["type"] == "missing":
        return f"{place}: must be given"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"{place}: {message}"
    return f"{place}: {message[0].lower()}{message[1:]}; it is {error['input']!r}"


def _at(kind: Any, place: list[Any]) -> Any:
    """The kind of what lies at a place within a kind."""
    for part in place:
        inner = get_args(kind)
        if get_origin(kind) in (dict, Mapping, list, tuple):
            kind = inner[1] if len(inner) > 1 and inner[1] is not ... else inner[0]
        else:
            kind = _fields_of(kind).get(part)
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        if get_origin(kind) in (Union, types.UnionType):
            kind = next((each for each in get_args(kind) if _fields_of(each)), None)
    return kind


def _fields_of(kind: Any) -> dict[str, Any]:
    """The kinds of the fields of a model or dataclass, by name; of anything else none."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: info.annotation for name, info in kind.model_fields.items()}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {each.name: hints[each.name] for each in fields(kind)}
    return {}
