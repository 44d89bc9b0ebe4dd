"""A part of each round is left to chance, so that what is left can be told from what it gave."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.policies.poisson import Reals

# Of each round, this share is drawn by chance: half of it tells less, twice as much hardly more,
# and all of it costs calls. A document is drawn the likelier the more is foreseen of it, by this
# power: there a draw costs little, and tells most of the sum. Set on the benchmark's tuning seeds.
SHARE = 0.1
_POWER = 0.75
_STEPS = 30


def draw_audit(
    rows: NDArray[np.int64], rates: Reals, size: int, field: Field, rng: np.random.Generator
) -> tuple[NDArray[np.int64], Reals]:
    """The places in `rows` that were drawn, and the probability with which each was.

    One draw at even steps along the documents in the order of their rates, each as long as it is
    likely (Madow 1949): so many are drawn, and as many of those of which much is foreseen as of
    those of which little is. `rates` (r,) are of the `rows`.
    """
    size = min(size, len(rows))
    if size <= 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    chances = inclusion_chances(np.maximum(rates, 1e-9) ** _POWER, size)
    order = np.lexsort((field.rank[rows], -rates.round(9)))
    ends = np.cumsum(chances[order]).round(9)
    start = rng.random()
    steps = np.floor(np.concatenate([[0.0], ends]) + start)
    drawn = order[np.diff(steps) > 0]
    return drawn, chances[drawn]


def inclusion_chances(sizes: Reals, number: int) -> Reals:
    """Probabilities proportional to `sizes` that sum to `number`, none above 1."""
    chances = number * sizes / sizes.sum()
    for _ in range(_STEPS):
        sure = chances >= 1
        rest = number - int(sure.sum())
        if not sure.any() or rest <= 0 or sure.all():
            break
        raised = np.where(sure, 1.0, rest * sizes / sizes[~sure].sum())
        if (raised[~sure] < 1).all():
            chances = raised
            break
        chances = np.maximum(raised, sure)
    clipped: Reals = np.minimum(1.0, chances)
    return clipped
