"""The ledger: which documents were asked, in which round, and what came of it."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Outcome(IntEnum):
    """What is known of a document that was asked."""

    IN_FLIGHT = 0
    DONE = 1
    FAILED = 2


@dataclass(frozen=True)
class Ledger:
    """All documents that were asked, in order; arrays have m rows, one a document.

    A policy is a function of the field, the ledger and a generator: nothing else is remembered, so
    a build that was stopped goes on as it would have gone on.

    `documents` (m,) are rows of the field, each at most once; `rounds` (m,) count from 0 and
    ascend; `outcomes` (m,) are of `Outcome`. `rewards` (m,) are the new relevant pairs that a
    document gave, 0 where nothing is known. A failed one was charged for, and says nothing of what
    it would have given.
    `pairs` (p, d) are the vectors of all pairs that were found, and `pair_of` (p,) says at which
    place of `documents` each was found; both are empty where no policy asks for them.
    `chances` (m,) are the probabilities with which documents were drawn in their round, 0 of those
    that were not left to chance; None where nobody was. `worths` (m,) are the rewards with each
    pair weighed by how much its mode is wanted; None where all pairs are worth the same.
    """

    documents: NDArray[np.int64]
    rounds: NDArray[np.int64]
    outcomes: NDArray[np.int64]
    rewards: NDArray[np.float64]
    pairs: NDArray[np.float32]
    pair_of: NDArray[np.int64]
    chances: NDArray[np.float64] | None = None
    worths: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def done(self) -> NDArray[np.bool_]:
        """Which of the asked documents have told what they give."""
        done: NDArray[np.bool_] = self.outcomes == Outcome.DONE
        return done

    @property
    def by_chance(self) -> NDArray[np.float64]:
        """The probability with which each was drawn, 0 where it was chosen: (m,)."""
        return np.zeros(len(self)) if self.chances is None else self.chances

    @property
    def wanted(self) -> NDArray[np.float64]:
        """What each is worth to a policy: (m,)."""
        return self.rewards if self.worths is None else self.worths


def nothing_asked(dimensions: int = 0) -> Ledger:
    """The ledger before the first round."""
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Ledger(whole, whole, whole, real, np.zeros((0, dimensions), np.float32), whole)
