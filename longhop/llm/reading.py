"""The one tolerant reader, then strict validation: what can be read in one way only, or nothing.

A library for repairing JSON returns something for every text. Of damaged replies it drops the end
of a field or joins two, and takes what a model thought for what it said: see what
benchmarks/llm_reading.py counts.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from longhop.llm.nearly_json import GAP, JSON, Readings
from longhop.llm.nearly_json import Unreadable as Unreadable
from longhop.records.replies import Reply

P = TypeVar("P", bound=Reply)

_LONGEST, _MOST_OBJECTS = 64_000, 50

_THOUGHT = r"(?:think|thinking|thought|reasoning)>"
_THINKS = re.compile(rf"[\s\ufeff]*<{_THOUGHT}")
_THOUGHT_OUT = re.compile(rf"</{_THOUGHT}")
_THOUGHT_OUT_AT_LAST = re.compile(rf"(?s:.*)^[ \t]*</{_THOUGHT}", re.MULTILINE)
_NOTHING_MORE = re.compile(rf"{GAP}(?:```|\Z)")
# What ends behind an object although it began within, or a thought that the object is part of.
_LEFT_OVER = re.compile(rf"[\"'”’]{GAP}[}}\]]|</{_THOUGHT}")


def read_reply(text: str, kind: type[P], *, is_cut: bool = False) -> P:
    """The reply in a text, each field as it was sent.

    Passed over are fences, text around, a thought before, other objects, and a list or an object
    of one key around the reply. Read are commas at the end, comments, quotes of other kinds,
    Python's literals and line breaks in strings; quotes that should have been escaped only where
    a single reading is a reply and nothing follows that could be the rest of it.

    Types are the schema's: `"8"`, `true` and `8.5` are no whole number, `"yes"` and `1` no truth.
    `8.0` is 8, as JSON Schema has it. A field too many is an error. Of a reply that is cut, by the
    endpoint's own word, only whole JSON is read.

    Raises:
        Unreadable: There is no whole object, or it can be read in two ways, has a key twice or
            does not fit the schema; or two objects fit, and differ.
    """
    try:
        whole = JSON.decode(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict):
        return _fit(whole, kind)
    fitting, wrong = [], "there is no JSON object in the reply"
    try:
        for content in _objects(_without_thought(text), kind, is_cut):
            try:
                fitting.append(_fit(content, kind))
            except Unreadable as error:
                wrong = str(error)
    except RecursionError:
        raise Unreadable("the reply is nested too deep or of too many parts") from None
    if not fitting:
        raise Unreadable(wrong)
    if any(each != fitting[0] for each in fitting):
        raise Unreadable("the reply holds several objects that differ; send one")
    return fitting[0]


def _fit(content: dict[str, Any], kind: type[P]) -> P:
    if len(content) == 1 and list(content) != list(kind.model_fields):
        (inner,) = content.values()
        content = inner if isinstance(inner, dict) else content
    try:
        # In JSON a list may be a tuple and a text a name of an enumeration; nothing else bends.
        return kind.model_validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part)[:60] for part in each['loc'])}: {each['msg']}"
            if each["loc"]
            else "it is nested too deep, or a string holds half of a character"
            for each in error.errors(include_url=False, include_input=False)[:5]
        )
        raise Unreadable(wrong) from None


def _without_thought(text: str) -> str:
    """What a model says once it has thought; some endpoints leave out where the thought began."""
    if not _THINKS.match(text):
        out = _THOUGHT_OUT_AT_LAST.match(text)
        return text[out.end() :] if out else text
    out = _THOUGHT_OUT.search(text)
    if out is None:
        raise Unreadable("the reply ends within its reasoning; reason less")
    return text[out.end() :]


def _objects(text: str, kind: type[Reply], is_cut: bool) -> Iterator[dict[str, Any]]:
    """The outermost objects of a text; braces that no key follows are text."""
    end = found = 0
    while begins := _object_begins(kind).search(text, end):
        at = begins.start()
        if found and _LEFT_OVER.search(text, end, at):
            break
        found += 1
        if found > _MOST_OBJECTS:
            raise Unreadable(f"the reply holds more than {_MOST_OBJECTS} objects; send one")
        try:
            content, end = JSON.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            if is_cut or len(text) - at > _LONGEST:
                raise Unreadable(_what_is_wrong(text, at, error, is_cut)) from None
            content, end = _read_by_signs(text, at, kind, error)
        yield content
    if found and _LEFT_OVER.search(text, end):
        raise Unreadable("more follows the end of the object; escape quotes within strings")


def _read_by_signs(
    text: str, at: int, kind: type[Reply], error: Exception
) -> tuple[dict[str, Any], int]:
    """The object that begins here and is no JSON, with its end."""
    for found in Readings(text, _names(kind), loose=False).of_value(at):
        return found
    fitting = {}
    for content, end in Readings(text, _names(kind), loose=True).of_value(at):
        if _NOTHING_MORE.match(text, end):
            try:
                fitting[_fit(content, kind).model_dump_json()] = content, end
            except Unreadable:
                continue
    if len(fitting) == 1:
        return fitting.popitem()[1]
    raise Unreadable(
        "quotes within strings are not escaped, so that it reads in more than one way"
        if fitting
        else _what_is_wrong(text, at, error)
    )


def _what_is_wrong(text: str, at: int, error: Exception, is_cut: bool = False) -> str:
    if is_cut:
        return "the reply was cut at its limit of tokens; send a shorter one"
    if not isinstance(error, json.JSONDecodeError):
        return "the reply is nested too deep, or one of its numbers is too long"
    if error.msg.startswith("Unterminated") or not text[error.pos :].strip():
        return "the reply breaks off before its object ends; send a shorter one"
    near = text[max(at, error.pos - 20) : error.pos + 10]
    return f"the reply is no JSON near {near!r}: {error.msg}"


@cache
def _names(kind: type[Reply]) -> tuple[str, ...]:
    """The keys of a reply, those of the records in it included."""
    schema = kind.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return tuple(sorted({name for part in parts for name in part.get("properties", {})}))


@cache
def _object_begins(kind: type[Reply]) -> re.Pattern[str]:
    """A brace and a key, or as much of a key as was sent before the text broke off."""
    keys = (
        *(f"{a}[^{b}\n]{{0,200}}{b}" for a, b in ("''", "“”", "‘’")),
        r'"(?:[^"\\\n]|\\.){0,200}"',
    )
    named = rf"(?:{'|'.join(_names(kind))})\b"
    cut = r"[\"'“‘]?\w{0,60}[\"'”’]?\s*\Z"
    comment = r"//|/\*|\#\s"
    width = r"[\s\ufeff\u200b-\u200d\u2060]*+"
    return re.compile(rf"\{{{width}(?:(?:{'|'.join(keys)}|{named}){GAP}:|{comment}|{cut})")
