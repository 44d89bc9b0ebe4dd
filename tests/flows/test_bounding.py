"""A build makes few task runs, whatever its corpus, its shards, its budget and its policy."""

import pytest

from flows.bounding import (
    ADAPTED_BY,
    REWRITTEN_IN,
    TASKS_A_BUILD,
    WRITTEN_IN,
    evenly,
    tasks_of_stage,
)
from longhop.selection.rounds import MOST_ROUNDS
from longhop.spec import DatasetSpec
from longhop.spec.form import spec_of


def spec(answers: int | None, **advanced: object) -> DatasetSpec:
    return spec_of({"name": "a", "corpus": ["b"], "model": "m", "answers": answers}, advanced)


@pytest.mark.parametrize("shards", [1, 4, 64, 4096])
@pytest.mark.parametrize("attempts", [1, 2, 5])
@pytest.mark.parametrize("adapt", [False, True])
@pytest.mark.parametrize(("answers", "share"), [(None, None), (10**6, None), (None, 0.1)])
def test_the_stages_of_a_build_stay_within_the_bound(
    shards: int, attempts: int, answers: int | None, share: float | None, adapt: bool
):
    plan = spec(
        answers,
        shards=shards,
        verification={"attempts": attempts},
        selection={"share": share} if share else {},
        embedding={"adapt": adapt},
    )
    rounds = MOST_ROUNDS if answers or share else 1
    once, repeated = (tasks_of_stage(plan, in_rounds=each) for each in (False, True))
    writing = WRITTEN_IN + REWRITTEN_IN if answers else 2
    # Clean, sketch, chunk, embed; ask, embed; merge, judge, prove; write, keep back and prove the
    # written.
    sharded = (4 + adapt) * once + rounds * repeated * (2 + adapt + 3 * attempts)
    sharded += writing * repeated * 3
    # Draw, settle and take in each round; share out what is written in a few; read, group, embed
    # the reference, place, survey, leave, gather, link, gate, take rows and exchange them, check,
    # clear origins, compose, decontaminate, cap, probe, audit, publish once.
    # Where the embedder adapts, it is tried in the first rounds, which are settled again.
    whole = 3 * rounds + writing + 2 * adapt * ADAPTED_BY + 19

    assert min(once, repeated) >= 1
    assert sharded + whole <= TASKS_A_BUILD


def test_every_item_falls_to_one_part_and_none_is_empty():
    for count in range(70):
        for parts in (1, 3, 32):
            groups = evenly(range(count), parts)

            assert [each for group in groups for each in group] == list(range(count))
            assert len(groups) == min(count, parts)
            assert all(groups) and (not groups or len(groups[0]) - len(groups[-1]) in (-1, 0, 1))
