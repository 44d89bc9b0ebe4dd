"""The policy `knn`: what the nearest documents gave (active search, Garnett et al. 2012)."""

import numpy as np

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.evidence import gather
from longhop.selection.policies.policy import Choice
from longhop.selection.policies.prior import prior_rates
from longhop.selection.policies.ranking import choose_best
from longhop.selection.policies.warming import first_round, warm_up_size

# The prior counts as much as this many neighbours that are as near as the nearest.
_PRIOR = 3.0
# Of two that are foreseen to give the same, the less known comes first: standard deviations.
_EXPLORED = 0.1


class NearestNeighbours:
    """The yields of the neighbours that answered, shrunk to the prior by closeness."""

    name = "knn"

    def warm_up(self, field: Field) -> int:
        """One in a hundred, or a hundred."""
        return warm_up_size(len(field))

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:  # noqa: ARG002
        """The documents whose neighbours, and whose closeness, foresee most a unit of cost."""
        if not len(ledger):
            return first_round(field, ledger, size)
        said = gather(field, ledger)
        given = said.near_given + _PRIOR * prior_rates(field, ledger)
        cost = said.near_cost + _PRIOR
        return choose_best(field, ledger, size, given / cost + _EXPLORED * np.sqrt(given) / cost)
