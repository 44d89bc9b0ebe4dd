"""Merges simple questions into one that needs them all, and spoils some."""

from collections.abc import Sequence

from longhop.rehearsal.chance import pick
from longhop.rehearsal.faults import happens
from longhop.rehearsal.relations import language_of
from longhop.rehearsal.solving import is_same, measure
from longhop.rehearsal.understanding import Asked, mentions, understand

Hop = tuple[str, str]


def merge(composition: str, hops: Sequence[Hop], objection: str = "") -> tuple[str, str]:
    """The question and its answer. A second attempt, told what was wrong, has no fault."""
    compared = _compared(hops) if composition.endswith("comparison") else None
    question, answer = compared or (_chained(hops), hops[-1][1])
    if objection or len(hops) < 2:
        return question, answer
    return _spoilt(question, answer, hops, is_chain=compared is None)


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
    *heads, left, right = hops
    if len(heads) > 1:
        return None
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
    described = _phrase(heads[0][0]) or _answer_to(heads[0][0]) if heads else names[0]
    return relation.compare.format(described, names[1]), answer


def _spoilt(question: str, answer: str, hops: Sequence[Hop], *, is_chain: bool) -> tuple[str, str]:
    key = tuple(text for hop in hops for text in hop)
    if happens("answers_early", *key):
        answer = pick(hops[:-1], "early", *key)[1]
    if is_chain and happens("names_bridge", *key):
        question = f"{question[:-1]}, {hops[-2][1]}{question[-1]}"
    if happens("appends_answer", *key):
        question = f"{question} ({hops[-1][1]})"
    return question, answer
