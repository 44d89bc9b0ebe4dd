"""The index: which questions name whose answers, and which pairs belong together most surely.

Names lead to the questions that mention them, so the work grows with the questions and not with
their pairs; of a name that very many mention, as many are looked at as keyed hashes choose.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from longhop.identity import digest
from longhop.questions.bridging.closeness import Closeness, directions_of_words
from longhop.questions.bridging.finding import ABOUT_ANOTHER, ABOUT_NOTHING, Sought
from longhop.questions.bridging.forms import forms_of
from longhop.questions.bridging.postings import Postings, Rows
from longhop.questions.bridging.surroundings import PART_OF_A_NAME
from longhop.questions.bridging.tables import NO_SUBJECT, Answers, Mentions
from longhop.records.questions import SingleHop

# Questions that mention, or answer with, one name and are looked at.
_BOUND = 256
# What is left of a score where nothing else is alike, and of one that the link test turns away.
_FAR, _DOUBTED = 0.6, 0.001
# How much less a mention says with each doubling of the questions that have it.
_COMMON = 0.3


@dataclass(frozen=True)
class Bridge:
    """The answer of one question is what another asks about.

    Head and tail are places in the sequence that the index was made of; the mention in the tail's
    question is in code points, without an article before it. The score, in (0, 1], tells how
    surely the two belong together, whichever head it is of.
    """

    head: int
    tail: int
    start: int
    end: int
    score: float
    why: str
    sound: bool = True  # whether the link test lets it pass


class _Pairs(NamedTuple):
    """Forms of answers and mentions of them, one by one, and what each pair is worth."""

    answers: Rows
    mentions: Rows
    worth: NDArray[np.float64]
    doubt: NDArray[np.bool_]

    def take(self, chosen: NDArray[np.int64]) -> "_Pairs":
        return _Pairs(
            self.answers[chosen], self.mentions[chosen], self.worth[chosen], self.doubt[chosen]
        )


class BridgeIndex:
    """The bridges between questions, found without looking at all pairs.

    Nothing that comes out depends on the order of the questions but the places.
    """

    def __init__(
        self, questions: Sequence[SingleHop], vectors: NDArray[np.int16] | None = None
    ) -> None:
        """Vectors are directions in steps, a row a question; without them words stand in."""
        self._questions = questions
        self._closeness = Closeness(directions_of_words(questions) if vectors is None else vectors)
        self._answers = Answers(questions)
        self._mentions = Mentions(questions, self._answers.numbers)
        self._subjects = np.array(
            [self._answers.subject_number(each) for each in questions], np.int64
        )
        ids = sorted(range(len(questions)), key=lambda place: questions[place].id)
        self._rank = np.empty(len(questions), np.int64)
        self._rank[ids] = np.arange(len(questions))
        self._sought = lru_cache(1024)(lambda place: Sought(questions[place]))
        self._index_rows()

    def tails_of(self, head: int, most: int, *, doubtful: bool = False) -> list[Bridge]:
        """The questions that ask about the head's answer, the surest first, ties by id.

        With `doubtful`, those that name it and yet fail the link test come behind all others.
        """
        rows = self._answers_of.of(head)
        mentioned = [self._mentioning.of(number) for number in self._answers.name[rows]]
        answers = np.repeat(rows, [len(each) for each in mentioned])
        mentions = _joined(mentioned)
        pairs = self._pairs(answers, mentions, self._mentions.tail[mentions])
        found = self._ranked(head, self._mentions.tail[pairs.mentions], pairs)
        return list(islice(self._bridges(found, doubtful=doubtful), most))

    def heads_of(self, tail: int, most: int, *, doubtful: bool = False) -> list[Bridge]:
        """The questions whose answer the tail asks about, the surest first, ties by id."""
        rows = self._mentions_of.of(tail)
        answered = [self._answering.of(number) for number in self._mentions.name[rows]]
        mentions = np.repeat(rows, [len(each) for each in answered])
        answers = _joined(answered)
        pairs = self._pairs(answers, mentions, self._answers.head[answers])
        found = self._ranked(tail, self._answers.head[pairs.answers], pairs)
        return list(islice(self._bridges(found, doubtful=doubtful), most))

    def places_of(self, head: int, other: int) -> list[tuple[int, int]]:
        """Where a question names the answer of another, under any of its names: [start, end)."""
        called, said = self._called(head), self._said(other)
        return [
            (start, end)
            for name, (start, end, has_capital) in said.items()
            if name in called and (has_capital or called[name])
        ]

    def _index_rows(self) -> None:
        answers, mentions = self._answers, self._mentions
        names, places = len(answers.numbers), len(self._questions)

        @cache
        def key(place: int) -> str:
            name = self._questions[place].id
            return digest("bridge", name) + name

        self._answers_of = Postings(answers.head, places)
        self._mentions_of = Postings(mentions.tail, places)
        self._answering = Postings(answers.name, names)
        self._answering.bound(_BOUND, lambda row: key(int(answers.head[row])))
        self._mentioning = Postings(mentions.name, names)
        self._mentioning.bound(_BOUND, lambda row: key(int(mentions.tail[row])))
        self._called = cache(self._names_of)
        self._said = cache(self._names_in)
        # Who is known by which name, as one number a pair.
        self._known = np.unique(answers.head * max(1, names) + answers.name)

    def _names_of(self, place: int) -> dict[int, bool]:
        """The names of an answer, and whether each is one without capitals, too."""
        rows, told = self._answers_of.of(place), self._answers
        return dict(
            zip(told.name[rows].tolist(), (told.in_lower_case[rows] > 0).tolist(), strict=True)
        )

    def _names_in(self, place: int) -> dict[int, tuple[int, int, bool]]:
        """The names in a question, where and whether with a capital; not those in longer ones."""
        rows, said = self._mentions_of.of(place), self._mentions
        rows = rows[~said.doubt[rows]]
        columns = (said.name, said.start, said.end, said.capital)
        found = zip(*(each[rows].tolist() for each in columns), strict=True)
        return {name: (start, end, capital) for name, start, end, capital in found}

    def _pairs(self, answers: Rows, mentions: Rows, others: Rows) -> _Pairs:
        """What the pairs are worth, the best of each other question; without those worth nothing.

        A name says the less of a question the more questions have it.
        """
        told, said = self._answers, self._mentions
        case = np.where(said.capital[mentions], 1.0, told.in_lower_case[answers])
        about = self._about(told.head[answers], said.tail[mentions])
        common = 1 + _COMMON * np.log2(np.maximum(1, self._mentioning.counts[told.name[answers]]))
        worth = told.worth[answers] * said.share[mentions] * case * about / common
        pairs = _Pairs(answers, mentions, worth, said.doubt[mentions])
        keys = (told.form[answers], said.start[mentions], -worth, pairs.doubt, others)
        order = np.lexsort(keys)
        ordered = others[order]
        first = np.ones(len(order), bool)
        first[1:] = ordered[1:] != ordered[:-1]
        alike = told.head[answers] == said.tail[mentions]
        return pairs.take(order[first & (worth > 0)[order] & ~alike[order]])

    def _about(self, heads: Rows, tails: Rows) -> NDArray[np.float64]:
        """What is left of each pair by what the tail is said to be about."""
        subjects = self._subjects[tails]
        keys = heads * max(1, len(self._answers.numbers)) + subjects
        at = np.minimum(np.searchsorted(self._known, keys), len(self._known) - 1)
        same = (subjects >= 0) & (self._known[at] == keys)
        nothing = np.where(subjects == NO_SUBJECT, ABOUT_NOTHING, ABOUT_ANOTHER)
        shares: NDArray[np.float64] = np.where(same, 1.0, nothing)
        return shares

    def _ranked(self, place: int, others: Rows, pairs: _Pairs) -> _Pairs:
        """The pairs with their scores for what they are worth, the best first."""
        near = self._closeness.to(place, others)
        worth = pairs.worth * (_FAR + (1 - _FAR) * near)
        order = np.lexsort((self._rank[others], -worth, pairs.doubt))
        return pairs._replace(worth=worth).take(order)

    def _bridges(self, pairs: _Pairs, *, doubtful: bool) -> Iterator[Bridge]:
        """Those that the link test lets pass, then, if they are wanted, the others."""
        doubted = []
        for answer, mention, worth, doubt in zip(*(each.tolist() for each in pairs), strict=True):
            why = "" if not doubt else PART_OF_A_NAME
            bridge = self._bridge(answer, mention, worth, why)
            if bridge.sound:
                yield bridge
            else:
                doubted.append(bridge)
        if doubtful:
            yield from sorted(doubted, key=lambda each: -each.score)

    def _bridge(self, answer: int, mention: int, score: float, doubt: str) -> Bridge:
        head, tail = int(self._answers.head[answer]), int(self._mentions.tail[mention])
        start, end = int(self._mentions.start[mention]), int(self._mentions.end[mention])
        form = forms_of(self._questions[head])[self._answers.form[answer]]
        doubt = doubt or self._sought(head).doubt_of(self._questions[tail], start, end, form)
        why = doubt or form.why
        score = _DOUBTED * score if doubt else score
        return Bridge(head, tail, start, end, score, why, sound=not doubt)


def _joined(parts: Sequence[Rows]) -> Rows:
    return np.concatenate(parts) if len(parts) else np.empty(0, np.int64)
