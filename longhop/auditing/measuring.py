"""All that one row says by itself: a context is measured once for all of its questions."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import xxhash

from longhop.auditing.answers import (
    documents_of,
    find_answer,
    is_choice,
    is_in_question,
    kind_of,
)
from longhop.auditing.depths import depth_of
from longhop.auditing.hops import are_linked, find_sentence
from longhop.auditing.items import Context, Item, Part
from longhop.auditing.speaking import language_of, short_language, stated_code
from longhop.auditing.words import Words, words_of_text
from longhop.corpus.shingles import Hashes, hash_runs, runs_in_order
from longhop.ports import Tokenizer
from longhop.publishing.decontaminating import Benchmarks, touches
from longhop.records.audit import AuditedRow

# Runs of words by which contexts and questions are held against each other.
CONTEXT_RUN, QUESTION_RUN, RESTATED_RUN = 5, 2, 4
# Documents of fewer words are headings, and repeat nothing.
_LEAST_WORDS = 8
_MOST_SUPPORTING = 12


@dataclass(frozen=True)
class MeasuredContext:
    """What a context is, whatever is asked of it. `key` is a hash of its text."""

    context: Context
    key: int
    tokens: "Future[int]"
    words: Words
    bare: Words
    runs: Hashes
    repeated: int
    language: str
    touches: str

    def shingles(self) -> Hashes:
        """The distinct runs of its words."""
        return hash_runs(self.words.hashes, CONTEXT_RUN) if len(self.words) else self.runs[:0]


class Measurer(ExitStack):
    """Measures rows with one tokenizer against the same benchmarks.

    Contexts are tokenised beside everything else: that takes most of the time.
    """

    def __init__(self, tokenizer: Tokenizer, known: Benchmarks | None) -> None:
        super().__init__()
        self._tokenizer = tokenizer
        self._known = known
        self._pool = self.enter_context(ThreadPoolExecutor(1))

    def measure_context(self, context: Context) -> MeasuredContext:
        """The measures of a context; its tokens are counted meanwhile."""
        text = context.text
        tokens = self._pool.submit(self._tokenizer.count, text)
        words = words_of_text(text)
        width = min(RESTATED_RUN, len(words))
        return MeasuredContext(
            context=context,
            key=xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")),
            tokens=tokens,
            words=words,
            bare=words.bare(),
            runs=runs_in_order(words.hashes, width) if width else words.hashes,
            repeated=_count_repeated(context, words),
            language=language_of(text),
            touches=self._touched(text),
        )

    def measure(
        self, item: Item, held: MeasuredContext, *, number: int, context_number: int, place: str
    ) -> AuditedRow:
        """The measures of a row; what others of its set have to say comes later."""
        text, parts = held.context.text, held.context.parts
        answer = item.answers[0] if item.answers else ""
        found = find_answer(text, held.bare, item.answers if item.answerable else ())
        kind = kind_of(answer, answerable=item.answerable)
        spans = [(each.start, each.end) for each in item.spans]
        pieces = spans or list(found.places[:1] if kind in ("name", "text") else ())
        supporting = [each for each in parts if each.supporting]
        language = held.language
        asked = short_language(item.question, language)
        one = find_sentence(text, item.question, found.places, asked) if kind == "name" else None
        return AuditedRow(
            number=number,
            id=item.id,
            place=place,
            split=item.split,
            kind=item.kind,
            context_number=context_number,
            context_tokens=held.tokens.result(),
            question_tokens=self._tokenizer.count(item.question),
            answer_tokens=self._tokenizer.count(answer) if answer else 0,
            around_tokens=self._tokenizer.count(item.around) if item.around else 0,
            context_characters=len(text),
            documents=len(parts),
            repeated_documents=held.repeated,
            supporting=_count_supporting(item, held.context),
            hops=item.hops,
            stated=item.states,
            lost_evidence=item.lost,
            depths=tuple(round(depth_of(*each, len(text)), 6) for each in pieces),
            depth_from="stated" if spans else "answer" if pieces else "",
            answer_kind=kind,
            answerable=kind != "none",
            verbatim=found.verbatim,
            occurrences=len(found.places),
            answer_documents=len(documents_of(found.places, parts)),
            answer_in_question=kind == "name" and is_in_question(item.question, item.answers),
            choice=is_choice(item.question),
            restated=_restated(item.question, held.runs),
            one_sentence=one is not None,
            linked=are_linked(text, supporting[:_MOST_SUPPORTING], item.question, language)
            if len(supporting) > 1
            else None,
            question_language=asked,
            answer_language=short_language(answer, language),
            context_language=language,
            stated_language=stated_code(item.language),
            question_touches=self._touched(item.question),
            context_touches=held.touches,
            licenses=item.licenses,
        )

    def _touched(self, text: str) -> str:
        """The benchmark's item that a text holds most of, in words."""
        found = touches(text, self._known) if self._known and text else []
        if not found:
            return ""
        most = found[0]
        return f"{most.covered} of {most.item.words} words of {most.item.place}"


@lru_cache(4)
def _words_of_question(question: str) -> Hashes:
    """They are asked for three times in a row."""
    return words_of_text(question).hashes


def question_key(question: str) -> int:
    """A hash of the words of a question."""
    return _hash_of(_words_of_question(question), question)


def question_shingles(question: str) -> Hashes:
    """The distinct runs of words by which questions are held against each other."""
    hashes = _words_of_question(question)
    return hash_runs(hashes, QUESTION_RUN) if len(hashes) else hashes


def _hash_of(hashes: Hashes, text: str) -> int:
    told = hashes.tobytes() or text.strip().encode("utf-8", "surrogatepass")
    return xxhash.xxh3_64_intdigest(told)


def _count_repeated(context: Context, words: Words) -> int:
    """How many documents have the words of one before them in the same context."""
    if len(context.parts) < 2:
        return 0
    starts = np.searchsorted(words.starts, [each.start for each in context.parts])
    ends = np.searchsorted(words.starts, [each.end for each in context.parts])
    told = [
        words.hashes[start:end].tobytes()
        for start, end in zip(starts, ends, strict=True)
        if end - start >= _LEAST_WORDS
    ]
    return len(told) - len(set(told))


def _count_supporting(item: Item, context: Context) -> int | None:
    """The distinct documents that evidence is said to lie in; nothing where nothing is said."""
    if not item.states:
        return None
    if context.parts:
        return len({_told(context.text, each.start, each.end) for each in _holding(item, context)})
    return 1 if item.spans else 0


def _holding(item: Item, context: Context) -> Sequence[Part]:
    marked = [each for each in context.parts if each.supporting]
    if marked:
        return marked
    return [
        each
        for each in context.parts
        if any(each.start <= span.start < each.end for span in item.spans)
    ]


def _told(text: str, start: int, end: int) -> int:
    return xxhash.xxh3_64_intdigest(text[start:end].encode("utf-8", "surrogatepass"))


def _restated(question: str, runs: Hashes) -> float:
    """The share of the question's runs of words that a context has."""
    hashes = _words_of_question(question)
    if len(hashes) < RESTATED_RUN or not len(runs):
        return 0.0
    asked = np.unique(runs_in_order(hashes, RESTATED_RUN))
    there = np.isin(asked, runs[np.isin(runs, asked)])
    return round(float(there.mean()), 4)
