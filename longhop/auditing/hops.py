"""Signs of whether a question needs several documents, none of which is a proof."""

from collections.abc import Iterator, Sequence

from longhop.auditing.items import Part
from longhop.corpus.languages.sentences import split_sentences
from longhop.matching import mentions, normalise
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
    """Whether the documents hang together by names: each names a title, or what another names.

    What the question itself names leads to a document, and not from one to the next.
    """
    names = [_names(text[each.start : each.end][:_MOST_TEXT], language) for each in documents]
    asked = {normalise(each) for each in names_in(question, language)}
    reached, waiting = {0}, [0]
    while waiting:
        one = waiting.pop()
        for other in range(len(documents)):
            if other not in reached and (
                (names[one] & names[other]) - asked
                or _tells(text, documents[one], documents[other])
                or _tells(text, documents[other], documents[one])
            ):
                reached.add(other)
                waiting.append(other)
    return len(reached) == len(documents)


def _tells(text: str, one: Part, other: Part) -> bool:
    """Whether a document has the other's title."""
    title = other.title.split(" (")[0]
    return bool(title) and mentions(text[one.start : one.end][:_MOST_TEXT], title)


def _names(text: str, language: str) -> set[tuple[str, ...]]:
    return {normalise(each) for each in _telling(text, language)}


def _telling(text: str, language: str) -> Iterator[str]:
    for each in names_in(text, language):
        if len(each) > 2:
            yield each


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
