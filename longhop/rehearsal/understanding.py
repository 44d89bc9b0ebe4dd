"""Understands a question: its own simple forms, and the ways to put two of them into one."""

import re
from dataclasses import dataclass
from typing import Union

from longhop.rehearsal.relations import RELATIONS, Relation

_ALL = tuple(relation for table in RELATIONS.values() for relation in table.values())
_COMPARED = tuple(relation for relation in _ALL if relation.compare)
_ANSWER_TO = re.compile(r"the answer to \"(.+)\"|“(.+)”的答案", re.DOTALL)
_EITHER = re.compile(r"Which has the (earlier|larger) (.+), (.+) or (.+)\?")
_EITHER_ZH = re.compile(r"(.+)和(.+)中，哪一个的(.+)更(早|大)？")


@dataclass(frozen=True)
class Asked:
    """The object of a relation, asked of a name or of what another question asks for."""

    relations: tuple[Relation, ...]
    subject: Union[str, "Asked", "Quoted"]


@dataclass(frozen=True)
class Quoted:
    """A name that holds the answer to a quoted question: 'the answer to "…" Town Hall'."""

    question: str
    before: str
    after: str


@dataclass(frozen=True)
class Weighed:
    """Which of two names has the earlier or larger object; `first` and `second` ask for them."""

    first: Asked
    second: Asked
    names: tuple[str, str]
    larger: bool


Understood = Asked | Weighed


def understand(question: str) -> Understood | None:
    """What the question asks for, or None where it is in no form that is known."""
    question = question.strip()
    if weighed := _weighed(question):
        return weighed
    for relation in _ALL:
        if found := relation.question_form.fullmatch(question):
            return Asked((relation,), _described(found[1]))
    return None


def mentions(question: str) -> str:
    """The name that a simple question asks about; empty where it is in no known form."""
    asked = understand(question)
    return asked.subject if isinstance(asked, Asked) and isinstance(asked.subject, str) else ""


def _described(text: str) -> str | Asked | Quoted:
    if quoted := _ANSWER_TO.search(text):
        inner = quoted[1] or quoted[2]
        return Quoted(inner, text[: quoted.start()], text[quoted.end() :])
    matches = [(r, found[1]) for r in _ALL if (found := r.phrase_form.fullmatch(text))]
    if not matches:
        return text
    inner = matches[0][1]
    return Asked(tuple(r for r, name in matches if name == inner), _described(inner))


def _weighed(question: str) -> Weighed | None:
    for relation in _COMPARED:
        if found := relation.compare_form.fullmatch(question):
            return _weigh(relation, found[1], found[2], larger=relation.larger)
    if found := _EITHER.fullmatch(question):
        order, name, one, other = found.groups()
    elif found := _EITHER_ZH.fullmatch(question):
        one, other, name, order = found.groups()
    else:
        return None
    relations = [relation for relation in _COMPARED if relation.name == name]
    larger = order in ("larger", "大")
    return _weigh(relations[0], one, other, larger=larger) if relations else None


def _weigh(relation: Relation, one: str, other: str, *, larger: bool) -> Weighed:
    first, second = (Asked((relation,), _described(name)) for name in (one, other))
    return Weighed(first, second, (one, other), larger)
