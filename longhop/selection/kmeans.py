"""k-means on unit vectors in steps, in whole numbers: the same whatever the number of threads."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.selection.vectors import Steps, blocks, to_steps

# After so many, the sum of distances falls by less than a thousandth a round.
_ROUNDS = 12


def fit_means(steps: Steps, number: int) -> Steps:
    """The directions of at most `number` means of the rows: (n, d) to (k, d), no two of them equal.

    Faiss rounds its means to whole numbers after every round, and squared distances of such rows
    stay below (2 · 2047)² < 2²⁴, which single precision holds: so threads change nothing. The order
    of the rows does, since the first means are drawn among them, far apart (AFK-MC², Bachem et al.,
    NeurIPS 2016).
    """
    import faiss

    number = min(number, len(steps))
    rows = steps.astype(np.float32)
    means: Any = faiss.Kmeans(
        steps.shape[1],
        number,
        niter=_ROUNDS,
        seed=1,
        init_method=faiss.ClusteringInitMethod_AFK_MC2,  # or two begin in one small group
        int_centroids=True,
        min_points_per_centroid=1,  # or it warns
        max_points_per_centroid=len(steps),  # or it draws a sample of its own
    )
    means.train(rows)
    directions: Steps = np.unique(to_steps(means.centroids), axis=0)
    return directions


def assign(steps: Steps, centroids: Steps) -> NDArray[np.int32]:
    """The nearest centroid of each row, the first of them on a tie: (n, d) and (k, d) to (n,)."""
    nearest = np.zeros(len(steps), dtype=np.int32)
    turned = centroids.astype(np.float32).T
    for block in blocks(len(steps), len(centroids)):
        nearest[block] = (steps[block].astype(np.float32) @ turned).argmax(axis=1)
    return nearest


def directions_of(steps: Steps, labels: NDArray[np.integer]) -> Steps:
    """The direction of the sum of each label's rows, by label; negative labels have none."""
    found = np.unique(labels[labels >= 0])
    sums = np.zeros((len(found), steps.shape[1]), dtype=np.int64)
    for place, rows in enumerate(_rows_of(labels, found)):
        sums[place] = steps[rows].sum(axis=0, dtype=np.int64)
    return to_steps(sums)


def _rows_of(
    labels: NDArray[np.integer], found: NDArray[np.integer]
) -> Sequence[NDArray[np.integer]]:
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], found)
    return np.split(order, starts)[1:]
