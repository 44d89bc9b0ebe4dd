"""Rows as lines of name and text, whatever their fields: only what was not shown before."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

# What a row is called by, the first of these that it has.
_CALLED = ("question", "title", "reason", "text", "id", "item", "document_id", "kind")
# What is worth a line of its own, however short it is.
_ALONE = frozenset({"answer", "quote", "why", "detail", "raw", "rationale", "item"})
# A chunk has the first two from its document, a question all of them: they were told there.
_INHERITED = ("license", "language", "split")
# Longer ones stand in a line of their own; still longer ones are told once.
_SHORT, _LONG = 48, 200
_NUMBERS = 12


class Field(NamedTuple):
    """A line of a row: how deep it stands, its name (none for what the row is called), its text."""

    depth: int
    name: str
    text: str


class Rows:
    """Shows rows; of one that was shown before, by its id, only what has come since.

    So a question that goes through many stages is told once, and then what each makes of it.
    """

    def __init__(self) -> None:
        self._shown: dict[str, Mapping[str, Any]] = {}
        self._texts: set[str] = set()

    def fields(self, row: Mapping[str, Any], depth: int = 0) -> list[Field]:
        """What is new of a row; nothing where all was shown."""
        named = str(row.get("id") or "")
        before = self._shown.get(named, {}) if named else {}
        fresh = {
            name: value
            for name, value in row.items()
            if not _is_empty(value) and before.get(name) != value
        }
        if not fresh:
            return []
        if named:
            self._shown[named] = {**before, **row}
        called = next((name for name in _CALLED if not _is_empty(row.get(name))), "")
        told = [Field(depth, "", _text(row[called]))] if called else []
        inherited = _INHERITED[: 3 if "question" in row else 2 if "document_id" in row else 0]
        beside: list[str] = []
        for name, value in fresh.items():
            if name == called or name in inherited:
                continue
            if isinstance(value, Mapping | list | tuple):
                told += self._nested(name, value, depth + 1)
            elif name in _ALONE or len(str(value)) > _SHORT:
                told.append(Field(depth + 1, name, self._alone(name, value)))
            else:
                beside.append(f"{name} {_text(value)}")
        if beside:
            told.append(Field(depth + 1, "", " · ".join(beside)))
        return told

    def known(self, item: str) -> str:
        """What a row that was shown is called, or nothing."""
        return headline(self._shown[item]) if item in self._shown else ""

    def _alone(self, name: str, value: object) -> str:
        """A text in a line of its own; an item with what it is called, a long text only once."""
        text = _text(value)
        if name == "item" and (called := self.known(text)):
            return f"{text}: {called}"
        if len(text) > _LONG and text in self._texts:
            return "(as above)"
        self._texts.add(text)
        return text

    def _nested(self, name: str, value: Any, depth: int) -> list[Field]:
        each = value if isinstance(value, list | tuple) else [value]
        if not any(isinstance(part, Mapping) for part in each):
            return [Field(depth, name, _list(each))]
        numbered = len(each) > 1
        return [
            field
            for at, part in enumerate(each, 1)
            for field in self._part(f"{name} {at}" if numbered else name, part, depth)
        ]

    def _part(self, name: str, part: Mapping[str, Any], depth: int) -> list[Field]:
        known = self.known(str(part.get("id") or ""))
        if known:
            return [Field(depth, name, known)]
        long = [it for it in part.values() if isinstance(it, str) and len(it) > _SHORT]
        if long or any(isinstance(it, Mapping | list | tuple) and it for it in part.values()):
            return [Field(depth, name, ""), *self.fields(part, depth + 1)]
        return [
            Field(
                depth,
                name,
                " · ".join(f"{key} {_text(it)}" for key, it in part.items() if it != []),
            )
        ]


def headline(row: Mapping[str, Any]) -> str:
    """A row in one line: the question with its answer, a title, or what else it is called by."""
    called = next((name for name in _CALLED if not _is_empty(row.get(name))), "")
    text = _text(row.get(called, ""))
    return f"{text} — {row['answer']}" if called == "question" and row.get("answer") else text


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | Sequence | Mapping) and not value)


def _text(value: object) -> str:
    if value is None or value == "":
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def _list(values: Sequence[Any]) -> str:
    shown = ", ".join(_text(each) for each in values[:_NUMBERS])
    return shown if len(values) <= _NUMBERS else f"{shown} and {len(values) - _NUMBERS} more"
