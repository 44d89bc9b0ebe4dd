"""What all policies share: who is left, and who comes first."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger, Outcome
from longhop.selection.policies.policy import Choice

# A document in flight counts as so much of one that gave nothing, until it is known: else all of
# a cluster would be asked on the strength of one answer. Set on the benchmark's tuning seeds.
DOUBT = 0.25


def left(field: Field, ledger: Ledger) -> NDArray[np.bool_]:
    """Which documents were never asked: (n,)."""
    remaining = np.ones(len(field), dtype=bool)
    remaining[ledger.documents] = False
    return remaining


def best_first(
    rows: NDArray[np.int64], scores: NDArray[np.float64], field: Field, size: int
) -> NDArray[np.int64]:
    """The places in `rows` of the best scores, best first; of equal ones the first by rank.

    Scores are compared in nine digits: libraries of linear algebra differ in the last ones.
    """
    wanted = min(size, len(rows))
    if wanted <= 0:
        return np.zeros(0, dtype=np.int64)
    rounded = _in_nine_digits(scores)
    last = np.partition(rounded, len(rows) - wanted)[len(rows) - wanted]
    contenders = np.flatnonzero(rounded >= last)
    order = np.lexsort((field.rank[rows[contenders]], -rounded[contenders]))
    best: NDArray[np.int64] = contenders[order[:wanted]]
    return best


def choose_best(
    field: Field, ledger: Ledger, size: int, scores: NDArray[np.float64], reason: str = "chosen"
) -> Choice:
    """Those of the remaining documents that score best; `scores` (n,) has a row for each."""
    rows = np.flatnonzero(left(field, ledger))
    rows = rows[best_first(rows, scores[rows], field, size)]
    return Choice(rows, scores[rows], (reason,) * len(rows))


def by_chance(field: Field, ledger: Ledger, size: int, reason: str = "chosen") -> Choice:
    """The first of the remaining documents by rank: a uniform draw by keyed hash."""
    rows = np.flatnonzero(left(field, ledger))
    drawn = rows[np.argsort(field.rank[rows], kind="stable")[: max(0, size)]]
    chances = np.full(len(drawn), len(drawn) / max(1, len(rows)))
    return Choice(drawn, np.zeros(len(drawn)), (reason,) * len(drawn), chances)


def in_flight(ledger: Ledger) -> NDArray[np.bool_]:
    """Which of the asked documents have not answered yet: (m,)."""
    flying: NDArray[np.bool_] = ledger.outcomes == Outcome.IN_FLIGHT
    return flying


def _in_nine_digits(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = float(np.abs(scores).max(initial=0.0))
    digits = 9 - int(np.ceil(np.log10(largest))) if 0 < largest < np.inf else 9
    rounded: NDArray[np.float64] = np.round(scores, min(digits, 300))
    return rounded
