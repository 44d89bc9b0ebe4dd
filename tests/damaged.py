"""Replies as models send them: what was meant, and in how many ways it arrives damaged.

`make_reply` invents what a model means, `DAMAGES` are the ways it is sent; each says whether what
was meant can still be told from the text alone. Some texts are another whole reply: a quote left
unescaped can end one piece of evidence and begin another. Nobody can tell what was meant by those,
so they are marked, and are no test of a reader.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, get_args

from pydantic import ValidationError

from longhop.records.questions import AnswerKind
from longhop.records.replies import Quality, Reply

Content = dict[str, Any]

_PIECES = (
    *("Ada", "met", "Babbage", "in 1833", "the answer is", "it's", "Ada's", "café", "naïve", "no"),
    *(
        "艾达",
        "在哪里",
        "“雨”",
        "，",
        "。",
        "《论语》",
        "东京：",
        "🙂",
        "👩‍🔬",
        "—",
        "…",
        "‘so’",
        "e\u0301",
    ),
    *('"', "'", '"rain"', "'rain'", '", "', '"}', '"]', "'}", '": "', "{", "}", "[x]", "{smile}"),
    *("\\", "\\n", "C:\\new\\table", "\\frac{a}{b}", "\n", "\r\n", "\t", "\x0b", "\x00", "\u2028"),
    *(
        "```",
        "```json\n{}\n```",
        "</think>",
        "<think>",
        "// no",
        "# no",
        "/* no */",
        "True",
        "null",
    ),
    *('{"question": "Who?", "answer": "B"}', '{"rationale": "x", "answerable": true}', '"answer":'),
    *(
        'def f(x):\n    return {"x": [1, 2]}',
        "NaN",
        ",",
        ",}",
        ":",
        "\ufeff",
        "\u200b",
        "\xa0",
        "8",
    ),
)


def make_reply(kind: type[Reply], rng: Random, pieces: Sequence[str] = _PIECES) -> Reply:
    """A reply of a kind, its texts made of all that a reader stumbles on."""

    def text() -> str:
        return rng.choice(("", " ")).join(rng.choices(pieces, k=rng.choice((0, 1, 1, 2, 3, 6))))

    def score() -> int:
        return rng.choice((1, 2, 8, 10))

    def make(annotation: Any) -> Any:
        if annotation is str:
            return text()
        if annotation is bool:
            return rng.random() < 0.5
        if annotation is int:
            return score()
        if annotation in (AnswerKind, Quality):
            return rng.choice(list(annotation))
        (each, *_) = get_args(annotation)
        count = rng.choice((0, 1, 1, 2, 5))
        if each is str:
            return tuple(text() for _ in range(count))
        return tuple(make_reply(each, rng, pieces) for _ in range(count))

    return kind(**{name: make(field.annotation) for name, field in kind.model_fields.items()})


@dataclass(frozen=True)
class Form:
    """How a value is written down; JSON as it should be, unless told otherwise."""

    quotes: str = '""'
    escape: Callable[[str], str] = lambda text: json.dumps(text, ensure_ascii=False)[1:-1]
    bare_keys: bool = False
    comma_at_end: bool = False
    literals: tuple[str, str] = ("true", "false")
    gaps: tuple[str, ...] = (" ",)

    def write(self, value: Any, rng: Random) -> str:
        """The value in this form."""
        if isinstance(value, str):
            return self.quotes[0] + self.escape(value) + self.quotes[1]
        if isinstance(value, bool):
            return self.literals[0 if value else 1]
        if isinstance(value, int):
            return str(value)
        if isinstance(value, dict):
            return "{" + self._listed(self._members(value, rng), rng) + "}"
        return "[" + self._listed([self.write(each, rng) for each in value], rng) + "]"

    def _members(self, value: Content, rng: Random) -> list[str]:
        keys = (
            each if self.bare_keys else f"{self.quotes[0]}{each}{self.quotes[1]}" for each in value
        )
        return [
            key + ":" + rng.choice(self.gaps) + self.write(each, rng)
            for key, each in zip(keys, value.values(), strict=True)
        ]

    def _listed(self, items: list[str], rng: Random) -> str:
        text = "".join(
            rng.choice(self.gaps) + each + ("," if number < len(items) - 1 else "")
            for number, each in enumerate(items)
        )
        return text + ("," if self.comma_at_end and items else "") + rng.choice(self.gaps)


@dataclass(frozen=True)
class Damage:
    """A way to send a reply, and whether what was meant can be told from it."""

    form: Callable[[Content, Random], str]
    tells: Callable[[Content], bool] = lambda content: True
    before: str = ""
    after: str = ""
    is_cut: bool = False

    def send(self, meant: Reply, rng: Random) -> "Sent":
        """The reply as it arrives."""
        content = meant.model_dump(mode="json")
        body = self.form(content, rng)
        return Sent(
            text=self.before + body + self.after,
            told=self.tells(content),
            others=tuple(_others(body, meant)),
            is_cut=self.is_cut,
        )


@dataclass(frozen=True)
class Sent:
    """A text as it arrives; whether it tells what was meant, and which other replies it is.

    That it is cut is what the endpoint says of it.
    """

    text: str
    told: bool
    others: tuple[Reply, ...]
    is_cut: bool


JSON = Form()
_UNESCAPED = Form(escape=lambda text: JSON.escape(text).replace('\\"', '"'))
_APOSTROPHES = replace(_UNESCAPED, quotes="''")
_COMMENTED = Form(gaps=(" ", "\n", " // as asked, {so}\n", " /* note: 1, */ ", " # it's so\n"))
_BARE_BACKSLASHES = Form(
    escape=lambda text: text.replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
)
_RAW_LINES = Form(
    escape=lambda text: re.sub(
        r"\\(.)", lambda m: {"n": "\n", "r": "\r", "t": "\t"}.get(m[1], m[0]), JSON.escape(text)
    )
)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _lists_of_strings(value: Any) -> Iterator[list[str]]:
    """Where a quote left as it is could end one string and begin another."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _lists_of_strings(each)


