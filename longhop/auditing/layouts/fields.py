"""What stands in the fields of a row, whichever of the usual ways it is written there."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from longhop.auditing.items import Unfit
from longhop.corpus.reading.rows import storable

Row = Mapping[str, Any]


def text_of(row: Row, name: str) -> str:
    """The text under a name.

    Raises:
        Unfit: There is none.
    """
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unfit(f"{name!r} holds no text")
    return storable(value)


def word_of(row: Row, *names: str) -> str:
    """The first of the names under which there is a text or a number, as a text."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return storable(value).strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def list_of(row: Row, name: str) -> list[Any]:
    """The list under a name; where there is none, an empty one.

    Raises:
        Unfit: Something else stands there.
    """
    value = row.get(name)
    if value is None:
        return []
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise Unfit(f"{name!r} is no list")
    return list(value)


def rows_of(row: Row, name: str) -> list[Row]:
    """The objects in the list under a name.

    Raises:
        Unfit: One of them is no object.
    """
    found = list_of(row, name)
    if not all(isinstance(each, Mapping) for each in found):
        raise Unfit(f"{name!r} holds something that is no object")
    return cast(list[Row], found)


def count_of(row: Row, *names: str) -> int | None:
    """The whole number under the first of the names that has one."""
    for name in names:
        value = row.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().isdigit():
            return int(value)
    return None


def answers_of(*values: Any) -> tuple[str, ...]:
    """The answers in whatever form: a text, a number, texts in a list, or objects with a text."""
    found: dict[str, None] = {}
    for value in values:
        for each in _texts(value):
            if each.strip():
                found.setdefault(storable(each).strip())
    return tuple(found)


def licenses_of(row: Row) -> tuple[str, ...]:
    """What a row says of its licence."""
    return answers_of(row.get("license"), row.get("licence"), row.get("licenses"))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, int | float):
        return [str(value)]
    if isinstance(value, Mapping):
        return _texts(value.get("text", value.get("answer")))
    if isinstance(value, Sequence):
        return [text for each in value for text in _texts(each)]
    return []
