"""How many task runs a build may make, whatever its corpus: what Prefect shows, and keeps, is few.

A stage is cut into shares by the spec's shards. Where there are more than a page can show, a task
run takes several; each share keeps its own receipt, so nothing else depends on it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from longhop.selection.rounds import MOST_ROUNDS
from longhop.spec import DatasetSpec
from longhop.spec.sections import BLIND

T = TypeVar("T")

TASKS_A_BUILD = 500
# Stages that take their shards once, and those whose shards are taken in every round: two that
# ask and embed, and three at each attempt at a wording.
_ONCE, _EACH_ROUND, _EACH_ATTEMPT = 4, 2, 3
# Stages that take their shares in each round of writing: one that writes, one that keeps back what
# was taken down, and one that proves.
_EACH_WRITING = 3
# Stages that are not cut into shards, and those of each round, and of each round of writing.
_WHOLE, _WHOLE_EACH_ROUND, _WHOLE_EACH_WRITING = 24, 3, 1
_AT_ONCE = 32
# Seed pairs, and rows, get written documents in so many rounds at most.
WRITTEN_IN, REWRITTEN_IN = 8, 3
# After so many rounds the embedder stays as it is: what it learnt later would help few of them.
ADAPTED_BY = 5


def tasks_of_stage(spec: DatasetSpec, *, in_rounds: bool) -> int:
    """The most task runs that the shards of a stage may make, once or in each of its rounds."""
    rounds = MOST_ROUNDS if _has_rounds(spec) else 1
    # Where the embedder adapts, documents and questions are embedded twice; it is tried in the
    # first rounds, and those are settled once more.
    twice = 1 if spec.embedding.adapt else 0
    once = _ONCE + twice
    writing = _rounds_of_writing(spec)
    left = TASKS_A_BUILD - _WHOLE - rounds * _WHOLE_EACH_ROUND - writing * _WHOLE_EACH_WRITING
    left -= 2 * twice * ADAPTED_BY
    stages = rounds * (_EACH_ROUND + twice + _EACH_ATTEMPT * spec.verification.attempts)
    stages += writing * _EACH_WRITING
    each = max(1, min(spec.shards, _AT_ONCE, (left - once * _AT_ONCE) // stages))
    if in_rounds:
        return each
    return max(1, min(spec.shards, _AT_ONCE, (left - stages * each) // once))


def _rounds_of_writing(spec: DatasetSpec) -> int:
    return WRITTEN_IN + REWRITTEN_IN if spec.budget.stated else 2


def _has_rounds(spec: DatasetSpec) -> bool:
    """Whether there can be more rounds than one."""
    selection = spec.selection
    ends = selection.bounded or selection.stop.stated
    return spec.budget.stated or (ends and selection.policy not in BLIND)


def evenly(items: Sequence[T], parts: int) -> list[Sequence[T]]:
    """The items in so many runs of nearly equal length, none of them empty."""
    count = min(parts, len(items))
    cuts = [len(items) * number // count for number in range(count + 1)] if count else []
    return [items[start:end] for start, end in pairwise(cuts)]
