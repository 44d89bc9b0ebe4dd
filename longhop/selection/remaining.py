"""What is left: the relevant pairs of documents that nobody asked, and what the next would give."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.evidence import gather
from longhop.selection.policies.hybrid import foreseen_rates, hybrid_features
from longhop.selection.policies.poisson import Reals, fit_poisson, predict
from longhop.selection.policies.prior import prior_rates
from longhop.selection.policies.ranking import best_first, left

# Documents that a policy chose tell less of those that it left than what was drawn by chance: so
# much of one counts. Set on the benchmark's tuning seeds.
_CHOSEN = 0.2
# The sources' weights before answers say otherwise, and how firmly they are held; the last two are
# of how much was asked around a document.
_CENTRE = np.asarray([0.0, 1.0, 0.5, 0.5, 0.0, 0.0])
_FIRMNESS = np.asarray([0.5, 20.0, 20.0, 20.0, 20.0, 20.0])
_MOST_FITTED = 20_000


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

    What the sources of the default policy say, whichever policy chose, with weights of their own:
    fitted mostly on what was drawn by chance, since a policy takes the best of what its sources
    say, and they are wrong about the rest. How much each source has seen counts too. On the made-up
    corpora of `benchmarks/selection_cost.py`, when four fifths are found, the estimate is within a
    quarter of the truth every other time, and at most twice it. It is a guide, and no bound.
    """
    if not ledger.done.any():
        return None
    foreseen = foreseen_rates(field, ledger)
    rows = np.flatnonzero(left(field, ledger))
    expected = _rates(field, ledger)[rows] * field.cost[rows]
    following = best_first(rows, foreseen[rows], field, size)
    rate = float(expected[following].mean()) if len(following) else 0.0
    return Outlook(remaining=round(float(expected.sum()), 6), rate=round(rate, 6))


def _rates(field: Field, ledger: Ledger) -> Reals:
    """The new relevant pairs a unit of cost that a document of those left would give: (n,)."""
    counted = replace(ledger, worths=None)
    prior, said = prior_rates(field, counted), gather(field, counted)
    seen = [np.log(said.cluster_cost + 1), np.log(said.near_cost + 0.3)]
    features = np.column_stack([hybrid_features(prior, said), *seen])
    places, weights = _heard(field, ledger)
    rows = ledger.documents[places]
    counts, exposure = ledger.rewards[places] * weights, field.cost[rows] * weights
    return predict(features, fit_poisson(features[rows], counts, exposure, _FIRMNESS, _CENTRE))


def _heard(field: Field, ledger: Ledger) -> tuple[NDArray[np.int64], Reals]:
    """The places of the ledger that rates are fitted on, and how much each counts.

    Of many, the last that were drawn by chance and some of those that a policy chose, which then
    count for the rest of them too.
    """
    answered = np.flatnonzero(ledger.done)
    by_chance = ledger.by_chance[answered] > 0
    drawn, chosen = answered[by_chance][-_MOST_FITTED:], answered[~by_chance]
    some = np.argsort(field.rank[ledger.documents[chosen]], kind="stable")[:_MOST_FITTED]
    worth = (_CHOSEN if len(drawn) else 1.0) * len(chosen) / max(1, len(some))
    weights = np.concatenate([np.ones(len(drawn)), np.full(len(some), worth)])
    return np.concatenate([drawn, chosen[some]]), weights
