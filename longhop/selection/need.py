"""What a pair is worth by the mode of the reference that it serves: more where little was found."""

import numpy as np
from numpy.typing import NDArray

# Until so many pairs were found, shares of modes are mostly what the reference has.
_PRIOR = 5.0
# No mode is worth more than so many times what it would be were all served alike, nor less.
_MOST, _LEAST = 5.0, 0.2


def weights_of_need(modes: NDArray[np.int32], found: NDArray[np.int64]) -> NDArray[np.float64]:
    """The worth of a relevant pair of each mode: (m,), of mean 1 over the pairs found so far.

    `modes` are those of the items of the reference (`find_modes`), and `found` the numbers of
    relevant pairs of each: (r,) and (m,). A mode that has half the share of the pairs that it has
    of the reference is worth double. Rewards that are weighted so are fair to small modes, and cost
    calls: the ledger has to be weighted anew whenever more was found.
    """
    wanted = np.bincount(modes, minlength=len(found)) / len(modes)
    served = (found + _PRIOR * wanted) / (found.sum() + _PRIOR)
    need = np.divide(wanted, served, out=np.ones(len(found)), where=served > 0)
    need = np.clip(need, _LEAST, _MOST)
    mean = (need * found).sum() / found.sum() if found.sum() else 1.0
    weights: NDArray[np.float64] = (need / mean).round(9)
    return weights
