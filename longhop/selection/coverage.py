"""What of a reference set a pool of pairs comes near to, mode by mode."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.kmeans import assign, fit_means
from longhop.selection.vectors import blocks, to_steps

Vectors = NDArray[np.float32]

# A mode is a group of this many references or more, as far as they suffice for two.
_MODE = 5
_MOST_MODES = 8
# Cosines are compared to so many digits: the last ones are another machine's to choose.
_DIGITS = 9


def find_modes(reference: Vectors, number: int = _MOST_MODES) -> NDArray[np.int32]:
    """The mode of each reference, numbers from 0 without gaps; fewer modes where they are few."""
    steps = to_steps(reference)
    wanted = max(1, min(number, len(steps) // _MODE))
    _, modes = np.unique(assign(steps, fit_means(steps, wanted)), return_inverse=True)
    return modes.astype(np.int32)


def cover(
    pairs: Vectors, reference: Vectors, modes: NDArray[np.int32], near: float
) -> NDArray[np.float64]:
    """The share of each mode's references that a pair comes near to: (m,), m the number of modes.

    `near` is a cosine, such as `relevance_threshold` tells. A pool that knows one mode alone has 1
    there and 0 elsewhere, where a distance to the whole reference calls it bad.
    """
    reached = np.zeros(len(reference), dtype=bool)
    turned = reference.astype(np.float64).T
    for block in blocks(len(pairs), len(reference)):
        cosines = np.round(pairs[block].astype(np.float64) @ turned, _DIGITS)
        reached |= (cosines >= np.round(near, _DIGITS)).any(axis=0)
    return np.bincount(modes, weights=reached) / np.bincount(modes)