def _quotes_tell(quotes: str) -> Callable[[Content], bool]:
    """Whether quotes left as they are can be told from those around: they come in pairs, and
    none stands where a string could end or begin. An apostrophe within a word is none."""

    def tell(content: Content) -> bool:
        inner = [re.sub(r"\b'\b", "", each) for each in _strings(content)]
        quoted = [each for each in inner if any(quote in each for quote in quotes)]
        beside_signs = re.compile(rf"[{quotes}]\W*[,:\]}}，：]|[\[{{,:，：]\W*[{quotes}]")
        lists = list(_lists_of_strings(content))
        return not any(
            beside_signs.search(each) or sum(map(each.count, set(quotes))) % 2 for each in quoted
        ) and not (quoted and any(len(each) > 1 for each in lists))

    return tell


def _never(_: Content) -> bool:
    return False


def _no_tags(content: Content) -> bool:
    return not any("</think>" in each for each in _strings(content))


def _no_tag_on_a_line(content: Content) -> bool:
    """With raw line breaks a tag that begins a line may as well end a thought."""
    return not any(re.search(r"[\n\r\u2028]\s*</think>", each) for each in _strings(content))


def _no_backslash(content: Content) -> bool:
    return not any("\\" in each for each in _strings(content))


def _no_hidden_signs(content: Content) -> bool:
    """Python writes some signs as \\x0b; in double quotes that may as well be a file's name."""
    return all(each.isprintable() or "'" not in each for each in _strings(content))


def another(content: Content, rng: Random) -> Content:
    """A reply of the same form that says something else."""
    key = rng.choice(list(content))
    value = content[key]
    if isinstance(value, bool):
        other: Any = not value
    elif isinstance(value, int):
        other = value % 10 + 1
    elif isinstance(value, str):
        other = value + " else"
    elif value and isinstance(value[0], dict):
        other = [*value, another(value[0], rng)]
    elif key in ("answers", "questions") and not value:
        other = []
    else:
        other = [*value, "else"]
    return {**content, key: other}


def _with_draft(layout: str) -> Callable[[Content, Random], str]:
    """Another reply of the same kind stands in the text, as a model thinks aloud."""

    def send(content: Content, rng: Random) -> str:
        draft = another(content, rng)
        return layout.format(draft=JSON.write(draft, rng), reply=JSON.write(content, rng))

    return send


def _twice(content: Content, rng: Random) -> str:
    return f"{JSON.write(content, rng)}\n\n{json.dumps(content)}"


def _cut(form: Form) -> Callable[[Content, Random], str]:
    def send(content: Content, rng: Random) -> str:
        return _cut_text(form.write(content, rng), rng)

    return send


def _cut_text(text: str, rng: Random) -> str:
    return text[: rng.randrange(len(text))]


def _cut_and_again(content: Content, rng: Random) -> str:
    return _cut(JSON)(another(content, rng), rng) + "\n\n" + JSON.write(content, rng)


def _key_twice(content: Content, rng: Random) -> str:
    key = rng.choice(list(content))
    return f"{JSON.write(content, rng)[:-1]}, {json.dumps({key: content[key]})[1:-1]}}}"


def _whole_fractions(content: Content, rng: Random) -> str:
    fractions = {
        key: float(value) if type(value) is int else value for key, value in content.items()
    }
    return json.dumps(fractions)


def _mistyped(content: Content, rng: Random) -> str:
    """Every verdict in another type: a word for a truth, a truth or a text for a number."""

    def mistype(value: Any) -> Any:
        if isinstance(value, bool):
            return rng.choice(("yes", "true", 1, 0))
        if isinstance(value, int):
            return rng.choice((True, str(value), f"{value}/10", value + 0.5, None))
        return value

    other = {key: mistype(value) for key, value in content.items()}
    return json.dumps(other if other != content else {**content, "note": 1})


def _less(sign: str) -> Callable[[Content, Random], str]:
    """One sign is missing."""

    def send(content: Content, rng: Random) -> str:
        whole = JSON.write(content, rng)
        places = [each.start() for each in re.finditer(re.escape(sign), whole)] or [0]
        place = rng.choice(places)
        return whole[:place] + whole[place + 1 :]

    return send


