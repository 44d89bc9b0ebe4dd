"""English or Chinese, told by script; sentences by the rules of each."""

import re

# The languages that there are prompts and sentence rules for.
LANGUAGES = ("en", "zh")

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")

# A full stop ends no sentence after an initial or one of these.
_ABBREVIATIONS = (
    "mr mrs ms dr prof st sr jr gen col lt sgt capt rev hon gov sen rep pres mt no vol fig vs etc"
    " inc ltd co corp est approx ca cf e.g i.e u.s u.k d.c a.m p.m jan feb mar apr jun jul aug sep"
    " sept oct nov dec"
)
_NO_END = frozenset(_ABBREVIATIONS.split())
_ENGLISH_END = re.compile(r"[.!?]['\"\u2019\u201d)\]]*(?=\s+|$)|\n\s*\n")
_CHINESE_END = re.compile(r"[。！？；][”’」』）]*|\n\s*\n")


def detect_language(text: str) -> str:
    """`zh` where Chinese characters make up a fifth of the letters, else `en`."""
    sample = text[:4000]
    letters = len(_LETTER.findall(sample))
    return "zh" if letters and len(_CJK.findall(sample)) / letters > 0.2 else "en"


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences as [start, end) in code points; together they tile the text.

    White space after a sentence belongs to it, so nothing lies between two of them.
    """
    pattern = _CHINESE_END if language == "zh" else _ENGLISH_END
    bounds, start = [], 0
    for match in pattern.finditer(text):
        if language != "zh" and match.group()[0] == "." and _no_end(text, match.start()):
            continue
        end = match.end()
        while end < len(text) and text[end].isspace():
            end += 1
        if end > start:
            bounds.append((start, end))
            start = end
    if start < len(text):
        bounds.append((start, len(text)))
    return bounds


def _no_end(text: str, stop: int) -> bool:
    head = text[max(0, stop - 12) : stop]
    word = head.split()[-1] if head.split() else ""
    bare = word.lstrip("(\"'\u201c\u2018").lower()
    return bare in _NO_END or (len(bare) == 1 and bare.isalpha())
