"""What only all rows together can tell: which come more than once, and which cross splits."""

from array import array
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np
import xxhash

from longhop.auditing.items import Item
from longhop.auditing.measuring import MeasuredContext, question_key, question_shingles
from longhop.auditing.nearness import Nearness
from longhop.matching import normalise
from longhop.verification.checks.naming import names_in

QUESTIONS_ALIKE, CONTEXTS_ALIKE = 0.8, 0.7


@dataclass
class Twins:
    """For rows, or contexts, that have been there before: the first of the same, or nearly so."""

    same: dict[int, int] = field(default_factory=dict)
    near: dict[int, int] = field(default_factory=dict)

    def first(self, number: int) -> int:
        """The first of all that are the same as one, or nearly."""
        while (before := self.same.get(number, self.near.get(number, number))) != number:
            number = before
        return number


class Totals(ExitStack):
    """Hashes and sketches of every question and every context. Some 100 bytes a row in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._questions, self._contexts = array("Q"), array("Q")
        self._near_questions = self.enter_context(Nearness(QUESTIONS_ALIKE))
        self._near_contexts = self.enter_context(Nearness(CONTEXTS_ALIKE))
        self._splits: list[str] = []
        self._split_of, self._context_of = array("i"), array("q")

    @property
    def contexts(self) -> int:
        """How many contexts there were so far."""
        return len(self._contexts)

    def add_context(self, held: MeasuredContext) -> None:
        """Take the next context; questions that follow are put with it."""
        self._contexts.append(held.key)
        self._near_contexts.add(held.shingles())

    def add_question(self, item: Item, language: str) -> None:
        """Take the next row."""
        self._questions.append(question_key(item.question))
        self._near_questions.add(question_shingles(item.question), _names(item.question, language))
        if item.split not in self._splits:
            self._splits.append(item.split)
        self._split_of.append(self._splits.index(item.split))
        self._context_of.append(len(self._contexts) - 1)

    def find_questions(self) -> Twins:
        """The rows whose question was there before."""
        return Twins(_same(self._questions), self._near_questions.first_alike())

    def find_contexts(self, empty: int) -> Twins:
        """The contexts that were there before; `empty` is the key of one without a text."""
        same = _same(self._contexts)
        none = {at for at, each in enumerate(self._contexts) if each == empty}
        return Twins(
            {each: first for each, first in same.items() if each not in none},
            self._near_contexts.first_alike(),
        )

    def crossing(self, questions: Twins, contexts: Twins) -> tuple[set[int], set[int]]:
        """The rows whose question, and those whose context, is in another split too."""
        by_question = [questions.first(at) for at in range(len(self._questions))]
        by_context = [contexts.first(at) for at in self._context_of]
        return self._torn(by_question), self._torn(by_context)

    def _torn(self, groups: list[int]) -> set[int]:
        if len(self._splits) < 2:
            return set()
        pairs = set(zip(groups, self._split_of, strict=True))
        torn = {group for group, count in Counter(each for each, _ in pairs).items() if count > 1}
        return {at for at, group in enumerate(groups) if group in torn}


def _same(keys: "array[int]") -> dict[int, int]:
    """Each place whose key was there before, with the first such place."""
    if not keys:
        return {}
    _, first, which = np.unique(
        np.frombuffer(keys, np.uint64), return_index=True, return_inverse=True
    )
    begins = first[which.reshape(-1)]
    later = np.flatnonzero(begins != np.arange(len(begins)))
    return dict(zip(later.tolist(), begins[later].tolist(), strict=True))


def _names(question: str, language: str) -> int:
    """A hash of the names and numbers of a question: two that differ in one are two questions."""
    names = {word for each in names_in(question, language) for word in normalise(each)}
    digits = {word for word in normalise(question) if word[0].isdigit()}
    told = "\0".join(sorted(names | digits))
    return xxhash.xxh3_64_intdigest(told.encode("utf-8", "surrogatepass")) >> 1
