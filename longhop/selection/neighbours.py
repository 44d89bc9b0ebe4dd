"""Who is near whom: the nearest documents of each, and how close each is to a reference set."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.selection.kmeans import assign, fit_means
from longhop.selection.vectors import SCALE, Steps, blocks, similarities

# Up to so many rows all pairs are compared; above, only those of near lists.
EXACT = 50_000
_PROBES = 8
# What the means of lists are fitted on, by list.
_ROWS_A_LIST = 50
# A list of more than so many times the usual is broken up, or repeated texts would take forever.
_LONG = 4
_BATCH = 16_384
_FEW = 5  # EQUAL's rival, similarity to the reference, is the mean of the five nearest

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


def nearest(
    steps: Steps, k: int, *, exact: int = EXACT
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The k nearest rows of each row and their cosines: (n, d) to int32 (n, k), float32 (n, k).

    Nearest first, ties by row; a row is not its own neighbour. Where there are fewer, -1 and 0.
    Above `exact` rows, they lie in lists around 2√n means, and a row is compared with those of the
    eight lists nearest to its own: most of its neighbours are there, and what is told of those that
    are found is exact. Both ways give the same whatever the number of threads.
    """
    neighbours = np.full((len(steps), k), -1, dtype=np.int32)
    nearness = np.zeros((len(steps), k), dtype=np.float32)
    groups = _whole(len(steps)) if len(steps) <= exact else _by_lists(steps)
    for rows, others in groups:
        width = min(k, len(others) - 1)
        if width > 0:
            found, scores = _search(steps, rows, others, width)
            neighbours[rows, :width] = found
            nearness[rows, :width] = np.clip(scores / np.float32(SCALE**2), -1, 1)
    return neighbours, nearness


def closeness(steps: Steps, reference: Steps) -> NDArray[np.float64]:
    """How similar each row is to the reference: (n, d) and (r, d) to (n, 3).

    The greatest cosine, the mean of the five greatest (or of all, where there are fewer), and the
    mean of all. Whole numbers until the last division: exact.

    Raises:
        ValueError: The reference has no rows.
    """
    if not len(reference):
        raise ValueError("closeness to a reference of no rows")
    index, width = _all_pairs(reference), min(_FEW, len(reference))
    total = reference.sum(axis=0, dtype=np.int64).astype(np.float64)
    close = np.zeros((len(steps), 3))
    for block in blocks(len(steps), max(1024, steps.shape[1])):
        rows = steps[block].astype(np.float32)
        scores, _ = index.search(rows, width)
        close[block, 0] = scores.max(axis=1)
        close[block, 1] = scores.sum(axis=1, dtype=np.float64) / width
        close[block, 2] = (rows.astype(np.float64) @ total) / len(reference)
    return close / SCALE**2


def _all_pairs(steps: Steps) -> Any:
    import faiss

    index = faiss.IndexFlatIP(steps.shape[1])
    index.add(steps.astype(np.float32))
    return index


def _whole(number: int) -> Iterator[tuple[Rows, Rows]]:
    """Rows in turn, and all rows."""
    every = np.arange(number)
    return ((every[start : start + _BATCH], every) for start in range(0, number, _BATCH))


def _by_lists(steps: Steps) -> Iterator[tuple[Rows, Rows]]:
    """The rows of each list, and those of the lists nearest to it, itself among them."""
    lists, means = _lists(steps)
    near = similarities(means, means)
    np.fill_diagonal(near, np.iinfo(near.dtype).max)
    for own, others in enumerate(np.argsort(-near, axis=1, kind="stable")[:, :_PROBES]):
        yield lists[own], np.sort(np.concatenate([lists[each] for each in others]))


def _lists(steps: Steps) -> tuple[list[Rows], Steps]:
    """Rows by the mean they are nearest to, and the mean of each list."""
    number = round(2 * len(steps) ** 0.5)
    spaced = np.linspace(0, len(steps) - 1, min(len(steps), number * _ROWS_A_LIST)).astype(int)
    means = fit_means(steps[spaced], number)
    labels = assign(steps, means)
    order = np.argsort(labels, kind="stable")
    most = _LONG * len(steps) // number + 1
    lists = [
        rows[start : start + most]
        for rows in np.split(order, np.searchsorted(labels[order], np.arange(1, len(means))))
        for start in range(0, len(rows), most)
    ]
    return lists, means[labels[[rows[0] for rows in lists]]]


def _search(steps: Steps, rows: Rows, others: Rows, width: int) -> tuple[Rows, Scores]:
    """The nearest of the others, which ascend and hold the rows too, but for each row itself.

    Two more than are wanted are looked for: one is the row itself, and if the other is as near as
    the last that is wanted, there may be more such, and all are looked at.
    """
    import faiss

    scores, places = faiss.knn(
        steps[rows].astype(np.float32),
        steps[others].astype(np.float32),
        min(width + 2, len(others)),
        metric=faiss.METRIC_INNER_PRODUCT,
    )
    found = others[places]
    scores = np.where(found == rows[:, None], -np.inf, scores)
    order = np.lexsort((found, -scores), axis=1)
    found = np.take_along_axis(found, order, axis=1)
    scores = np.take_along_axis(scores, order, axis=1)
    tied = np.flatnonzero(scores[:, width - 1] == scores[:, width])
    found, scores = found[:, :width], scores[:, :width]
    for block in blocks(len(tied), len(others)):
        _settle(steps, rows, others, found, scores, tied[block])
    return found, scores


def _settle(
    steps: Steps, rows: Rows, others: Rows, found: Rows, scores: Scores, tied: Rows
) -> None:
    """Of those that are as near as the last that is wanted, the first take the places."""
    for place, near in zip(tied, similarities(steps[rows[tied]], steps[others]), strict=True):
        near[others == rows[place]] = np.iinfo(near.dtype).min
        last = scores[place, -1]
        better, even = np.flatnonzero(near > last), np.flatnonzero(near == last)
        taken = np.concatenate([better, even[: found.shape[1] - len(better)]])
        taken = taken[np.lexsort((taken, -near[taken]))]
        found[place], scores[place] = others[taken], near[taken]
