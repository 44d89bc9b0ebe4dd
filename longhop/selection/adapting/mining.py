"""Mining: which pairs count as wrong ones for a document, and which batches hold only such."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from longhop.identity import keyed_order
from longhop.selection.vectors import Steps, similarities

# What is nearly as near as a document's own pair may be one that it could have given: the margin
# of 95% is that of NV-Retriever (arXiv 2407.15831, "TopK-PercPos").
_MARGIN = 0.95

Wrong = NDArray[np.bool_]


def find_wrong(windows: Steps, pairs: Steps, documents: Sequence[int]) -> Wrong:
    """Which pairs are wrong for which windows: shape (n, n), a row a window.

    The pair i belongs to the window i, and `documents` names the document of both. A pair is wrong
    only if it is of another document, and is less near than the margin both to the window and to
    the window's own pair; the margin is a share of how near that pair is to the window.
    """
    near = similarities(windows, pairs)
    limits = _MARGIN * np.diagonal(near)[:, None]
    names = np.asarray(documents)
    wrong: Wrong = (
        (names[:, None] != names[None, :]) & (near < limits) & (similarities(pairs, pairs) < limits)
    )
    return wrong


def hardest(windows: Steps, pairs: Steps, wrong: Wrong) -> NDArray[np.int64]:
    """The nearest wrong pair of each window, the first of equals; -1 where none is wrong."""
    near = np.where(wrong, similarities(windows, pairs).astype(np.int64), np.iinfo(np.int64).min)
    found: NDArray[np.int64] = np.where(wrong.any(axis=1), near.argmax(axis=1), -1)
    return found


def make_batches(
    negatives: NDArray[np.int64], wrong: Wrong, size: int, *key: object
) -> list[list[int]]:
    """Rows in batches in which all pairs of the others, and their negatives, are wrong for each.

    Each row with a negative goes into the first batch that it fits into, in an order that the key
    decides. Batches of one row are left out: they have next to nothing to learn from.
    """
    rows = [int(row) for row in np.flatnonzero(negatives >= 0)]
    filled: list[list[int]] = []
    open_: list[list[int]] = []
    for row in keyed_order(rows, str, *key):
        batch = next((each for each in open_ if _fits(row, each, negatives, wrong)), None)
        if batch is None:
            open_.append([row])
            continue
        batch.append(row)
        if len(batch) == size:
            open_ = [each for each in open_ if each is not batch]
            filled.append(batch)
    return filled + [each for each in open_ if len(each) > 1]


def _fits(row: int, batch: list[int], negatives: NDArray[np.int64], wrong: Wrong) -> bool:
    theirs = [*batch, *negatives[batch]]
    mine = [row, negatives[row]]
    return bool(wrong[row, theirs].all() and wrong[np.ix_(batch, mine)].all())
