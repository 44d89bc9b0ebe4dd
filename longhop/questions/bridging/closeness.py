"""Closeness: how near two questions are in what they are about."""

from collections.abc import Iterator, Sequence

import numpy as np
import xxhash
from numpy.typing import NDArray

from longhop.corpus.shingles import words_of
from longhop.questions.bridging.vocabulary import FUNCTION_WORDS
from longhop.records.questions import SingleHop
from longhop.selection.vectors import SCALE, Steps, to_steps

Places = NDArray[np.int64]
Shares = NDArray[np.float64]

# So many directions that two words seldom share one; the sign makes the rest cancel out.
_WIDTH = 256
_BLOCK = 4096


class Closeness:
    """How near questions are to one of them: the cosine of their vectors, exactly.

    Nothing below zero: what is not alike is no further apart than that.
    """

    def __init__(self, vectors: Steps) -> None:
        self._vectors = vectors

    def to(self, place: int, others: Places) -> Shares:
        """The closeness of one question to each of the others, from 0 to 1."""
        rows = self._vectors[others].astype(np.float32)
        exact = (rows @ self._vectors[place].astype(np.float32)).astype(np.float64)
        shares: Shares = np.clip(exact / SCALE**2, 0.0, 1.0)
        return shares


def directions_of_words(questions: Sequence[SingleHop]) -> Steps:
    """A direction for each question by the words of it and of its evidence, the rare ones most.

    What stands in for vectors of meaning where there are none: two questions point the same way as
    far as they share words. Each word has a place and a sign by its hash, so that a table of all
    words is never needed.
    """
    words = [np.fromiter(_hashes(each), np.uint64) for each in questions]
    lengths = np.array([len(each) for each in words], np.int64)
    if not lengths.sum():
        return np.zeros((len(words), _WIDTH), np.int16)
    _, at, counts = np.unique(np.concatenate(words), return_inverse=True, return_counts=True)
    weights = np.log1p(len(words) / counts)[at]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    blocks = []
    for first in range(0, len(words), _BLOCK):
        last = min(first + _BLOCK, len(words))
        part = slice(ends[first], ends[last])
        rows = np.repeat(np.arange(last - first), lengths[first:last])
        blocks.append(_spread(rows, np.concatenate(words[first:last]), weights[part], last - first))
    return np.concatenate(blocks)


def _spread(rows: Places, words: NDArray[np.uint64], weights: Shares, count: int) -> Steps:
    table = np.zeros((count, _WIDTH))
    columns = (words % np.uint64(_WIDTH)).astype(np.int64)
    signs = np.where((words >> np.uint64(32)) & np.uint64(1), 1.0, -1.0)
    np.add.at(table, (rows, columns), signs * weights)
    return to_steps(table.astype(np.float32))


def _hashes(question: SingleHop) -> Iterator[int]:
    """The distinct words that mean something, in an order of their own."""
    words = {*words_of(question.question), *words_of(question.quote)} - FUNCTION_WORDS
    return iter(
        sorted(xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass")) for word in words)
    )
