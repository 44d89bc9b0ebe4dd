"""What of a reference set a pool of pairs comes near to, mode by mode."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.kmeans import assign, fit_means
from longhop.selection.vectors import to_steps

Vectors = NDArray[np.float32]

# A mode is a group of this many references or more, as far as they suffice for two.
_MODE = 5
_MOST_MODES = 8
# Cosines are compared to so many digits: the last ones are another machine's to choose.
_DIGITS = 5


def find_modes(reference: Vectors, number: int = _MOST_MODES) -> NDArray[np.int32]:
    """The mode of each reference, numbers from 0 without gaps; fewer modes where they are few."""
    steps = to_steps(reference)
    wanted = max(1, min(number, len(steps) // _MODE))
    _, modes = np.unique(assign(steps, fit_means(steps, wanted)), return_inverse=True)
    return modes.astype(np.int32)


def usual_nearness(reference: Vectors, share: float = 0.1) -> float:
    """The cosine that only so small a share of the references falls short of to the next one.

    A pair as near as that to some reference is as like it as references are to each other. 1 for a
    reference of one, which nothing but itself is like. Repeated references count once.
    """
    kinds = np.unique(reference, axis=0)
    if len(kinds) < 2:
        return 1.0
    near = _cosines(kinds, kinds)
    np.fill_diagonal(near, -np.inf)
    return float(np.quantile(near.max(axis=1), share))


def cover(
    pairs: Vectors, reference: Vectors, modes: NDArray[np.int32], near: float
) -> NDArray[np.float64]:
    """The share of each mode's references that a pair comes near to: (m,), m the number of modes.

    `near` is a cosine, such as `usual_nearness` tells. A pool that knows one mode alone has 1 there
    and 0 elsewhere, where a distance to the whole reference calls it bad.
    """
    reached = np.zeros(len(reference), dtype=bool)
    for start in range(0, len(pairs), 1024):
        close = _cosines(pairs[start : start + 1024], reference) >= np.round(near, _DIGITS)
        reached |= close.any(axis=0)
    return np.bincount(modes, weights=reached) / np.bincount(modes)


def _cosines(left: Vectors, right: Vectors) -> Vectors:
    cosines: Vectors = np.round(left @ right.T, _DIGITS)
    return cosines
