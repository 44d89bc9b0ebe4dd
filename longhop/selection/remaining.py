"""What is left: the relevant pairs of documents that nobody asked, and what the next would give."""

from dataclasses import dataclass

import numpy as np

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.hybrid import foreseen_rates
from longhop.selection.policies.poisson import Reals
from longhop.selection.policies.ranking import best_first, left

# A group of documents is taken to have given what was foreseen of it, at half a document's cost.
_DOUBT = 0.5


@dataclass(frozen=True)
class Outlook:
    """What is foreseen after a round, in new relevant pairs.

    `remaining` is what all documents hold that were never asked, and `rate` what each of the next
    ones would give. Those in flight are in neither.
    """

    remaining: float
    rate: float


def look_ahead(field: Field, ledger: Ledger, size: int) -> Outlook | None:
    """What is left, and what the next `size` documents would give each; None before any answered.

    What the default policy foresees, whichever policy chose, calibrated on what came: documents
    that answered are ordered by what the others say of them, and the rate is made to ascend in
    that order (isotonic regression). Documents were chosen where much was foreseen, so of those
    where little is, little is known: on the made-up corpora of `benchmarks/selection_cost.py`, when
    four fifths are found, the estimate is within a quarter of the truth one time in four, and
    mostly between a third and three times it. It is a guide, and no bound.
    """
    if not ledger.done.any():
        return None
    foreseen = foreseen_rates(field, ledger)
    rows = np.flatnonzero(left(field, ledger))
    expected = _calibrated(field, ledger, foreseen, foreseen[rows]) * field.cost[rows]
    following = best_first(rows, foreseen[rows], field, size)
    rate = float(expected[following].mean()) if len(following) else 0.0
    return Outlook(remaining=round(float(expected.sum()), 6), rate=round(rate, 6))


def _calibrated(field: Field, ledger: Ledger, foreseen: Reals, rates: Reals) -> Reals:
    """What came, on average, where such rates were foreseen."""
    from scipy.optimize import isotonic_regression

    rows, given = ledger.documents[ledger.done], ledger.rewards[ledger.done]
    order = np.lexsort((field.rank[rows], foreseen[rows].round(9)))
    rows, given = rows[order], given[order]
    cost, said = field.cost[rows], foreseen[rows].round(9)
    blocks = isotonic_regression(given / cost, weights=cost).blocks[:-1]
    total = [np.add.reduceat(each, blocks) for each in (given, cost, said * cost)]
    came = (total[0] + _DOUBT * total[2] / total[1]) / (total[1] + _DOUBT)
    sizes = np.diff(np.append(blocks, len(rows)))
    calibrated: Reals = np.interp(rates, said, np.repeat(came, sizes))
    return calibrated
