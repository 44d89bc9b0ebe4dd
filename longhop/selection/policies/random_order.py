"""The policy `random`: documents in the order of a keyed hash."""

import numpy as np

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.policy import Choice
from longhop.selection.policies.ranking import by_chance


class RandomOrder:
    """A uniform draw: what every other policy must beat."""

    name = "random"

    def warm_up(self, field: Field) -> int:  # noqa: ARG002
        """None: nothing is learnt."""
        return 0

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:  # noqa: ARG002
        """The first of the remaining documents by rank."""
        return by_chance(field, ledger, size)
