"""Adding up: whether the sum of two amounts means anything, and what it is, in their own form."""

import re
from collections.abc import Sequence
from decimal import Decimal

from longhop.corpus.shingles import words_of
from longhop.matching import NUMBER, SCALES, comparable_value, normalise
from longhop.records.questions import AnswerKind, SingleHop

# Amounts whose sum says nothing: shares, means, ranks, and what is not spread over its parts.
_SAYING_NOTHING = (
    "age altitude average chapter code density depth elevation episode height index issue latitude"
    " level longitude mean median number per percent percentage rank ranking rate ratio score"
    " season share speed temperature volume year"
)
_NOT_ADDITIVE = frozenset(_SAYING_NOTHING.split())
_NOT_ADDITIVE_ZH = re.compile(
    r"率|比例|百分|密度|平均|排名|年龄|温度|海拔|高度|深度|年份|速度|指数"
)


def is_additive(question: SingleHop) -> bool:
    """Whether an answer is an amount of which there can be a total."""
    told = f"{question.relation} {question.answer}"
    return (
        question.kind is AnswerKind.NUMBER
        and "%" not in told
        and "°" not in told
        and _NOT_ADDITIVE.isdisjoint(normalise(told))
        and not _NOT_ADDITIVE_ZH.search(told)
    )


def _scales(answer: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(answer) if word in SCALES)


def add_up(answers: Sequence[str]) -> str | None:
    """The total, worded as the first of the answers is; None where their units differ.

    "1,200 people" and "800 people" make "2,000 people".
    """
    values = [comparable_value(each, is_date=False) for each in answers]
    numbers = [NUMBER.findall(each) for each in answers]
    if any(value is None for value in values) or len({value[1] for value in values if value}) > 1:
        return None
    if len(set(map(_scales, answers))) > 1:
        return None  # "1.7 million" and "530,000": their sum has no form that both have
    plain = [Decimal(each[0].replace(",", "")) for each in numbers]
    total = sum(plain, Decimal(0))
    grouped = any("," in each[0] for each in numbers)
    worded = f"{total:,f}" if grouped else f"{total:f}"
    return answers[0].replace(numbers[0][0], worded, 1)
