"""Retrieving: how well documents find their own pairs, and if they do so better than before."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from longhop.records.adaptation import Retrieval
from longhop.selection.vectors import Steps, similarities

_DEPTH = 10
# The lower bound of the mean gain at 95%, of one side: a gain by chance would cost embedding all
# documents again.
_DEVIATIONS = 1.645


def find_ranks(documents: Steps, pairs: Steps, document_of: Sequence[int]) -> NDArray[np.int64]:
    """The rank of each pair for the document that gave it, from 1: shapes (d, …), (p, …) to (p,).

    Pairs of other documents come before it that are as near or nearer; its document's own do not.
    """
    given_by = np.asarray(document_of)
    near = similarities(documents, pairs)
    own = near[given_by, np.arange(len(pairs))]
    other = given_by[:, None] != given_by[None, :]
    ranks: NDArray[np.int64] = 1 + ((near[given_by] >= own[:, None]) & other).sum(axis=1)
    return ranks


def measure(ranks: NDArray[np.int64], document_of: Sequence[int]) -> Retrieval:
    """Both figures, to six digits."""
    return Retrieval(
        recall_at_10=round(float(_by_document(ranks <= _DEPTH, document_of).mean()), 6),
        reciprocal_rank=round(float(_by_document(1 / ranks, document_of).mean()), 6),
    )


def is_better(
    before: NDArray[np.int64], after: NDArray[np.int64], document_of: Sequence[int]
) -> bool:
    """Whether reciprocal ranks have grown by more than chance, and recall has not fallen."""
    gains = _by_document(1 / after, document_of) - _by_document(1 / before, document_of)
    error = gains.std(ddof=1) / np.sqrt(len(gains))
    recalls = [measure(ranks, document_of).recall_at_10 for ranks in (before, after)]
    return bool(round(gains.mean() - _DEVIATIONS * error, 9) > 0 and recalls[1] >= recalls[0])


def _by_document(values: NDArray[np.generic], document_of: Sequence[int]) -> NDArray[np.float64]:
    """The mean of the values of each document."""
    counts = np.bincount(document_of)
    sums = np.bincount(document_of, weights=values.astype(np.float64))
    means: NDArray[np.float64] = sums / counts
    return means
