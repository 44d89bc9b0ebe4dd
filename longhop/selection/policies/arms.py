"""Clusters as a bandit sees them: an arm each, and what pulling it gave."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.poisson import Reals
from longhop.selection.policies.ranking import left


@dataclass(frozen=True)
class Arms:
    """One row an arm, which is a cluster: (a,).

    `asked` documents, those in flight and failed ones too, `known` are the answered ones' cost,
    `given` their rewards, and `remaining` the documents that were never asked.
    """

    asked: NDArray[np.int64]
    known: Reals
    given: Reals
    remaining: NDArray[np.int64]


def arms_of(field: Field, ledger: Ledger) -> Arms:
    """The arms, where the ledger left them."""
    number = int(field.clusters.max(initial=0)) + 1
    arm_of = field.clusters[ledger.documents]
    done = ledger.done
    cost = field.cost[ledger.documents]
    return Arms(
        asked=np.bincount(arm_of, minlength=number),
        known=np.bincount(arm_of[done], cost[done], number).astype(np.float64),
        given=np.bincount(arm_of[done], ledger.rewards[done], number).astype(np.float64),
        remaining=np.bincount(field.clusters[left(field, ledger)], minlength=number),
    )


def drawn_from(
    field: Field, ledger: Ledger, arms: NDArray[np.int64], numbers: NDArray[np.int64]
) -> NDArray[np.int64]:
    """So many remaining documents of each arm, the arms in the order given; in each, by rank.

    Rank is drawn by keyed hash, so this is a uniform draw without replacement.
    """
    place = np.full(int(field.clusters.max(initial=0)) + 1, -1)
    place[arms] = np.arange(len(arms))
    rows = np.flatnonzero(left(field, ledger) & (place[field.clusters] >= 0))
    at = place[field.clusters[rows]]
    order = np.lexsort((field.rank[rows], at))
    rows, at = rows[order], at[order]
    nth = np.arange(len(rows)) - np.searchsorted(at, at)
    drawn: NDArray[np.int64] = rows[nth < numbers[arms[at]]]
    return drawn


def pull(
    order: NDArray[np.int64], remaining: NDArray[np.int64], size: int, width: int
) -> NDArray[np.int64]:
    """How many documents each arm gives: `width` a pull, in that order, until there are `size`.

    Each arm of `order` is pulled once before any is pulled again; the last pull may be smaller.
    """
    numbers = np.zeros(len(remaining), dtype=np.int64)
    wanted = min(size, int(remaining[order].sum()))
    while wanted > 0:
        lap = np.minimum(width, remaining[order] - numbers[order])
        lap = np.clip(wanted - (np.cumsum(lap) - lap), 0, lap)
        numbers[order] += lap
        wanted -= int(lap.sum())
    return numbers
