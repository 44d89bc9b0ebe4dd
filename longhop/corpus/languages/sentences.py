"""Sentences, by rules that need no model, and where a text without any may be cut."""

import re
import unicodedata

# A full stop ends no sentence after an initial or one of these.
_ABBREVIATIONS = (
    "mr mrs ms dr prof st sr jr gen col lt sgt capt rev hon gov sen rep pres mt no vol fig figs eq"
    " eqs vs etc inc ltd co corp est approx ca cf al e.g i.e u.s u.k d.c a.m p.m jan feb mar apr"
    " jun jul aug sep sept oct nov dec"
)
_NO_END = frozenset(_ABBREVIATIONS.split())
_CLOSERS = r"""['"\u2019\u201d»›)\]}*_”’」』】》〉）]*"""
# Stops that a space follows; the others end a sentence wherever they stand.
_STOPS = ".!?…؟۔।॥።፧։．"
_END = re.compile(
    rf"[。｡！？；។៕။།༎]+{_CLOSERS}"
    rf"|(?<![{_STOPS}])[{_STOPS}]++{_CLOSERS}+(?=\s|$)"
    r"|\n[^\S\n]*\n"
)
_COMMAS = ",;:/)}]，、；：）」"
_LAST_SPACE = re.compile(r"\s+")
_SPACE = re.compile(r"\s*")
_ZERO_WIDTH_JOINER = "\u200d"


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences as [start, end) in code points; together they tile the text.

    A sentence ends at a mark of any script, with the quotes and brackets that it closes, and at a
    blank line; a line break alone ends none, since lines are often wrapped. A full stop after an
    initial ends none either, nor one after the number of an item; nor in English one after an
    abbreviation, nor elsewhere one after any number, which may be an ordinal. White space after a
    sentence belongs to it, so nothing lies between two of them.
    """
    bounds, start = [], 0
    for match in _END.finditer(text):
        stop = match.start()
        if stop < start or (text[stop] == "." and _is_inside(text, start, stop, language)):
            continue
        end = _after_space(text, match.end())
        bounds.append((start, end))
        start = end
    if start < len(text):
        bounds.append((start, len(text)))
    return bounds


def cut_line(text: str, start: int, most: int) -> int:
    """The last place in (start, most] where a cut harms least.

    That is after white space, else after a comma or the like, unless there is none in the second
    half; else between two characters as they are read: not inside an emoji sequence, a flag or a
    letter with its marks, unless there is nothing else.
    """
    half = (start + most) // 2
    if spaces := list(_LAST_SPACE.finditer(text, half, most)):
        return spaces[-1].end()
    if (comma := max(text.rfind(each, half, most) for each in _COMMAS)) >= 0:
        return comma + 1
    for cut in range(most, max(start, most - 64), -1):
        if not _joins(text, start, cut):
            return cut
    return most


def _joins(text: str, start: int, cut: int) -> bool:
    if cut >= len(text):
        return False
    after = text[cut]
    if _is_flag_half(after):
        halves = 0
        while cut - halves > start and _is_flag_half(text[cut - halves - 1]):
            halves += 1
        return halves % 2 == 1
    return (
        after == _ZERO_WIDTH_JOINER
        or text[cut - 1] == _ZERO_WIDTH_JOINER
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or unicodedata.category(after).startswith("M")
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _is_inside(text: str, start: int, stop: int, language: str) -> bool:
    """Whether a full stop belongs to the word before it, in a sentence from `start`."""
    head = text[max(start, stop - 12) : stop].split()
    if not head:
        return False
    bare = head[-1].lstrip("(\"'\u201c\u2018").lower()
    if len(bare) == 1 and bare.isalpha():
        return True
    if bare.isdigit() and (language != "en" or stop - start <= len(bare)):
        return True
    return language == "en" and bare in _NO_END
