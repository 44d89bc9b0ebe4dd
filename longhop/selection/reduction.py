"""Fewer dimensions: the directions in which vectors differ most."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.vectors import Steps, to_steps


def reduce(steps: Steps, dimensions: int) -> NDArray[np.float32]:
    """The rows along their main directions: (n, d) to (n, k), k at most `dimensions`.

    Sums of squares of whole numbers are exact in double precision, the directions are found on one
    thread and rounded to steps, and products of steps are exact: so the result is, too, the same
    whatever the number of threads.
    """
    rows = steps.astype(np.float64)
    total = rows.sum(axis=0)
    spread = len(rows) * (rows.T @ rows) - np.outer(total, total)
    directions = to_steps(_main_directions(spread, dimensions))
    return steps.astype(np.float32) @ directions.T.astype(np.float32)


def _main_directions(spread: NDArray[np.float64], dimensions: int) -> NDArray[np.float64]:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        _, vectors = np.linalg.eigh(spread)
    main = vectors[:, ::-1][:, :dimensions].T
    signs = np.sign(main[np.arange(len(main)), np.abs(main).argmax(axis=1)])
    turned: NDArray[np.float64] = main * signs[:, None]
    return turned
