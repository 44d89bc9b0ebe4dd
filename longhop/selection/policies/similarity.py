"""The policy `similarity`: the documents nearest to the reference first."""

import numpy as np

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.policy import Choice
from longhop.selection.policies.ranking import by_chance, choose_best


class Similarity:
    """The mean of the five greatest cosines to the reference; nothing is learnt from answers.

    The cheap rival that the published comparison lacks. Without a reference it is a uniform draw.
    """

    name = "similarity"

    def warm_up(self, field: Field) -> int:  # noqa: ARG002
        """None: nothing is learnt."""
        return 0

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:  # noqa: ARG002
        """The nearest of the remaining documents, whatever they cost."""
        if field.closeness is None:
            return by_chance(field, ledger, size)
        return choose_best(field, ledger, size, field.closeness[:, 1])
