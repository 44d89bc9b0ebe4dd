"""Optimal transport between sets of vectors: how far a pool of pairs is from the reference set."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["exact", "sinkhorn", "divergence"]


def distance(
    left: NDArray[np.float32], right: NDArray[np.float32], method: Method = "exact"
) -> float:
    """The cost of moving one set of unit vectors onto the other, both weighted evenly.

    The cost of a pair is 1 - cosine (EQUAL, arXiv 2505.12250, the distribution similarity).
    """
    import ot

    costs = 1.0 - left.astype(np.float64) @ right.astype(np.float64).T
    return float(ot.emd2([], [], costs))
