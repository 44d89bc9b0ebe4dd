"""Policies: which documents are asked about next, behind one interface."""

from collections.abc import Callable
from typing import Any

from longhop.selection.policies.epsilon_greedy import EpsilonGreedy
from longhop.selection.policies.equal import Equal
from longhop.selection.policies.exhaustive import Exhaustive
from longhop.selection.policies.hybrid import Hybrid
from longhop.selection.policies.knn import NearestNeighbours
from longhop.selection.policies.policy import Choice, Policy
from longhop.selection.policies.random_order import RandomOrder
from longhop.selection.policies.similarity import Similarity
from longhop.selection.policies.thompson import Thompson

__all__ = ["POLICIES", "Choice", "Policy", "policy_of"]

POLICIES: dict[str, Callable[..., Policy]] = {
    "hybrid": Hybrid,
    "knn": NearestNeighbours,
    "thompson": Thompson,
    "equal": Equal,
    "epsilon_greedy": EpsilonGreedy,
    "similarity": Similarity,
    "random": RandomOrder,
    "exhaustive": Exhaustive,
}


def policy_of(name: str, **choices: Any) -> Policy:
    """The policy of that name; `choices` are its own, such as the `width` of a pull of `equal`.

    Raises:
        KeyError: There is no such policy.
    """
    return POLICIES[name](**choices)
