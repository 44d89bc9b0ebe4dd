"""The policy `epsilon_greedy`: the clusters of the best yield, and now and then any other."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.arms import arms_of, drawn_from, pull
from longhop.selection.policies.policy import Choice

EPSILON = 0.1
PULL = 10


class EpsilonGreedy:
    """Ten documents a pull, of the arm of the best reward a unit of cost; one of ten by chance.

    A round pulls as many different arms as it has room for. An arm that was never pulled goes
    before all that were: so there is a first sweep.
    """

    name = "epsilon_greedy"

    def warm_up(self, field: Field) -> int:  # noqa: ARG002
        """None: its first sweep is what it learns from."""
        return 0

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:
        """Pulls of ten documents; the last one may be smaller."""
        arms = arms_of(field, ledger)
        known = arms.known > 0
        mean = np.divide(arms.given, arms.known, out=np.zeros(len(known)), where=known)
        first = np.where(arms.asked == 0, np.inf, mean.round(9))
        best = np.lexsort((rng.random(len(mean)), -first))
        order, explored = _mixed(best, arms.remaining > 0, rng)
        rows = drawn_from(field, ledger, order, pull(order, arms.remaining, size, PULL))
        chosen = field.clusters[rows]
        reasons = tuple("explored" if each else "chosen" for each in explored[chosen])
        return Choice(rows, mean[chosen], reasons)


def _mixed(
    best: NDArray[np.int64], live: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The live arms, the best first, with one by chance in one of ten places; and which those are.

    Explored by place, not by arm: else a place would be worth more to an arm with many documents.
    """
    best = best[live[best]]
    chance = rng.permutation(best)
    explores = rng.random(len(best)) < EPSILON
    explored, taken = np.zeros(len(live), dtype=bool), np.zeros(len(live), dtype=bool)
    order, ways = [], (iter(best), iter(chance))
    for explore in explores:
        arm = next(each for each in ways[int(explore)] if not taken[each])
        taken[arm], explored[arm] = True, explore
        order.append(arm)
    return np.asarray(order, dtype=np.int64), explored
