"""A spec as a form: a dozen flat fields for what most datasets differ in, and the rest beside them.

A form says each thing in one place: what has a field of its own is refused in `advanced`.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from longhop.errors import ConfigError
from longhop.spec import DatasetSpec
from longhop.spec.loading import parse_spec

# Where each field of the form stands in a spec.
PLACES = {
    "name": ("name",),
    "corpus": ("corpus", "paths"),
    "model": ("models", "default", "name"),
    "reference": ("selection", "reference"),
    "seeds": ("seeds", "path"),
    "documents": ("selection", "documents"),
    "groups": ("questions", "groups"),
    "lengths": ("contexts", "tokens"),
    "answers": ("budget", "answers"),
    "money": ("budget", "money"),
}

# Fields and sections that say nothing of rows of a kind: datasets of pairs end before rows of
# several hops, and of seed pairs no document is asked anything.
_BEYOND = {
    "": frozenset[str](),
    "pairs": frozenset({"seeds", "groups", "lengths"}),
    "contexts": frozenset({"documents", "reference", "groups", "selection", "questions"}),
}


def spec_of(fields: Mapping[str, Any], advanced: Mapping[str, Any]) -> DatasetSpec:
    """The spec that a form says; a field that is None is not given.

    Raises:
        ConfigError: A field is wrong, or stands in `advanced` although it has one of its own.
    """
    content = deepcopy(dict(advanced))
    for name, place in PLACES.items():
        if _at(content, place) is not None:
            raise ConfigError(
                f"advanced holds {'.'.join(place)}, which is the field {name!r} of the form: say it"
                " there alone"
            )
        if fields.get(name) is not None:
            _put(content, place, fields[name])
    return parse_spec(content, origin="the form")


def require_inputs(spec: DatasetSpec, kind: str = "") -> None:
    """Refuse a spec that does not say what rows of a kind are made of.

    Raises:
        ConfigError: There are no documents, or for contexts no seed pairs.
    """
    if kind == "contexts" and spec.seeds.path is None:
        raise ConfigError("seeds.path: contexts are written for trusted pairs; give a file of them")
    if kind != "contexts" and not spec.corpus.paths:
        raise ConfigError(
            "corpus.paths: give files, folders or globs; `longhop synthesize` alone does without"
            " (its estimate is `longhop estimate --contexts`)"
        )


def form_of(spec: DatasetSpec, kind: str = "") -> dict[str, Any]:
    """The form that says a spec: its flat fields, and `advanced` with all else that it states.

    A spec may say more than the rows of its `kind` rest on; that is left out.

    Raises:
        ConfigError: It does not say what they are made of.
    """
    require_inputs(spec, kind)
    content: dict[str, Any] = deepcopy(spec.stated())
    fields: dict[str, Any] = {}
    for name, place in PLACES.items():
        value = _take(content, place)
        if value is not None and name not in _BEYOND[kind]:
            fields[name] = value
    advanced = {name: each for name, each in content.items() if name not in _BEYOND[kind]}
    return {**fields, "advanced": advanced}


def _at(content: Any, place: tuple[str, ...]) -> Any:
    for part in place:
        if not isinstance(content, dict):
            return None
        content = content.get(part)
    return content


def _put(content: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    *above, last = place
    for part in above:
        inner = content.setdefault(part, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"advanced: {part} holds fields of its own; it is {inner!r}")
        content = inner
    content[last] = value


def _take(content: dict[str, Any], place: tuple[str, ...]) -> Any:
    """Take out what stands at a place, and what is empty without it."""
    first, *rest = place
    if first not in content:
        return None
    if not rest:
        return content.pop(first)
    value = _take(content[first], tuple(rest))
    if not content[first]:
        del content[first]
    return value
