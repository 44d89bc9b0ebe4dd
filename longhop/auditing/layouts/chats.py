"""Layouts of trainers: turns of a conversation, or a prompt and what is to come of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from longhop.auditing.items import Context, Item, Unfit
from longhop.auditing.layouts.fields import Row, count_of, licenses_of, list_of, word_of
from longhop.auditing.parting import find_parts, take_apart
from longhop.corpus.reading.rows import storable
from longhop.verification.answers import says_nothing

_USERS = frozenset({"user", "human"})
_MODELS = frozenset({"assistant", "gpt", "model", "bot"})
Turn = tuple[str, str]


def read_messages(row: Row) -> Iterator[Item]:
    """Turns under `messages`, each with `role` and `content`."""
    return _read_turns(row, [_turn(each, "role", "content") for each in list_of(row, "messages")])


def read_sharegpt(row: Row) -> Iterator[Item]:
    """Turns under `conversations`, each with `from` and `value`."""
    found = list_of(row, "conversations")
    return _read_turns(row, [_turn(each, "from", "value") for each in found])


def read_prompt(row: Row) -> Iterator[Item]:
    """A prompt, and its completion, output or response; either may be a list of turns."""
    name = next((each for each in ("completion", "output", "response") if row.get(each)), None)
    if name is None:
        raise Unfit("neither 'completion' nor 'output' nor 'response' holds a text")
    turns = [*_turns(row.get("prompt"), "user"), *_turns(row[name], "assistant")]
    return _read_turns(row, turns)


def _turns(value: Any, role: str) -> list[Turn]:
    if isinstance(value, list):
        return [_turn(each, "role", "content") for each in value]
    return [(role, storable(value))] if isinstance(value, str) else []


def _turn(value: Any, role: str, content: str) -> Turn:
    if not isinstance(value, Mapping):
        raise Unfit("a turn is no object")
    said = value.get(content)
    if isinstance(said, list):  # parts of a turn, of which only texts are read
        said = "\n".join(each.get("text") or "" for each in said if isinstance(each, Mapping))
    return str(value.get(role) or value.get("role") or ""), storable(str(said or ""))


def _read_turns(row: Row, turns: list[Turn]) -> Iterator[Item]:
    """A question for each answer; all share the context of the first turn of the user."""
    context, around, number = Context(""), "", 0
    asked = ""
    for role, said in turns:
        if role.lower() in _USERS:
            asked = said
        elif role.lower() in _MODELS and asked.strip():
            number += 1
            if number == 1:
                taken = take_apart(asked)
                context = Context(taken.context, find_parts(taken.context))
                asked, around = taken.question, taken.around
            yield _item(row, number, asked, said, context, around)
            asked, around = "", ""
    if not number:
        raise Unfit("no turn of a user has an answer")


def _item(row: Row, number: int, asked: str, said: str, context: Context, around: str) -> Item:
    name = word_of(row, "id", "_id", "uuid")
    return Item(
        question=asked.strip(),
        answers=(said.strip(),) if said.strip() else (),
        context=context,
        id=name if number == 1 or not name else f"{name}#{number}",
        split=word_of(row, "split"),
        kind=word_of(row, "type", "task"),
        language=word_of(row, "language", "lang"),
        licenses=licenses_of(row),
        hops=count_of(row, "hop", "hops", "hop_count"),
        answerable=not says_nothing(said),
        around=around,
    )
