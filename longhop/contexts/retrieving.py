"""Hard distractors: the documents that share most words with a row's question and steps."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from longhop.corpus.shingles import words_of
from longhop.records.verification import MultiHop
from longhop.words import WordWeights, weigh_words

# A word of more than this share of the documents finds none of them.
_COMMON = 0.2
_FEW = 20  # of so few documents any word may be in many


class WordIndex:
    """The words of the documents of a shelf, weighed by BM25 when first asked."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def nearest(self, row: MultiHop) -> Iterator[int]:
        """The places of documents that share a word with the row, the nearest first.

        The words of its answers are not looked for: what states an answer is no distractor.
        Equally near ones stay in the order of the shelf.
        """
        numbers, columns = self._numbers, self._columns
        asked = {word for text in _texts_of(row) for word in words_of(text)}
        known = sorted(numbers[word] for word in asked if word in numbers)
        most = max(_FEW, _COMMON * len(self._texts))
        telling = [
            each for each in known if columns.indptr[each + 1] - columns.indptr[each] <= most
        ]
        scores = np.zeros(len(self._texts))
        for each in telling:
            places = slice(columns.indptr[each], columns.indptr[each + 1])
            scores[columns.indices[places]] += columns.data[places]
        near = np.flatnonzero(scores)
        yield from near[np.argsort(-scores[near].round(6), kind="stable")].tolist()

    @cached_property
    def _weighed(self) -> WordWeights:
        return weigh_words(self._texts)

    @property
    def _numbers(self) -> dict[str, int]:
        return self._weighed.numbers

    @cached_property
    def _columns(self) -> Any:
        return self._weighed.weights.tocsc()


def _texts_of(row: MultiHop) -> Iterator[str]:
    yield row.question
    for hop in row.hops:
        yield hop.question
