"""What a pair is worth by the mode of the reference that it serves: more where little was found."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from longhop.records.selection import FoundPair

# Until so many pairs were found, shares of modes are mostly what the reference has.
_PRIOR = 5.0
# Between what a mode's worth is kept, in multiples of what it would be were all served alike. Set
# on the benchmark's tuning seeds: to pay more for what is missed costs fewer calls than to pay less
# for what is not.
_MOST, _LEAST = 10.0, 1.0


def worths_by_id(found: Iterable[FoundPair], modes: NDArray[np.int32]) -> dict[str, float]:
    """What each document is worth that gave a pair that counts, by its id.

    `modes` are those of the items of the reference that the pairs were measured against.
    """
    counted = [each for each in found if each.relevant and each.new]
    places = {each: place for place, each in enumerate(sorted({x.document_id for x in counted}))}
    served = np.zeros((len(places), int(modes.max(initial=0)) + 1))
    for each in counted:
        served[places[each.document_id], modes[each.reference]] += 1
    return dict(zip(places, worths_of_documents(served, modes).tolist(), strict=True))


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
    of the reference is worth double; one that has more than its share, as much as any.
    Rewards that are weighted so are fairer to small modes, and cost calls: the ledger has to be
    weighted anew whenever more was found.
    """
    wanted = np.bincount(modes, minlength=len(found)) / len(modes)
    served = (found + _PRIOR * wanted) / (found.sum() + _PRIOR)
    need = np.divide(wanted, served, out=np.ones(len(found)), where=served > 0)
    need = np.clip(need, _LEAST, _MOST)
    mean = (need * found).sum() / found.sum() if found.sum() else 1.0
    weights: NDArray[np.float64] = (need / mean).round(9)
    return weights
