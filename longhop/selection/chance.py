"""Whether a pool of pairs is nearer to a reference set than chance would have it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def chance_of(
    pool: NDArray[np.int64],
    pairs: int,
    cost: Callable[[NDArray[np.int64]], float],
    rng: np.random.Generator,
    *,
    draws: int = 199,
) -> float:
    """How often as many of all pairs, drawn evenly, cost no more than the pool: a p-value.

    `pool` are rows of the `pairs`, and `cost` is what such rows cost, for instance
    `lambda rows: costs[rows].mean()` with `costs` of `nearest_costs`. Uniform on the multiples of
    1 / (draws + 1) above 0 where the pool is itself such a draw (Phipson and Smyth 2010).
    """
    observed = round(cost(pool), 9)
    lower = sum(
        round(cost(rng.choice(pairs, len(pool), replace=False)), 9) <= observed
        for _ in range(draws)
    )
    return (1 + lower) / (1 + draws)
