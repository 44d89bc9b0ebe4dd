"""The interface of policies, the same where a model is asked and where a benchmark replays."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger


@dataclass(frozen=True)
class Choice:
    """The documents that a policy chose, best first, and the score each was chosen for.

    `documents` (c,) are rows of the field that the ledger does not have; `scores` (c,) are new
    relevant pairs a unit of cost where a policy foresees them, and else what it ranks by; `reasons`
    says how each was drawn, in a word: `warm-up`, `audit`, `explored`, `chosen`. `chances` (c,) are
    the probabilities with which they were drawn, 0 of those that were not left to chance; None
    where nobody was.
    """

    documents: NDArray[np.int64]
    scores: NDArray[np.float64]
    reasons: tuple[str, ...]
    chances: NDArray[np.float64] | None = None

    @property
    def by_chance(self) -> NDArray[np.float64]:
        """The probability with which each was drawn, 0 where it was chosen: (c,)."""
        return np.zeros(len(self.documents)) if self.chances is None else self.chances


class Policy(Protocol):
    """Which documents are asked about next: a function of what it is given, and of nothing else."""

    name: str

    def warm_up(self, field: Field) -> int:
        """The documents of its first round; 0 where it needs no other than the rest."""

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:
        """At most so many of the documents that were not asked; fewer only where no more are left.

        In flight, a document counts as asked and its outcome as unknown.
        """
