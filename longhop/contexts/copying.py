"""How much of a question and its answer stands in a document word for word."""

import re
from collections.abc import Iterator, Sequence

from longhop.corpus.shingles import words_of
from longhop.matching import mentions, normalise
from longhop.records.accounts import Reason
from longhop.verification.checks import Finding
from longhop.verification.checks.naming import names_in

# A run of this many words of the question in the document restates it; a shorter one is looked for
# whole, unless any sentence may have it.
RESTATED, _FEWEST = 8, 5
# Words that such a run has beside a name.
_MORE_THAN_A_NAME = 3
# What a document may have of a long answer: its longest run, and the share of its runs of eight.
LONGEST_RUN, MOST_RUNS = 15, 0.3
# The share of a long answer's names and numbers that a document has to have.
COVERED = 0.9
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)")
# A name with small words in it can be said in another order. What stands in marks may be no name.
_WITHIN_A_NAME = re.compile(r"\s+(?:(?:of|the|and|de|in|on|for)\s+)+|\s*[.,:;()]\s+")
_SMALL = re.compile(r"(?<![\w'’])[^\W\d_A-Z]{3}")
_LONGEST_NAME = 5


def restates(question: str, text: str) -> bool:
    """Whether a text asks the question again; to have a long name of it is not to ask."""
    words = words_of(question)
    if len(words) < _FEWEST:
        return False
    width = min(RESTATED, len(words))
    named = _named(words, question)
    asked = {
        tuple(words[at : at + width])
        for at in range(len(words) - width + 1)
        if width - sum(named[at : at + width]) >= _MORE_THAN_A_NAME
    }
    return not asked.isdisjoint(_runs(words_of(text), width))


def find_copied(answer: str, text: str, language: str) -> Finding | None:
    """What is wrong with a document for a long answer: it pastes it, or does not cover it."""
    run = longest_run(answer, text)
    if run > LONGEST_RUN:
        return Reason.ANSWER_COPIED, f"{run} words of the answer in a row, {LONGEST_RUN} at most"
    share = share_of_runs(answer, text)
    if share > MOST_RUNS:
        told = f"{share:.2f} of the answer's runs of {RESTATED} words"
        return Reason.ANSWER_COPIED, f"{told}, {MOST_RUNS:g} at most"
    missing = untold(answer, text, language)
    wanted = len(told_of(answer, language))
    if wanted and 1 - len(missing) / wanted < COVERED:
        named = ", ".join(map(repr, missing[:5]))
        told = f"{wanted - len(missing)} of {wanted} names and numbers of the answer"
        return Reason.ANSWER_NOT_COVERED, f"{told}, {COVERED:g} at least; not {named}"
    return None


def longest_run(answer: str, text: str) -> int:
    """The most words of an answer that stand in a text in a row."""
    answer_words, text_words = words_of(answer), words_of(text)
    shared, more = 0, len(answer_words) + 1
    while more - shared > 1:
        width = (shared + more) // 2
        if _runs(answer_words, width).isdisjoint(_runs(text_words, width)):
            more = width
        else:
            shared = width
    return shared


def share_of_runs(answer: str, text: str) -> float:
    """The share of an answer's runs of eight words that a text has."""
    own = _runs(words_of(answer), RESTATED)
    return len(own & _runs(words_of(text), RESTATED)) / len(own) if own else 0.0


def told_of(answer: str, language: str) -> list[str]:
    """The names and the numbers of an answer, each once."""
    names = (
        part.strip(" .,;:'’")
        for name in names_in(answer, language)
        for part in _WITHIN_A_NAME.split(name)
        if language == "zh" or not _SMALL.search(part)
    )
    numbers = (each.group() for each in _NUMBER.finditer(answer))
    told = dict.fromkeys(" ".join(each.split()) for each in (*names, *numbers))
    return [each for each in told if 0 < len(normalise(each)) <= _LONGEST_NAME]


def untold(answer: str, text: str, language: str) -> list[str]:
    """The names and numbers of an answer that a text has not."""
    return [each for each in told_of(answer, language) if not mentions(text, each)]


def _named(words: Sequence[str], question: str) -> list[bool]:
    """Which words of a question are of a name in it."""
    named = [False] * len(words)
    for name in names_in(question, "en"):
        own = words_of(name)
        for at in range(len(words) - len(own) + 1):
            if words[at : at + len(own)] == own:
                named[at : at + len(own)] = [True] * len(own)
    return named


def _runs(words: Sequence[str], width: int) -> set[tuple[str, ...]]:
    return set(_all_runs(words, width))


def _all_runs(words: Sequence[str], width: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[at:] for at in range(width)), strict=False) if width else iter(())
