"""The policy `hybrid`, the default: closeness, clusters and neighbours, as far as each foresees."""

import numpy as np

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.auditing import SHARE, draw_audit
from longhop.selection.policies.evidence import Evidence, gather
from longhop.selection.policies.poisson import Reals, fit_poisson, predict
from longhop.selection.policies.policy import Choice
from longhop.selection.policies.prior import prior_rates
from longhop.selection.policies.ranking import DOUBT, choose_best, in_flight, left
from longhop.selection.policies.warming import first_round, warm_up_size

# Clusters and neighbours are believed like so many documents' worth of the prior beside them.
_CLUSTER_PRIOR, _NEAR_PRIOR = 4.0, 1.0
# Before answers say otherwise: closeness as it was fitted, half of what clusters add, and most of
# what neighbours add. Set on the benchmark's tuning seeds.
_CENTRE = np.asarray([0.0, 1.0, 0.5, 0.8])
_FIRMNESS = np.asarray([0.5, 8.0, 8.0, 8.0])
_MOST_FITTED = 20_000


class Hybrid:
    """New relevant pairs a unit of cost, foreseen from three sources that are weighed by answers.

    Closeness to the reference gives a prior; the yields of the cluster and of the neighbours, each
    shrunk to that prior, say by which factors it is off. How far each is to be believed is fitted
    on all documents that answered, by what the others would have said of them: so the policy is
    similarity where documents look like what they give, and a search among neighbours where not.
    Where the ledger tells by how much a pair is wanted, it counts by that.

    The share `audited` of each round is drawn by chance, so that what is left can be told; without
    it, the estimate rests on the first round and on what was chosen.
    """

    name = "hybrid"

    def __init__(self, audited: float = SHARE) -> None:
        self.audited = audited

    def warm_up(self, field: Field) -> int:
        """One in a hundred, or a hundred."""
        return warm_up_size(len(field))

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:
        """The documents that are foreseen to give most a unit of cost, and some by chance."""
        if not len(ledger):
            return first_round(field, ledger, size)
        rates = foreseen_rates(field, ledger) * _doubts(field, ledger)
        return self._with_audit(field, ledger, size, rates, rng)

    def _with_audit(
        self, field: Field, ledger: Ledger, size: int, rates: Reals, rng: np.random.Generator
    ) -> Choice:
        """The best, and so many of the others by chance as are to be audited."""
        audited = int(self.audited * size + rng.random())
        best = choose_best(field, ledger, size - audited, rates)
        remaining = left(field, ledger)
        remaining[best.documents] = False
        rows = np.flatnonzero(remaining)
        drawn, chances = draw_audit(rows, rates[rows], audited, field, rng)
        rows = rows[drawn]
        return Choice(
            np.concatenate([best.documents, rows]),
            np.concatenate([best.scores, rates[rows]]),
            best.reasons + ("audit",) * len(rows),
            np.concatenate([best.by_chance, chances]),
        )


def foreseen_rates(field: Field, ledger: Ledger) -> Reals:
    """The new relevant pairs that each document is foreseen to give a unit of cost: (n,).

    Of one that answered, it is what the others say of it.
    """
    prior = prior_rates(field, ledger)
    features = hybrid_features(prior, gather(field, ledger))
    rows = ledger.documents[ledger.done]
    rewards = ledger.wanted[ledger.done]
    if len(rows) > _MOST_FITTED:
        some = np.argsort(field.rank[rows], kind="stable")[:_MOST_FITTED]
        rows, rewards = rows[some], rewards[some]
    fitted = fit_poisson(features[rows], rewards, field.cost[rows], _FIRMNESS, _CENTRE)
    return predict(features, fitted)


def hybrid_features(prior: Reals, said: Evidence) -> Reals:
    """A constant, the log of the prior, and the logs of the factors that others see: (n, 4)."""
    cluster = (said.cluster_given + _CLUSTER_PRIOR * prior) / (said.cluster_cost + _CLUSTER_PRIOR)
    near = (said.near_given + _NEAR_PRIOR * prior) / (said.near_cost + _NEAR_PRIOR)
    return np.column_stack(
        [np.ones(len(prior)), np.log(prior), np.log(cluster / prior), np.log(near / prior)]
    )


def _doubts(field: Field, ledger: Ledger) -> Reals:
    """By which factor documents in flight lower the rate of others of their cluster: (n,)."""
    most = int(field.clusters.max(initial=0)) + 1
    rows, flying = ledger.documents, in_flight(ledger)
    known = np.bincount(field.clusters[rows], field.cost[rows] * ledger.done, most)
    unknown = np.bincount(field.clusters[rows], field.cost[rows] * flying, most)
    doubts: Reals = 1 - DOUBT * unknown / (known + _CLUSTER_PRIOR + DOUBT * unknown)
    return doubts[field.clusters]
