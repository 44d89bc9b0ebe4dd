"""Documents on a plane, for people to look at: the two directions in which they differ most.

Whole numbers throughout, so that the same vectors make the same map on every machine.
"""

import numpy as np

# Vectors have steps of 1/2047 and directions of 1/4096, so that sums stay far below 2^63.
_SCALE = 1 << 12
_TIMES = 64
_EDGE = 1000


def draw_map(steps: np.ndarray) -> list[tuple[int, int]]:
    """A place for each vector, in steps from -1000 to 1000 on either axis.

    The axes are the first two principal components, found by repeated multiplication. Which way
    they point is fixed by their largest part.
    """
    if not len(steps):
        return []
    rows = steps.astype(np.int64)
    rows = rows - rows.sum(axis=0) // len(rows)
    first = _component(rows, None)
    second = _component(rows, first)
    return list(zip(_spread(rows @ first), _spread(rows @ second), strict=True))


def _component(rows: np.ndarray, other: np.ndarray | None) -> np.ndarray:
    """The direction of greatest spread, at right angles to another one."""
    found = _scaled(_apart(rows[int(np.argmax((rows**2).sum(axis=1)))], other))
    for _ in range(_TIMES):
        along = _scaled(rows @ found)
        found = _scaled(_apart(rows.T @ along, other))
    return found if found[int(np.argmax(np.abs(found)))] >= 0 else -found


def _apart(vector: np.ndarray, other: np.ndarray | None) -> np.ndarray:
    """The part of a vector that is at right angles to another one."""
    if other is None:
        return vector
    scaled = _scaled(vector, 1 << 20)
    length = int(other @ other) or 1
    apart: np.ndarray = scaled - int(scaled @ other) * other // length
    return apart


def _scaled(vector: np.ndarray, most: int = _SCALE) -> np.ndarray:
    """The vector with its largest part at a fixed size; nothing stays nothing."""
    largest = int(np.abs(vector).max())
    if not largest:
        return vector
    small = vector // max(1, largest // (1 << 40))
    scaled: np.ndarray = small * most // max(1, int(np.abs(small).max()))
    return scaled


def _spread(along: np.ndarray) -> list[int]:
    """Places that fill the axis."""
    low, high = int(along.min()), int(along.max())
    if low == high:
        return [0] * len(along)
    return [(int(each) - low) * 2 * _EDGE // (high - low) - _EDGE for each in along]
