"""Merges simple questions into one that needs them all, and spoils some."""

from collections.abc import Sequence

from longhop.rehearsal.chance import pick
from longhop.rehearsal.faults import happens
from longhop.rehearsal.relations import language_of
from longhop.rehearsal.solving import from_answers, is_same, measure
from longhop.rehearsal.understanding import Asked, mentions, understand

Hop = tuple[str, str]


def merge(composition: str, hops: Sequence[Hop], objection: str = "") -> tuple[str, str]:
    """The question and its answer. A second attempt, told what was wrong, has no fault."""
    joined = _joined(composition, hops)
    question, answer = joined or (_chained(hops), hops[-1][1])
    if objection or len(hops) < 2:
        return question, answer
    return _spoilt(question, answer, hops, is_chain=joined is None)


def _joined(composition: str, hops: Sequence[Hop]) -> tuple[str, str] | None:
    """The question and answer of whatever is no chain; None where it cannot word it."""
    match composition:
        case "comparison" | "bridge_comparison":
            return _compared(hops)
        case "temporal":
            return _compared(hops) if len(hops) == 2 else _listed(hops, adds_up=False)
        case "aggregate":
            return _listed(hops, adds_up=True)
        case "intersection":
            return _shared(hops)
    return None


def _chained(hops: Sequence[Hop]) -> str:
    """The last question, each name that an earlier hop gives replaced by what describes it."""
    question, answer = hops[0]
    text, phrase = question, _phrase(question)
    for following, next_answer in hops[1:]:
        mention = mentions(following)
        if phrase and mention and is_same(mention, answer):
            phrase, text = _phrase(following, phrase), following.replace(mention, phrase, 1)
        else:
            text = following.replace(answer, _answer_to(text), 1)
            phrase = ""
        answer = next_answer
    return text


def _phrase(question: str, inside: str = "") -> str:
    """What describes the answer of a simple question; empty where the question is not known."""
    asked, mention = understand(question), mentions(question)
    if not isinstance(asked, Asked) or not mention:
        return ""
    return asked.relations[0].phrase.replace("{}", inside or mention)


def _answer_to(question: str) -> str:
    return f"“{question}”的答案" if language_of(question) == "zh" else f'the answer to "{question}"'


def _compared(hops: Sequence[Hop]) -> tuple[str, str] | None:
    """The last two weighed, one or both described by those before them."""
    *heads, left, right = hops
    (first, one), (second, other) = (
        (understand(question), answer) for question, answer in (left, right)
    )
    if not (isinstance(first, Asked) and isinstance(second, Asked)):
        return None
    relation, names = first.relations[0], [mentions(question) for question, _ in (left, right)]
    values = [measure(one), measure(other)]
    if (
        second.relations[0].key != relation.key
        or not relation.compare
        or not (all(names) and all(values))
    ):
        return None
    smaller = names[values[0] > values[1]]
    larger = names[values[0] <= values[1]]
    answer = larger if relation.larger else smaller
    return relation.compare.format(*(_described(name, heads) for name in names)), answer


def _described(name: str, heads: Sequence[Hop]) -> str:
    """The name, or what describes it where one of the questions leads to it."""
    for question, answer in heads:
        if is_same(answer, name):
            return _phrase(question) or _answer_to(question)
    return name


def _listed(hops: Sequence[Hop], *, adds_up: bool) -> tuple[str, str] | None:
    """Several of one relation, put in order or added up."""
    understood = [understand(question) for question, _ in hops]
    asked = [each for each in understood if isinstance(each, Asked)]
    names = [mentions(question) for question, _ in hops]
    if len(asked) < len(hops) or not all(names):
        return None
    relation = asked[0].relations[0]
    if language_of(hops[0][0]) == "zh":
        told = _told(names, "、", "和")
        form = "{}的{}合计是多少？" if adds_up else "{}按{}从早到晚依次是什么？"
        question = form.format(told, relation.name)
    else:
        told = _told(names, ", ", " and ")
        question = (
            f"What is the total {relation.name} of {told}?"
            if adds_up
            else f"What is the order of {told} by {relation.name}, the earliest first?"
        )
    return question, from_answers(
        question, dict(zip(names, (each for _, each in hops), strict=True))
    )


def _told(names: Sequence[str], between: str, before_last: str) -> str:
    """Names in a list; one that has a comma or an "and" itself is told apart by semicolons."""
    if any(between.strip() in each or before_last in each for each in names):
        return "; ".join(names)
    return between.join(names[:-1]) + before_last + names[-1]


def _shared(hops: Sequence[Hop]) -> tuple[str, str] | None:
    """The one thing of which several facts hold."""
    understood = [understand(question) for question, _ in hops]
    asked = [each for each in understood if isinstance(each, Asked)]
    name = mentions(hops[0][0])
    if len(asked) < len(hops) or not name:
        return None
    relations = [each.relations[0].name for each in asked]
    if language_of(hops[0][0]) == "zh":
        facts = "、".join(f"{each}为{hop[1]}" for each, hop in zip(relations, hops, strict=True))
        return f"{facts}的是谁或什么？", name
    facts = " and the ".join(f"{each} {hop[1]}" for each, hop in zip(relations, hops, strict=True))
    return f"Who or what has the {facts}?", name


def _spoilt(question: str, answer: str, hops: Sequence[Hop], *, is_chain: bool) -> tuple[str, str]:
    key = tuple(text for hop in hops for text in hop)
    if happens("answers_early", *key):
        answer = pick(hops[:-1], "early", *key)[1]
    if is_chain and happens("names_bridge", *key):
        question = f"{question[:-1]}, {hops[-2][1]}{question[-1]}"
    if happens("appends_answer", *key):
        question = f"{question} ({hops[-1][1]})"
    return question, answer