def _always(_: Content) -> bool:
    return True


_NEARLY: dict[str, tuple[Form, Callable[[Content], bool]]] = {
    "zero-width between": (Form(gaps=(" ", "\u200b", "\ufeff", "\xa0")), _always),
    "comma at the end": (Form(comma_at_end=True), _always),
    "Python literals": (Form(literals=("True", "False")), _always),
    "bare keys": (Form(bare_keys=True), _always),
    "comments": (_COMMENTED, _always),
    "raw line breaks": (_RAW_LINES, _no_tag_on_a_line),
    "all of these": (
        replace(_RAW_LINES, comma_at_end=True, literals=("True", "False")),
        _no_tag_on_a_line,
    ),
    "single quotes": (_APOSTROPHES, _quotes_tell("'")),
    "curly quotes": (Form(quotes="“”"), _quotes_tell("“”")),
    "unescaped quotes": (_UNESCAPED, _quotes_tell('"')),
    "unescaped quotes, by line": (replace(_UNESCAPED, gaps=("\n",)), _quotes_tell('"')),
    "single quotes, by line": (replace(_APOSTROPHES, gaps=("\n",)), _quotes_tell("'")),
}

DAMAGES: dict[str, Damage] = {
    "none": Damage(JSON.write),
    "indented": Damage(lambda content, _: json.dumps(content, indent=2)),
    "fence": Damage(JSON.write, before="```json\n", after="\n```"),
    "fence and text": Damage(
        JSON.write, before="Sure! I'd say:\n```\n", after='\n```\nSay "more" for more.'
    ),
    "open fence": Damage(JSON.write, before="```json\n"),
    "text": Damage(JSON.write, before="Here is it: ", after=" Hope that helps {smile}"),
    "text with braces": Damage(
        JSON.write, before="With {question} and {x: 1}, \\text{so}: ", after="\n{end} {}"
    ),
    "text in Chinese": Damage(JSON.write, before="好的，“答案”是：", after="\n希望有帮助。"),
    "byte order mark": Damage(JSON.write, before="\ufeff\u200b", after="\u200b\n"),
    "Python": Damage(lambda content, _: repr(content), _no_hidden_signs),
    **{name: Damage(form.write, tells) for name, (form, tells) in _NEARLY.items()},
    **{
        f"{name}, in text": Damage(form.write, tells, "Sure {so}:\n```json\n", "\n```\nWell?")
        for name, (form, tells) in _NEARLY.items()
    },
    **{
        f"{name}, thought": Damage(form.write, tells, '<think>\n{"question": "</think>\n', "\n")
        for name, (form, tells) in _NEARLY.items()
    },
    "whole numbers as 8.0": Damage(_whole_fractions),
    "twice": Damage(_twice),
    "in a list": Damage(JSON.write, before="[", after="]"),
    "in an object": Damage(JSON.write, before='{"result": ', after="}"),
    "among others": Damage(
        JSON.write, before='{"note": "a", "is": [{}]} {"status": "ok"}\n', after='\n{"done": true}'
    ),
    "thought": Damage(
        _with_draft("<think>Is it {draft}? Or {{'so': \"</thinking\n</think>{reply}"), _no_tags
    ),
    "thought, unopened": Damage(_with_draft("Is it {draft}? Hm {{\n</think>\n\n{reply}"), _no_tags),
    "thought alone": Damage(_with_draft("<think>\nIs it {draft}? Let me see"), _never),
    "thought, then nothing": Damage(_with_draft("Is it {draft}? Yes.\n</think>\n"), _never),
    "two that differ": Damage(_with_draft("{draft}\nNo: {reply}"), _never),
    "a key twice": Damage(_key_twice, _never),
    "verdicts of another type": Damage(_mistyped, _never),
    "bare backslashes": Damage(_BARE_BACKSLASHES.write, _no_backslash),
    **{f"no {sign}": Damage(_less(sign), _never) for sign in ',"}:]'},
    "cut": Damage(_cut(JSON), _never),
    "cut, in a fence": Damage(_cut(JSON), _never, before="```json\n"),
    "cut, Python": Damage(lambda content, rng: _cut_text(repr(content), rng), _never),
    "cut, single quotes": Damage(_cut(_APOSTROPHES), _never, is_cut=True),
    "cut, unescaped quotes": Damage(_cut(_UNESCAPED), _never, is_cut=True),
    "cut, then again": Damage(_cut_and_again, _never),
}


def _others(body: str, meant: Reply) -> Iterator[Reply]:
    """The whole replies, in JSON or in Python, that the text begins with and nobody meant."""
    for read in (
        lambda: json.JSONDecoder(strict=False).raw_decode(body)[0],
        lambda: ast.literal_eval(body[: body.rfind("}") + 1]),
    ):
        try:
            said = type(meant).model_validate_json(json.dumps(read()), strict=True)
        except (ValueError, SyntaxError, ValidationError, TypeError, RecursionError):
            continue
        if said != meant:
            yield said
