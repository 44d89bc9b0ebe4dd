"""Answers that identify nothing: whatever asks about them is about something else."""

import re

from longhop.questions.bridging.tokens import tokens_of
from longhop.records.questions import AnswerKind, SingleHop

_NAMELESS = (
    AnswerKind.DATE,
    AnswerKind.NUMBER,
    AnswerKind.DESCRIPTION,
    AnswerKind.REASON,
    AnswerKind.PROCEDURE,
)
_NAMED = (AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.ORGANISATION, AnswerKind.WORK)

_VERDICTS_LIST = (
    "yes no true false none nothing nobody unknown both neither all male female man woman"
)
_VERDICTS = frozenset(_VERDICTS_LIST.split())
_QUANTITIES_LIST = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred hundreds thousand thousands million millions billion billions trillion dozen "
    "half third quarter first second fourth fifth sixth seventh eighth ninth tenth once twice "
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday "
    "saturday sunday spring summer autumn winter day days week weeks month months year years "
    "decade decades century centuries hour hours minute minutes seconds bc bce ad ce am pm early "
    "late mid middle end beginning m km cm mm kg g lb lbs ft feet foot inch inches mile miles "
    "metre metres meter meters kilometre kilometres kilometer kilometers square cubic acre acres "
    "hectare hectares ton tons tonnes percent per cent degree degrees celsius fahrenheit dollar "
    "dollars euro euros pound pounds usd gbp eur people times old age aged"
)
_QUANTITIES = frozenset(_QUANTITIES_LIST.split())
_BETWEEN_LIST = "of in and or to on at about around from by until since over under"
_BETWEEN = frozenset(_BETWEEN_LIST.split())
_QUANTITY_IN_CHINESE = re.compile(
    r"[第约近超过共]*[\d一二三四五六七八九十百千万亿零两〇,.，．％%多余几]+"
    r"(?:[年月日号时分秒岁个人名位次届度世纪代米公里千吨克斤元美初末底中前后年级]|\d)*"
)
_VERDICTS_IN_CHINESE_LIST = "是 否 不是 有 没有 对 错 男 女 男性 女性"
_VERDICTS_IN_CHINESE = frozenset(_VERDICTS_IN_CHINESE_LIST.split())


def is_generic(question: SingleHop) -> bool:
    """Whether an answer is a verdict, a quantity, a date, a common word or what is told at length.

    A value leads nowhere even where another question mentions it: "1833" names a year in which
    many things happened, and the question is about one of them.
    """
    if question.kind in _NAMELESS:
        return True
    if question.kind in _NAMED:
        return not tokens_of(question.answer)
    return is_common(question.answer)


def is_common(answer: str) -> bool:
    """Whether words that name nothing are all there is to an answer."""
    tokens = tokens_of(answer)
    if any(token.is_han for token in tokens):
        bare = "".join(token.text for token in tokens)
        return len(bare) < 2 or _is_value_in_chinese(answer.strip(), bare)
    if len(tokens) == 1 and answer.islower():
        return True
    kept = [token for token in tokens if token.word not in _BETWEEN]
    return all(
        token.word[0].isdigit() or token.word in _QUANTITIES or token.word in _VERDICTS
        for token in kept
    )


def _is_value_in_chinese(answer: str, bare: str) -> bool:
    return bare in _VERDICTS_IN_CHINESE or bool(_QUANTITY_IN_CHINESE.fullmatch(answer))
