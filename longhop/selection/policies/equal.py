"""The policy `equal`: the multi-armed bandit of EQUAL (arXiv 2505.12250), as published.

It is here to be compared with: what it is known to get wrong is left as it is.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.arms import Arms, arms_of, drawn_from, pull
from longhop.selection.policies.poisson import Reals
from longhop.selection.policies.policy import Choice
from longhop.selection.policies.ranking import by_chance
from longhop.selection.transport import EXACT, LARGEST, distance

# Documents a pull: the released code's (`data extraction/mab`); the paper's B_i has no number.
PULL = 10
# What the score of an arm is worth whose documents gave no pair: the paper has no such arm, and
# the released code ends there. A cosine is no less than -1.
_NO_PAIRS = -1.0


class Equal:
    """One arm a cluster, pulled by the similarity of all its pairs to the reference, with UCB.

    DS = (1 - OT) + α √(2 ln ΣT / T), α = 1 / (ΣT + 1), T an arm's pulls (the paper's section on
    the bandit). The paper prints OT itself, by which far arms would be pulled: a similarity is
    meant. OT is exact, with cost 1 - cosine and even weights, over all pairs of the arm so far.
    Every arm is pulled once before any is pulled twice, since its score is infinite before; the
    order of that sweep is the clusters', as in the released code. Inside an arm documents are drawn
    uniformly (paper; the code takes them in the order of its file). A round of `size` documents
    pulls size / 10 different arms (the code: 50 a round; the paper: one). Neither what a document
    costs nor how many pairs it gives enters.

    Not here, since the round planner's or another's: the share γ of documents at which to stop
    (paper: 5%), and the contrastive warm-up. Not here at all: the neighbour sharing of the released
    code, and its offset of 0.12, which the paper does not mention.
    """

    name = "equal"

    def __init__(self, width: int = PULL) -> None:
        self.width = width
        self._known: dict[int, tuple[bytes, float]] = {}

    def warm_up(self, field: Field) -> int:  # noqa: ARG002
        """None: its first sweep is what it learns from."""
        return 0

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:  # noqa: ARG002
        """Pulls of ten documents; the last one may be smaller. Without a reference, by chance."""
        if field.reference is None or not len(field.reference):
            return by_chance(field, ledger, size)
        arms = arms_of(field, ledger)
        scores = self._scores(field, ledger, arms, field.reference)
        order = np.lexsort((np.arange(len(scores)), -scores))
        order = order[arms.remaining[order] > 0]
        rows = drawn_from(field, ledger, order, pull(order, arms.remaining, size, self.width))
        first = np.isinf(scores)
        chosen = field.clusters[rows]
        reasons = tuple("explored" if each else "chosen" for each in first[chosen])
        return Choice(rows, np.where(first, 0.0, scores)[chosen], reasons)

    def _scores(
        self, field: Field, ledger: Ledger, arms: Arms, reference: NDArray[np.float32]
    ) -> Reals:
        pulls = arms.asked / self.width
        total = max(1.0, pulls.sum())
        alpha = 1 / (total + 1)
        scores = np.full(len(pulls), np.inf)
        of_arm = field.clusters[ledger.documents[ledger.pair_of]]
        order = np.argsort(of_arm, kind="stable")
        ends = np.searchsorted(of_arm[order], np.arange(len(pulls) + 1))
        for arm in np.flatnonzero((arms.asked > 0) & (arms.remaining > 0)):
            pairs = ledger.pairs[order[ends[arm] : ends[arm + 1]]]
            near = 1 - self._distance(int(arm), pairs, reference) if len(pairs) else _NO_PAIRS
            scores[arm] = near + alpha * np.sqrt(2 * np.log(total) / pulls[arm])
        return scores.round(9)

    def _distance(
        self, arm: int, pairs: NDArray[np.float32], reference: NDArray[np.float32]
    ) -> float:
        """Exact transport, computed anew only where an arm has other pairs than it had."""
        pairs, reference = _evenly(pairs, LARGEST), _evenly(reference, EXACT)
        key = hashlib.blake2b(pairs.tobytes() + reference.tobytes()).digest()
        if self._known.get(arm, (b"",))[0] != key:
            self._known[arm] = key, distance(pairs, reference, "exact")
        return self._known[arm][1]


def _evenly(rows: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    return rows[:: -(-len(rows) // most)] if len(rows) > most else rows
