"""Texts weighed by their words (BM25): what is near to a question is told by the words they share.

The usual formula and its usual constants (Robertson and Zaragoza 2009, §3.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from longhop.corpus.shingles import words_of

_K1, _B = 1.2, 0.75


@dataclass(frozen=True)
class WordWeights:
    """The words of texts and what each is worth: `numbers` gives a word's column.

    `counts` and `weights` are sparse (texts, words): how often, and the weight by BM25.
    """

    numbers: dict[str, int]
    counts: Any
    weights: Any


def weigh_words(texts: Iterable[str]) -> WordWeights:
    """The BM25 weight of each word in each text."""
    from scipy.sparse import csr_matrix

    numbers: dict[str, int] = {}
    columns: list[int] = []
    starts = [0]
    for text in texts:
        columns += [numbers.setdefault(word, len(numbers)) for word in words_of(text)]
        starts.append(len(columns))
    shape = (len(starts) - 1, max(1, len(numbers)))
    counts = csr_matrix((np.ones(len(columns)), columns, starts), shape=shape)
    counts.sum_duplicates()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    held = np.bincount(counts.indices, minlength=shape[1])
    idf = np.log1p((shape[0] - held + 0.5) / (held + 0.5))
    norm = _K1 * (1 - _B + _B * lengths / max(1.0, lengths.mean() if shape[0] else 1.0))
    weights = counts.copy()
    of_row = np.repeat(np.arange(shape[0]), np.diff(counts.indptr))
    weights.data = idf[counts.indices] * counts.data * (_K1 + 1) / (counts.data + norm[of_row])
    return WordWeights(numbers, counts, weights.tocsr())
