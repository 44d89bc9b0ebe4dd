"""Which pairs count: near enough to the reference, and no near-duplicate of one before.

What a policy is paid for is a proxy that needs no judge: a pair is relevant where it is as near to
the reference as the items of the reference are to each other.
"""

import numpy as np
from numpy.typing import NDArray

# A pair counts where it is nearer than this share of the reference is to the rest of it.
LEFT_OUT_SHARE = 0.1
# Fewer distinct items than this say too little of how near they should be.
FEW = 20
# Rows at least as near as this are the same, with another comma.
SAME = 0.98
# Of a larger reference, this many are looked at for what is usual in it.
MOST = 4096
_BLOCK = 1024
_STEPS, _LEAST = 100, 1e-3


def greatest_cosines(
    rows: NDArray[np.float32], reference: NDArray[np.float32]
) -> NDArray[np.float64]:
    """How near each row is to the nearest item of the reference: (m,), of unit vectors."""
    return nearest_items(rows, reference)[0]


def nearest_items(
    rows: NDArray[np.float32], reference: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The greatest cosine of each row, in six digits, and the first item that has it: both (m,).

    -1 and -1 where there are no items.
    """
    near, places = np.full(len(rows), -1.0), np.full(len(rows), -1, dtype=np.int64)
    for start in range(0, len(rows) if len(reference) else 0, _BLOCK):
        block = slice(start, start + _BLOCK)
        cosines = (rows[block] @ reference.T).astype(np.float64).round(6)
        places[block] = cosines.argmax(axis=1)
        near[block] = cosines.max(axis=1)
    return near, places


def distinct(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows without those that are the same as an earlier one, in their order."""
    kept = rows[:0]
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        block = block[greatest_cosines(block, kept) < SAME]
        kept = np.concatenate([kept, block[_first_of_same(block)]])
    return kept


def relevance_threshold(
    reference: NDArray[np.float32], found: NDArray[np.float32] | None = None
) -> float:
    """The cosine to the nearest reference above which a pair is taken to be relevant.

    The tenth percentile of how near the items of the reference are to the nearest other one. Fewer
    than `FEW` distinct items are too far from each other to tell; then what the warm-up `found`
    decides, pairs of relevant and of other documents: where their cosines part, taken as a mixture
    of two normal groups. Where it found one kind alone, the cut is somewhere within it. Without
    either it is halfway between orthogonal and equal, which no measurement supports.
    """
    items = distinct(reference[:: 1 + len(reference) // MOST])
    if len(items) >= FEW:
        return float(np.quantile(_nearest_other(items), LEFT_OUT_SHARE))
    near = greatest_cosines(found, items) if found is not None else np.zeros(0)
    return _cut(near) if len(np.unique(near)) > 1 else 0.5


def new_relevant(
    pairs: NDArray[np.float32],
    reference: NDArray[np.float32],
    threshold: float,
    earlier: NDArray[np.float32] | None = None,
) -> NDArray[np.bool_]:
    """Which pairs, in the order of the ledger, are relevant and new (`first_of_each`)."""
    return first_of_each(pairs, greatest_cosines(pairs, reference) > threshold, earlier)


def first_of_each(
    pairs: NDArray[np.float32],
    relevant: NDArray[np.bool_],
    earlier: NDArray[np.float32] | None = None,
) -> NDArray[np.bool_]:
    """Which of the relevant pairs are new, in the order of the ledger.

    `earlier` are relevant pairs that were found before. One that is the same as any of them, or as
    a relevant one before it, earns nothing.
    """
    relevant = relevant.copy()
    known = earlier if earlier is not None and len(earlier) else pairs[:0]
    for start in range(0, len(pairs), _BLOCK):
        rows = np.flatnonzero(relevant[start : start + _BLOCK]) + start
        rows = rows[greatest_cosines(pairs[rows], known) < SAME]
        rows = rows[_first_of_same(pairs[rows])]
        relevant[start : start + _BLOCK] = False
        relevant[rows] = True
        known = np.concatenate([known, pairs[rows]])
    return relevant


def _first_of_same(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which rows are the same as no row before them that stands itself."""
    same = np.tril((rows @ rows.T).round(6) >= SAME, -1)
    first = np.ones(len(rows), dtype=bool)
    for row in np.flatnonzero(same.any(axis=1)):
        first[row] = not (same[row] & first).any()
    return first


def _nearest_other(items: NDArray[np.float32]) -> NDArray[np.float64]:
    near = np.zeros(len(items))
    for start in range(0, len(items), _BLOCK):
        cosines = items[start : start + _BLOCK] @ items.T
        np.fill_diagonal(cosines[:, start:], -1.0)
        near[start : start + _BLOCK] = cosines.max(axis=1)
    rounded: NDArray[np.float64] = near.round(6)
    return rounded


def _cut(values: NDArray[np.float64]) -> float:
    """Where a value is as likely of the upper as of the lower of two normal groups (EM).

    It is the least value above the lower group's mean of which that is true, and the halves that
    the steps begin with are those whose means differ most for their sizes (Otsu 1979).
    """
    values = np.sort(values)
    upper = (values > _widest_gap(values)).astype(float)
    for _ in range(_STEPS):
        share = upper.mean()
        if not _LEAST < share < 1 - _LEAST:
            break
        below, above = _likelihood(values, 1 - upper), _likelihood(values, upper)
        odds = np.clip(above - below + np.log(share / (1 - share)), -50, 50)
        upper = 1 / (1 + np.exp(-odds))
    lower = (values * (1 - upper)).sum() / max(1e-9, (1 - upper).sum())
    likely = np.flatnonzero((upper > 0.5) & (values > lower))
    return float(values[max(0, likely[0] - 1)] if len(likely) else values[-1])


def _likelihood(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The log density of each value in the normal group that has such weights of them."""
    mean = np.average(values, weights=weights)
    spread = np.sqrt(np.average((values - mean) ** 2, weights=weights)) + 1e-3
    likelihood: NDArray[np.float64] = -np.log(spread) - ((values - mean) / spread) ** 2 / 2
    return likelihood


def _widest_gap(ordered: NDArray[np.float64]) -> float:
    sizes = np.arange(1, len(ordered))
    below = np.cumsum(ordered)[:-1]
    gap = below / sizes - (ordered.sum() - below) / (len(ordered) - sizes)
    best = int((sizes * (len(ordered) - sizes) * gap**2).argmax())
    return float((ordered[best] + ordered[best + 1]) / 2)
