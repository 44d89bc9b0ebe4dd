"""What the documents that answered say of those around them: by cluster, and by neighbours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.poisson import Reals

_BLOCK = 1 << 15


@dataclass(frozen=True)
class Evidence:
    """What was given, and at what cost, around each document: all (n,).

    Of its cluster, and of its neighbours by weight; the document itself is never counted, so that
    what is said of one that answered was not read off its own answer.
    """

    cluster_given: Reals
    cluster_cost: Reals
    near_given: Reals
    near_cost: Reals


def gather(field: Field, ledger: Ledger) -> Evidence:
    """The evidence of all documents that answered; failed ones and those in flight say nothing."""
    rows = ledger.documents[ledger.done]
    given, cost = np.zeros(len(field)), np.zeros(len(field))
    given[rows] = ledger.wanted[ledger.done]
    cost[rows] = field.cost[rows]
    near_given, near_cost = _near(field, given, cost)
    return Evidence(
        cluster_given=np.bincount(field.clusters, given)[field.clusters] - given,
        cluster_cost=np.maximum(0, np.bincount(field.clusters, cost)[field.clusters] - cost),
        near_given=near_given,
        near_cost=near_cost,
    )


def _near(field: Field, given: Reals, cost: Reals) -> tuple[Reals, Reals]:
    """Sums over the neighbours of each document, by weight, in blocks that fit a cache."""
    sums = np.zeros((2, len(field)))
    narrow = given.astype(np.float32), cost.astype(np.float32)
    for start in range(0, len(field) if field.neighbours.shape[1] else 0, _BLOCK):
        block = slice(start, start + _BLOCK)
        weights = _weights(field.nearness[block])
        for place, values in enumerate(narrow):
            found = values[field.neighbours[block]]
            sums[place, block] = np.einsum("nk,nk->n", weights, found)
    return sums[0].round(6), sums[1].round(6)


def _weights(nearness: NDArray[np.float32]) -> NDArray[np.float32]:
    """The eighth power of the cosine, as a share of the nearest one's; 0 where there is none."""
    positive = np.maximum(nearness, 0)
    largest = positive.max(axis=1, keepdims=True)
    share = np.divide(positive, largest, out=np.zeros_like(positive), where=largest > 0)
    for _ in range(3):
        share *= share
    weights: NDArray[np.float32] = share
    return weights
