"""Unit vectors in whole steps, so that similarities are exact on every machine.

A component is kept as round(2047 x). The dot product of two such vectors, and each partial sum of
it, stays below 2047² < 2²⁴ by Cauchy and Schwarz (rounding adds well under the slack), so single
precision holds it exactly, whatever the order of summation. Ties are then true ties.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

SCALE = 2047

Steps = NDArray[np.int16]

# A block of similarities takes 64 MiB in single precision.
_BLOCK = 1 << 24


def to_steps(vectors: NDArray[np.number]) -> Steps:
    """The directions of the rows, in steps; a zero row stays zero."""
    wide = vectors.astype(np.float64)  # the squares of small numbers would be lost in single
    norms = np.linalg.norm(wide, axis=1, keepdims=True)
    directions = np.divide(wide, norms, out=np.zeros_like(wide), where=norms > 0)
    steps: Steps = np.rint(directions * SCALE).astype(np.int16)
    return steps


def pool(vectors: Steps) -> Steps:
    """The direction of the sum of the rows: shape (rows, d) to (d,)."""
    total = vectors.astype(np.int64).sum(axis=0).astype(np.float32)
    pooled: Steps = to_steps(total[None, :])[0]
    return pooled


def similarities(left: Steps, right: Steps) -> NDArray[np.int32]:
    """All dot products of two sets of rows, exactly: (n, d) and (m, d) to (n, m)."""
    return (left.astype(np.float32) @ right.astype(np.float32).T).astype(np.int32)


def stack(vectors: Sequence[Sequence[int]]) -> Steps:
    """Stored vectors as rows."""
    return np.asarray(vectors, dtype=np.int16)


def blocks(rows: int, width: int) -> Iterator[slice]:
    """Slices of so many rows in turn, few enough that rows · width numbers take little memory."""
    height = max(1, _BLOCK // max(1, width))
    return (slice(start, min(start + height, rows)) for start in range(0, rows, height))
