"""Policies that know what documents give: how well any could do; no part of the product."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies import Choice
from longhop.selection.policies.ranking import choose_best


class Oracle:
    """The documents that give most first."""

    name = "oracle"

    def __init__(self, truth: NDArray[np.float64]) -> None:
        self.truth = truth

    def warm_up(self, field: Field) -> int:  # noqa: ARG002
        return 0

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:  # noqa: ARG002
        return choose_best(field, ledger, size, self.truth)


class ClusterOracle(Oracle):
    """The clusters whose documents give most first; inside a cluster, any document."""

    name = "cluster_oracle"

    def choose(self, field: Field, ledger: Ledger, size: int, rng: np.random.Generator) -> Choice:  # noqa: ARG002
        given = np.bincount(field.clusters, self.truth) / np.maximum(1, np.bincount(field.clusters))
        return choose_best(field, ledger, size, given[field.clusters])
