"""Kinds of answers: those that no document can state, and those that are texts."""

from longhop.matching import is_han, normalise

_YES_NO = frozenset({("yes",), ("no",), ("true",), ("false",), ("是",), ("否",), ("不", "是"),
                     ("是", "的"), ("对",), ("不", "对")})  # fmt: skip
_NOTHING = frozenset(
    normalise(each)
    for each in (
        "unanswerable", "not answerable", "cannot be answered", "not enough information",
        "no answer", "无法回答", "不可回答", "无法得知",
    )
)  # fmt: skip
# Of more words an answer is a text that has to be said in other words; two Chinese characters are
# as much as a word.
_LONGEST_NAME = 8


def is_yes_or_no(answer: str) -> bool:
    """Whether an answer only agrees or disagrees."""
    return normalise(answer) in _YES_NO


def says_nothing(answer: str) -> bool:
    """Whether an answer is that there is none."""
    return normalise(answer) in _NOTHING


def is_text(answer: str) -> bool:
    """Whether an answer is a text rather than a name, a date or an amount."""
    words = normalise(answer)
    return len(words) - sum(map(is_han, words)) / 2 > _LONGEST_NAME
