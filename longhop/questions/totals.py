"""Adding up: whether the sum of two amounts means anything, and what it is, in their own form."""

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext

from longhop.corpus.shingles import words_of
from longhop.matching import normalise
from longhop.records.questions import AnswerKind, SingleHop
from longhop.values import NUMBER, SCALES, comparable_value

# What can be added up: what is counted, paid, and spread over its parts. Of anything else, such as
# a rank, a share, a height or a temperature, a total says nothing.
_COUNTED = (
    "albums area books bridges budget casualties citizens companies copies cost costs deaths dead"
    " employees episodes films floors goals houses income inhabitants islands killed length losses"
    " matches medals members money novels pages passengers people persons points population price"
    " profit residents revenue rooms sales schools seats ships soldiers songs spending stations"
    " stores students surface tickets titles tracks troops villages visitors votes wins workers"
)
_ADDITIVE = frozenset(_COUNTED.split())
_COUNTS = re.compile(r"\bnumber of \w+s\b|\btotal\b", re.IGNORECASE)
_COUNTS_ZH = re.compile(r"人口|人数|面积|长度|全长|数量|总数|金额|收入|预算|费用|票数|座位|销量")
_BUT_NOT = frozenset(
    ("average", "density", "mean", "median", "per", "percent", "percentage", "rate", "ratio")
)
_DIGITS = 80  # more than any number has that is read at all
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)\b")


def is_additive(question: SingleHop) -> bool:
    """Whether an answer is an amount of which there can be a total."""
    told = f"{question.relation} {question.answer}"
    words = set(normalise(told))
    counts = words & _ADDITIVE or _COUNTS.search(told) or _COUNTS_ZH.search(told)
    return (
        question.kind is AnswerKind.NUMBER
        and bool(counts)
        and "%" not in told
        and not words & _BUT_NOT
        and not _ORDINAL.search(question.answer)
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
    with localcontext(prec=_DIGITS):
        plain = [Decimal(each[0].replace(",", "").replace("−", "-")) for each in numbers]
        total = sum(plain, Decimal(0))
    grouped = any("," in each[0] for each in numbers)
    worded = f"{total:,f}" if grouped else f"{total:f}"
    return answers[0].replace(numbers[0][0], worded, 1)
