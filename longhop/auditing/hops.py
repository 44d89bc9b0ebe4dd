"""Signs of whether a question needs several documents, none of which is a proof."""

from collections.abc import Iterable, Sequence

from longhop.auditing.items import Part
from longhop.corpus.languages.sentences import split_sentences
from longhop.questions.bridging.vocabulary import FUNCTION_WORDS
from longhop.verification.checks.naming import is_named, names_in, plain_words

# Sentences of more characters on either side of an answer are cut there.
_NEAR = 600
_MOST_PLACES = 40
_MOST_TEXT = 20_000


def find_sentence(
    text: str, question: str, places: Sequence[tuple[int, int]], language: str
) -> tuple[int, int] | None:
    """A sentence that has the answer and every content word of the question: one hop is enough.

    Words may have other endings. What a question says in other words is not found, so of several
    questions at least so many are answered by one sentence.
    """
    if not any(each not in FUNCTION_WORDS for each in plain_words(question)):
        return None
    seen: set[tuple[int, int]] = set()
    for start, end in places[:_MOST_PLACES]:
        found = _sentence_at(text, start, end, language)
        if found in seen:
            continue
        seen.add(found)
        if is_named(question, plain_words(text[slice(*found)]), whole=True):
            return found
    return None


def are_linked(text: str, documents: Sequence[Part], question: str, language: str) -> bool:
    """Whether the documents hang together by names: each has one that another has, too.

    A title is a name. What the question itself names leads to a document, and not from one to the
    next.
    """
    asked = {plain_words(each) for each in names_in(question, language)}
    told = [_told(text, each, language) for each in documents]
    reached, waiting = {0}, [0]
    while waiting:
        names, words = told[waiting.pop()]
        for other in set(range(len(documents))) - reached:
            others, beside = told[other]
            if _stands(names - asked, beside) or _stands(others - asked, words):
                reached.add(other)
                waiting.append(other)
    return len(reached) == len(documents)


def _told(text: str, document: Part, language: str) -> tuple[set[tuple[str, ...]], str]:
    """The names of a document, and all of its words."""
    said = text[document.start : document.end][:_MOST_TEXT]
    names = [document.title.split(" (")[0], *names_in(said, language)]
    return {words for each in names if (words := plain_words(each))}, _line(plain_words(said))


def _stands(names: Iterable[tuple[str, ...]], line: str) -> bool:
    return any(_line(each) in line for each in names)


def _line(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def _sentence_at(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    first, last = max(0, start - _NEAR), min(len(text), end + _NEAR)
    begins, ends = first, last
    for one, other in split_sentences(text[first:last], language):
        if first + one <= start:
            begins = first + one
        if first + other >= end:
            ends = first + other
            break
    return begins, ends
