"""Scripts: what a text is written in, and which languages are written so."""

import re
from bisect import bisect_right
from collections import Counter
from typing import NamedTuple

LATIN = "Latin"
HAN, KANA, HANGUL = "Han", "Kana", "Hangul"


class Script(NamedTuple):
    """A script: the blocks of its letters, and the ISO 639-1 codes of who writes it."""

    blocks: tuple[tuple[int, int], ...]
    languages: frozenset[str]


def _script(blocks: str, languages: str) -> Script:
    pairs = (block.split("-") for block in blocks.split())
    return Script(
        tuple((int(first, 16), int(last, 16)) for first, last in pairs),
        frozenset(languages.split()),
    )


# All but Latin, which is what every language not named here is taken to be written in.
SCRIPTS = {
    HAN: _script("3400-4dbf 4e00-9fff f900-faff 20000-323af", "zh ja"),
    KANA: _script("3041-30ff 31f0-31ff ff66-ff9d", "ja"),
    HANGUL: _script("1100-11ff 3130-318f a960-a97f ac00-d7ff", "ko"),
    "Arabic": _script("0600-06ff 0750-077f 0870-08ff fb50-fdff fe70-fefc", "ar fa ps sd ug ur"),
    "Cyrillic": _script("0400-052f 1c80-1c8f a640-a69f", "ba be bg kk ky mk mn ru sr tg tt uk"),
    "Greek": _script("0370-03ff 1f00-1fff", "el"),
    "Hebrew": _script("0590-05ff fb1d-fb4f", "he yi"),
    "Armenian": _script("0530-058f fb13-fb17", "hy"),
    "Georgian": _script("10a0-10ff 1c90-1cbf 2d00-2d2f", "ka"),
    "Ethiopic": _script("1200-139f 2d80-2ddf", "am ti"),
    "Devanagari": _script("0900-097f a8e0-a8ff", "hi mr ne sa"),
    "Bengali": _script("0980-09ff", "as bn"),
    "Gurmukhi": _script("0a00-0a7f", "pa"),
    "Gujarati": _script("0a80-0aff", "gu"),
    "Oriya": _script("0b00-0b7f", "or"),
    "Tamil": _script("0b80-0bff", "ta"),
    "Telugu": _script("0c00-0c7f", "te"),
    "Kannada": _script("0c80-0cff", "kn"),
    "Malayalam": _script("0d00-0d7f", "ml"),
    "Sinhala": _script("0d80-0dff", "si"),
    "Thai": _script("0e00-0e7f", "th"),
    "Lao": _script("0e80-0eff", "lo"),
    "Tibetan": _script("0f00-0fff", "bo dz"),
    "Burmese": _script("1000-109f", "my"),
    "Khmer": _script("1780-17ff", "km"),
}  # fmt: skip
# These are written in Latin letters as well.
_ALSO_LATIN = frozenset({"kk", "mn", "sr", "tt"})

_STARTS = sorted((first, last, name) for name, it in SCRIPTS.items() for first, last in it.blocks)
_FIRSTS = [first for first, _, _ in _STARTS]
_LETTER = re.compile(r"[^\W\d_]")
_NOT_LATIN = re.compile(
    r"[^\W\d_\u0000-\u036f\u1d00-\u1eff\u2100-\u214f\ua720-\uab6f\uff21-\uff5a]"
)
_ENOUGH = 0.2


def main_script(text: str) -> str:
    """The script of a text: Latin, unless another has a fifth of the letters.

    A page about computers in Russian is full of Latin letters, and Russian all the same.
    Han beside kana is Kana. Letters of a script that is not in the list count as Latin.
    """
    if text.isascii():
        return LATIN
    others = _NOT_LATIN.findall(text)
    if not others or len(others) <= _ENOUGH * _letters(text):
        return LATIN
    counts = Counter(_script_of(letter) for letter in others)
    if counts[KANA] > 0.1 * (counts[KANA] + counts[HAN]):
        counts[KANA] += counts.pop(HAN, 0)
    return min(counts, key=lambda name: (-counts[name], name))


def scripts_of(language: str) -> frozenset[str]:
    """The scripts that a language is written in."""
    named = {name for name, script in SCRIPTS.items() if language in script.languages}
    return frozenset(named | {LATIN} if not named or language in _ALSO_LATIN else named)


def same_script(text: str, language: str) -> bool:
    """Whether a text, as short as a question, is written as the language is.

    Names in foreign letters are no sign of another language: a fifth of the letters is enough
    for any script but Latin, which so many other texts have some of. A text without letters is
    written in any.
    """
    letters = _letters(text)
    if not letters:
        return True
    counts = Counter(_script_of(letter) for letter in _NOT_LATIN.findall(text))
    wanted = scripts_of(language)
    if sum(counts[name] for name in wanted) > _ENOUGH * letters:
        return language != "ja" or counts[KANA] > 0
    return LATIN in wanted and letters - counts.total() >= 0.5 * letters


def _script_of(letter: str) -> str:
    code = ord(letter)
    at = bisect_right(_FIRSTS, code) - 1
    return _STARTS[at][2] if at >= 0 and code <= _STARTS[at][1] else LATIN


def _letters(text: str) -> int:
    return len(_LETTER.findall(text))
