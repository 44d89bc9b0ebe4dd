"""The policy `exhaustive`: every document, in the order of the field."""

import numpy as np

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.policy import Choice
from longhop.selection.policies.ranking import left


class Exhaustive:
    """Every document is asked: the price that the published savings are measured against."""

    name = "exhaustive"

    def warm_up(self, field: Field) -> int:  # noqa: ARG002
        """None: nothing is learnt."""
        return 0

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:  # noqa: ARG002
        """The first of the remaining documents."""
        rows = np.flatnonzero(left(field, ledger))[: max(0, size)]
        return Choice(rows, np.zeros(len(rows)), ("chosen",) * len(rows))
