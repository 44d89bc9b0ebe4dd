"""What is nearly JSON, read sign by sign in every way there is. Nothing is guessed or left out."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

# How many signs are read, those read twice included, before a text is given up.
_MOST_READ = 1_000_000

_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_LITERALS = {"True": "true", "False": "false", "None": "null"}

# White space, signs without width, and comments. One with a quote may be the rest of a string.
_SAID = r"(?:[^\n\"”'’*]|\b['’]\b|\*(?!/)){0,200}+"
GAP = rf"(?:[\s\ufeff\u200b-\u200d\u2060]|(?://|\#){_SAID}(?![^\n])|/\*{_SAID}\*/)*+"
_LIST = re.compile(rf"\[{GAP}")
_COMMA = re.compile(rf"{GAP},{GAP}")
# What may be two items of a list, or a part of one.
_LISTED = re.compile(rf"[\"'”’]{GAP},?{GAP}[\"'“‘]")
_END = {sign: re.compile(rf"{GAP}\{sign}") for sign in "]}"}
_SCALAR = re.compile(
    r"(?:true|false|null|True|False|None|-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?)(?![\w.])"
)
_ESCAPED = re.compile(r'\\x([0-9a-fA-F]{2})|\\.|"', re.DOTALL)


class Unreadable(Exception):
    """The reply is not what was asked for; the message says where, for the next attempt."""

    def __init__(self, message: str) -> None:
        super().__init__(message.encode("utf-8", "replace").decode()[:400])


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = next(key for key in members if sum(key == other for other, _ in pairs) > 1)
        raise Unreadable(f"the key {twice[:60]!r} stands twice in one object")
    return members


def _number(digits: str) -> float:
    """A number with a fraction; 8.0 is a whole number, as JSON Schema has it."""
    number = float(digits)
    return int(number) if number.is_integer() else number


def _no_value(name: str) -> Any:
    raise Unreadable(f"{name} is no value of JSON")


# JSON as it is defined, but that a line break in a string may go without its escape.
JSON = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=_number, parse_constant=_no_value, strict=False
)


class Readings:
    """The ways to read a text; at most one, unless they are loose.

    A string ends at its first closing quote. In a loose reading it may end at a later one: then
    quotes within it come in pairs, and none of them opens one of the names, as a key does.
    """

    def __init__(self, text: str, names: Iterable[str], *, loose: bool) -> None:
        self.text, self.loose, self._read = text, loose, 0
        self._names = "|".join(names)
        key = rf"(?:[\"'“‘](\w{{1,60}})[\"'”’]|({self._names})\b)"
        self._key = re.compile(f"{GAP}{key}{GAP}:{GAP}")
        self._found: dict[str, tuple[list[int], list[int]]] = {}

    def of_value(self, at: int) -> Iterator[tuple[Any, int]]:
        """The values that begin here, each with its end.

        Raises:
            Unreadable: A key stands twice in an object, or there are too many readings to try.
        """
        sign = self.text[at : at + 1]
        if sign == "{":
            yield from self._of_members(at + 1, [])
        elif begun := _LIST.match(self.text, at):
            yield from self._of_items(begun.end(), [])
        elif sign in _QUOTES:
            yield from self._of_string(at + 1, sign)
        elif scalar := _SCALAR.match(self.text, at):
            yield JSON.decode(_LITERALS.get(scalar[0], scalar[0])), scalar.end()

    def _of_members(self, at: int, before: list[tuple[str, Any]]) -> Iterator[tuple[Any, int]]:
        if end := _END["}"].match(self.text, at):
            yield _members(before), end.end()
        elif (key := self._key.match(self.text, at)) and not (self.loose and key[2]):
            for value, end_of_value in self.of_value(key.end()):
                members = [*before, (key[1] or key[2], value)]
                if comma := _COMMA.match(self.text, end_of_value):
                    yield from self._of_members(comma.end(), members)
                elif end := _END["}"].match(self.text, end_of_value):
                    yield _members(members), end.end()

    def _of_items(self, at: int, before: list[Any]) -> Iterator[tuple[Any, int]]:
        if end := _END["]"].match(self.text, at):
            yield before, end.end()
            return
        for value, end_of_value in self.of_value(at):
            if self.loose and isinstance(value, str) and (before or _LISTED.search(value)):
                continue
            items = [*before, value]
            if comma := _COMMA.match(self.text, end_of_value):
                yield from self._of_items(comma.end(), items)
            elif end := _END["]"].match(self.text, end_of_value):
                yield items, end.end()

    def _of_string(self, at: int, opening: str) -> Iterator[tuple[Any, int]]:
        closing, keys = self._places(opening)
        first, next_key = bisect_left(closing, at), bisect_left(keys, at)
        last = bisect_left(closing, keys[next_key]) if next_key < len(keys) else len(closing)
        for within, end in enumerate(closing[first : last if self.loose else first + 1]):
            self._read += 20 + end - at
            if self._read > _MOST_READ:
                raise Unreadable("quotes within strings are not escaped")
            opened = within % 2 if opening in "\"'" else self.text.count(opening, at, end) - within
            if not opened:
                with suppress(ValueError):
                    yield _unescaped(self.text[at:end], opening), end + 1

    def _places(self, opening: str) -> tuple[list[int], list[int]]:
        """Where a string with such quotes may end, and where a key in such quotes begins."""
        if opening not in self._found:
            closing = _QUOTES[opening]
            quote = closing if closing in '"”' else rf"(?<!\w){closing}|{closing}(?!\w)"
            ends = re.compile(rf"\\.|({quote})", re.DOTALL)
            keys = re.compile(rf"(?<!\\)[{opening}{closing}](?:{self._names}){closing}{GAP}:")
            self._found[opening] = (
                [each.start() for each in ends.finditer(self.text) if each.lastindex],
                [each.start() for each in keys.finditer(self.text)],
            )
        return self._found[opening]


def _unescaped(text: str, opening: str) -> Any:
    """What a string says. Every quote in it is its own; single quotes are Python's."""

    def in_json(sign: re.Match[str]) -> str:
        if opening == "'" and sign[0] == "\\'":
            return "'"
        if opening == "'" and sign[1]:
            return f"\\u00{sign[1]}"
        return '\\"' if sign[0] == '"' else sign[0]

    return JSON.decode(f'"{_ESCAPED.sub(in_json, text)}"')
