"""What a pair is worth by the mode of the reference that it serves: more where little was found."""

import numpy as np
from numpy.typing import NDArray

# Until so many pairs were found, shares of modes are mostly what the reference has.
_PRIOR = 5.0
# How far need is heeded (1: a mode with half its share is worth double), and between what a mode's
# worth is kept, in multiples of what it would be were all served alike. Set on the benchmark's
# tuning seeds: to pay more for what is missed costs fewer calls than to pay less for what is not.
_HEEDED = 0.7
_MOST, _LEAST = 10.0, 1.0


def worths_of_documents(
    served: NDArray[np.float64], modes: NDArray[np.int32]
) -> NDArray[np.float64]:
    """What each document is worth for the relevant pairs that it gave of each mode: (m, k) to (m,).

    Of the ledger so far, failed documents and those in flight having given nothing; `modes` are
    those of the items of the reference.
    """
    found = served.sum(axis=0)
    worths: NDArray[np.float64] = (served @ weights_of_need(modes, found)).round(9)
    return worths


def weights_of_need(
    modes: NDArray[np.int32], found: NDArray[np.int64] | NDArray[np.float64]
) -> NDArray[np.float64]:
    """The worth of a relevant pair of each mode: (k,), of mean 1 over the pairs found so far.

    `modes` are those of the items of the reference (`find_modes`), and `found` the numbers of
    relevant pairs of each: (r,) and (k,). A mode that has half the share of the pairs that it has
    of the reference is worth nearly double; one that has more than its share, as much as any.
    Rewards that are weighted so are fairer to small modes, and cost calls: the ledger has to be
    weighted anew whenever more was found.
    """
    wanted = np.bincount(modes, minlength=len(found)) / len(modes)
    served = (found + _PRIOR * wanted) / (found.sum() + _PRIOR)
    need = np.divide(wanted, served, out=np.ones(len(found)), where=served > 0)
    need = np.clip(need, _LEAST, _MOST) ** _HEEDED
    mean = (need * found).sum() / found.sum() if found.sum() else 1.0
    weights: NDArray[np.float64] = (need / mean).round(9)
    return weights
