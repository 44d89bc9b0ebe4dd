"""Optimal transport between sets of vectors: how far a pool of pairs is from the reference set.

The cost of moving one unit vector onto another is 1 - cosine (EQUAL, arXiv 2505.12250).
The distance between a few pairs and a reference is larger than that between many of the same kind,
by a fifth and more: so pools are compared by `comparable_distance`, or by what does not depend on
their sizes, `nearest_cost`.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from longhop.selection.relevance import greatest_cosines

Method = Literal["exact", "sinkhorn", "divergence"]
Vectors = NDArray[np.float32]

# Exact up to so many rows a side (about 10 ms), and Sinkhorn above, up to `LARGEST`.
EXACT = 300
LARGEST = 2000
# The strength of the entropy. Of costs up to 2 the smallest exp(-cost / entropy) is 4e-18: no need
# to compute with logarithms, which takes 20 times as long.
_ENTROPY = 0.05
_ROUNDS, _TOLERANCE = 2000, 1e-9
# Told to so many digits: the last ones are another machine's to choose.
_DIGITS = 9


def distance(left: Vectors, right: Vectors, method: Method | None = None) -> float:
    """The cost of moving one set of unit vectors onto the other, both weighted evenly.

    `exact` is the least cost. `sinkhorn` is that of the plan with entropy (Cuturi 2013), never
    less. `divergence` takes from it how far each set is from itself (Feydy et al. 2019): it is 0
    for equal sets. Without a method, exact up to 300 rows a side, and Sinkhorn above.

    Raises:
        ValueError: A set has no rows, or more than 2000.
    """
    most = max(len(left), len(right))
    if not len(left) or not len(right):
        raise ValueError(f"transport between {len(left)} and {len(right)} vectors")
    if most > LARGEST:
        raise ValueError(f"transport of {most} vectors; {LARGEST} is the most, draw so many")
    method = method or ("exact" if most <= EXACT else "sinkhorn")
    if method == "exact":
        found = _exact(_costs(left, right))
    elif method == "sinkhorn":
        found = _sinkhorn(_costs(left, right))[0]
    else:
        alone = sum(_sinkhorn(_costs(each, each))[1] for each in (left, right)) / 2
        found = max(0.0, _sinkhorn(_costs(left, right))[1] - alone)
    return round(found, _DIGITS)


def comparable_distance(
    pairs: Vectors,
    reference: Vectors,
    rng: np.random.Generator,
    *,
    size: int,
    draws: int = 30,
    method: Method = "exact",
) -> float:
    """The mean distance of `size` of the pairs to the reference, over `draws` draws.

    Its expectation depends on what the pairs are like and on `size`, and not on how many there are:
    so two pools of different sizes are compared with one `size`. Draws of a pool together take each
    pair about equally often. A reference of more than 300 is drawn from too, anew each time.

    Raises:
        ValueError: There are fewer than `size` pairs: no draw would be like those of other pools.
    """
    if len(pairs) < size:
        raise ValueError(f"{len(pairs)} pairs are too few for draws of {size}")
    draws = draws if len(pairs) > size else 1
    found = [
        distance(pairs[rows], draw_rows(reference, EXACT, rng), method)
        for rows in _balanced(len(pairs), size, draws, rng)
    ]
    return round(float(np.mean(found)), _DIGITS)


def nearest_costs(pairs: Vectors, reference: Vectors) -> NDArray[np.float64]:
    """The cost of moving each pair to the reference it is nearest to: (n, d) and (r, d) to (n,)."""
    return 1.0 - greatest_cosines(pairs, reference)


def nearest_cost(pairs: Vectors, reference: Vectors) -> float:
    """The mean cost of moving a pair to its nearest reference: the same for few pairs and many.

    One-sided: a pool that comes close to one reference alone costs nothing. What it leaves out,
    `longhop.selection.coverage` tells.
    """
    return float(nearest_costs(pairs, reference).mean())


def draw_rows(rows: Vectors, most: int, rng: np.random.Generator) -> Vectors:
    """At most so many of the rows, each at most once; all of them as they are where they fit."""
    if len(rows) <= most:
        return rows
    return rows[np.sort(rng.permutation(len(rows))[:most])]


def _balanced(
    rows: int, size: int, draws: int, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Draws without repetition, as many in turn of one shuffle as it has."""
    found: list[NDArray[np.int64]] = []
    while len(found) < draws:
        shuffled = rng.permutation(rows)
        found += [shuffled[at : at + size] for at in range(0, rows - size + 1, size)]
    return found[:draws]


def _costs(left: Vectors, right: Vectors) -> NDArray[np.float64]:
    costs: NDArray[np.float64] = 1.0 - left.astype(np.float64) @ right.astype(np.float64).T
    return costs


def _exact(costs: NDArray[np.float64]) -> float:
    import ot

    return float(ot.emd2([], [], costs, numItermax=1_000_000))


def _sinkhorn(costs: NDArray[np.float64]) -> tuple[float, float]:
    """The cost of the plan with entropy, and the same with what the entropy takes."""
    import ot

    even = [np.full(each, 1 / each) for each in costs.shape]
    plan: Any = ot.sinkhorn(
        *even,
        costs,
        _ENTROPY,
        numItermax=_ROUNDS,
        stopThr=_TOLERANCE,
        warn=False,  # a plan that is nearly settled is as good for a figure
    )
    cost = float((plan * costs).sum())
    share = np.log(np.maximum(plan, np.finfo(float).tiny) * plan.size)
    return cost, cost + _ENTROPY * float((plan * share).sum())
