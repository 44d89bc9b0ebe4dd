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
_ORDER = re.compile(r"What is the order of (.+) by (.+), the earliest first\?")
_ORDER_ZH = re.compile(r"(.+)按(.+)从早到晚依次是什么？")
_TOTAL = re.compile(r"What is the total (.+?) of (.+)\?")
_TOTAL_ZH = re.compile(r"(.+)的([^的]+)合计是多少？")
_SHARED = re.compile(r"Who or what has the (.+)\?")
_SHARED_ZH = re.compile(r"(.+)的是谁或什么？")


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


@dataclass(frozen=True)
class Listed:
    """The names of several things by the order of their objects, or the total of these."""

    each: tuple[Asked, ...]
    names: tuple[str, ...]
    adds_up: bool


@dataclass(frozen=True)
class Shared:
    """The one thing of which several facts hold: of each the relation and its object."""

    facts: tuple[tuple[Relation, str], ...]


Understood = Asked | Weighed | Listed | Shared


def understand(question: str) -> Understood | None:
    """What the question asks for, or None where it is in no form that is known."""
    question = question.strip()
    if joined := _weighed(question) or _listed(question) or _shared(question):
        return joined
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


def _listed(question: str) -> Listed | None:
    for form, adds_up in ((_ORDER, False), (_ORDER_ZH, False), (_TOTAL, True), (_TOTAL_ZH, True)):
        if not (found := form.fullmatch(question)):
            continue
        one, other = found.groups()
        name, told = (one, other) if form is _TOTAL else (other, one)
        relations = [each for each in _ALL if each.name == name]
        names = tuple(re.split(r"; " if "; " in told else r", | and |、|和", told))
        if relations and len(names) > 1:
            asked = tuple(Asked((relations[0],), each) for each in names)
            return Listed(asked, names, adds_up)
    return None


def _shared(question: str) -> Shared | None:
    if found := _SHARED.fullmatch(question):
        parts, between = re.split(r" and the ", found[1]), " "
    elif found := _SHARED_ZH.fullmatch(question):
        parts, between = found[1].split("、"), "为"
    else:
        return None
    facts = tuple(
        (relation, part[len(relation.name) + 1 :])
        for part in parts
        for relation in _ALL
        if part.startswith(relation.name + between)
    )
    return Shared(facts) if len(facts) == len(parts) > 1 else None
