"""The policy `thompson`: clusters drawn by how likely they are the best, Gamma and Poisson."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.arms import Arms, arms_of
from longhop.selection.policies.poisson import Reals
from longhop.selection.policies.policy import Choice
from longhop.selection.policies.prior import prior_rates
from longhop.selection.policies.ranking import DOUBT, in_flight, left
from longhop.selection.policies.warming import first_round, warm_up_size

# The prior of an arm, by closeness, counts like so many documents of mean cost.
_PRIOR = 2.0
_BLOCK = 256


class Thompson:
    """Each place of a round goes to the arm whose rate, drawn from its posterior, is highest.

    Rates are relevant pairs a unit of cost; their prior is what closeness says of the documents
    that an arm has left, and inside an arm the closest go first. Documents in flight count a little
    against their arm.
    """

    name = "thompson"

    def warm_up(self, field: Field) -> int:
        """One in a hundred, or a hundred."""
        return warm_up_size(len(field))

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:
        """The places of the round one by one, with as many for an arm as its draws win."""
        if not len(ledger):
            return first_round(field, ledger, size)
        prior, arms = prior_rates(field, ledger), arms_of(field, ledger)
        shape, cost = _posterior(field, ledger, prior, arms)
        rows, nth = _inside_arms(field, ledger, prior)
        numbers = _won(shape, cost, arms.remaining, size, rng)
        chosen = rows[nth < numbers[field.clusters[rows]]]
        scores = (shape / cost)[field.clusters[chosen]]
        order = np.lexsort((field.rank[chosen], -scores.round(9)))
        return Choice(chosen[order], scores[order], ("chosen",) * len(chosen))


def _posterior(field: Field, ledger: Ledger, prior: Reals, arms: Arms) -> tuple[Reals, Reals]:
    """Shape and rate of the Gamma posterior of each arm."""
    number = len(arms.known)
    rows = np.flatnonzero(left(field, ledger))
    total = np.bincount(field.clusters[rows], prior[rows], number)
    expected = total / np.maximum(1, arms.remaining)
    shape, cost = arms.given + _PRIOR * expected, arms.known + _PRIOR
    flying = ledger.documents[in_flight(ledger)]
    unknown = np.bincount(field.clusters[flying], field.cost[flying], number)
    return np.maximum(shape, 1e-9), cost + DOUBT * unknown


def _inside_arms(
    field: Field, ledger: Ledger, prior: Reals
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The remaining documents, arm by arm, the most promising first; and each one's place there."""
    rows = np.flatnonzero(left(field, ledger))
    arm = field.clusters[rows]
    order = np.lexsort((field.rank[rows], -prior[rows].round(9), arm))
    rows, arm = rows[order], arm[order]
    return rows, np.arange(len(rows)) - np.searchsorted(arm, arm)


def _won(
    shape: Reals,
    cost: Reals,
    remaining: NDArray[np.int64],
    size: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """How many places each arm wins, with replacement, and no more than it has documents."""
    numbers = np.zeros(len(shape), dtype=np.int64)
    wanted = min(size, int(remaining.sum()))
    while wanted > 0:
        live = np.flatnonzero(numbers < remaining)
        draws = _log_gamma(shape[live], min(wanted, _BLOCK), rng) - np.log(cost[live])
        won = np.bincount(live[draws.round(9).argmax(axis=1)], minlength=len(shape))
        won = np.minimum(won, remaining - numbers)
        numbers += won
        wanted -= int(won.sum())
    return numbers


def _log_gamma(shape: Reals, number: int, rng: np.random.Generator) -> Reals:
    """The logs of Gamma draws: those of small shapes are too small to be told from 0 themselves."""
    draws: Reals = np.log(rng.gamma(shape + 1, size=(number, len(shape))))
    return draws + np.log(1 - rng.random((number, len(shape)))) / shape
