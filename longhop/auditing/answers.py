"""Whether an answer stands in a context, how often, and where."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from longhop.auditing.items import Part
from longhop.auditing.words import Words, stands_alone, words_of_text
from longhop.matching import mentions, normalise
from longhop.verification.answers import is_text, is_yes_or_no, says_nothing

# A question that names what may be chosen names its answer rightly.
_CHOICE = re.compile(r"\bor\b|\bwhich of\b|\bbetween\b|还是|或者|哪一个|哪个", re.IGNORECASE)
_MOST_PLACES = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """How often an answer stands in a context: to the letter, and by its words, and where."""

    verbatim: int
    places: tuple[tuple[int, int], ...]


def find_answer(text: str, bare: Words, answers: Sequence[str]) -> Found:
    """The places of the first of the answers that stands in a text at all.

    Word for word is to the letter, and no part of a longer word. By its words is whatever the case,
    the signs between, and articles. `bare` are the words of the text without articles.
    """
    for answer in answers:
        literal = _literal(text, answer)
        wanted = words_of_text(" ".join(normalise(answer))).bare()
        places = bare.places_of(wanted.hashes) if len(wanted) else literal
        if literal or places:
            return Found(len(literal), tuple(places or literal)[:_MOST_PLACES])
    return Found(0, ())


def documents_of(places: Sequence[tuple[int, int]], parts: Sequence[Part]) -> set[int]:
    """The numbers of the documents that places lie in."""
    starts = [each.start for each in parts]
    held = ((bisect_right(starts, start) - 1, end) for start, end in places)
    return {at for at, end in held if at >= 0 and end <= parts[at].end}


def kind_of(answer: str, *, answerable: bool) -> str:
    """`none`, `yes_or_no`, `text` (more words than a name has) or `name`."""
    if not answerable or says_nothing(answer):
        return "none"
    if is_yes_or_no(answer):
        return "yes_or_no"
    return "text" if is_text(answer) else "name"


def is_in_question(question: str, answers: Sequence[str]) -> bool:
    """Whether a question has one of its answers, whole words in a row."""
    return any(mentions(question, each) for each in answers if not is_yes_or_no(each))


def is_choice(question: str) -> bool:
    """Whether a question names things to choose from, by its words alone."""
    return bool(_CHOICE.search(question))


def _literal(text: str, answer: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = text.find(answer) if answer else -1
    while at >= 0 and len(found) < _MOST_PLACES:
        end = at + len(answer)
        if stands_alone(text, at, end):
            found.append((at, end))
        at = text.find(answer, end)
    return found
