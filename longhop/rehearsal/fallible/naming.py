"""Coined names that carry a number: every name in a text leads back to what it stands for."""

import re
from collections.abc import Iterator
from itertools import product

from longhop.rehearsal.relations import Language

_SYLLABLES = tuple(map("".join, product("bdfgklmnprstvzh", "aeiou")))
_CHARACTERS = (
    "阿巴贝波布达黛迪铎法菲弗戈葛哈赫胡伽卡凯柯克库拉莱芮罗鲁玛迈梅米莫穆纳奈尼诺努帕佩皮浦奇琪瑞萨塞莎什斯苏塔泰特提托图瓦"
    "维沃乌希夏雪亚耶伊尤扎泽詹珠卓兹"
)
_BASE = len(_SYLLABLES)
NAMES = _BASE**3  # so many names there are in a language
_STRIDE = 194_867  # has no divisor in common with NAMES, so neighbours in number differ in name
_START = 271_828
_BACK = pow(_STRIDE, -1, NAMES)
_ENGLISH = re.compile(r"\b[A-Z][a-z]{7}\b")
_CHINESE = re.compile(rf"(?<![{_CHARACTERS}])[{_CHARACTERS}]{{4}}(?![{_CHARACTERS}])")


def coin(number: int, language: Language) -> str:
    """The name of a number below `NAMES`: three signs for it, and a fourth to check them by."""
    scattered = (number * _STRIDE + _START) % NAMES
    digits = [scattered // _BASE**place % _BASE for place in range(3)]
    signs = _SYLLABLES if language == "en" else _CHARACTERS
    name = "".join(signs[digit] for digit in (*digits, _check(digits)))
    return name.capitalize()


def names_in(text: str) -> Iterator[int]:
    """The numbers of all names in a text, in its order; a word that is none has none."""
    for found in _ENGLISH.findall(text):
        word = found.lower()
        yield from _number([word[at : at + 2] for at in range(0, 8, 2)], _ENGLISH_DIGITS)
    for found in _CHINESE.findall(text):
        yield from _number(list(found), _CHINESE_DIGITS)


_ENGLISH_DIGITS = {sign: digit for digit, sign in enumerate(_SYLLABLES)}
_CHINESE_DIGITS = {sign: digit for digit, sign in enumerate(_CHARACTERS)}


def _number(signs: list[str], digits: dict[str, int]) -> Iterator[int]:
    if all(sign in digits for sign in signs):
        *places, check = (digits[sign] for sign in signs)
        if check == _check(places):
            scattered = sum(digit * _BASE**place for place, digit in enumerate(places))
            yield (scattered - _START) * _BACK % NAMES


def _check(digits: list[int]) -> int:
    return (7 + sum((place + 2) * digit for place, digit in enumerate(digits))) % _BASE
