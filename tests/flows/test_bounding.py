"""A build makes few task runs, whatever its corpus, its shards and its budget."""

import pytest

from flows.bounding import TASKS_A_BUILD, evenly, tasks_of_stage
from longhop.operations.budgeting import MOST_ROUNDS
from longhop.spec import DatasetSpec
from longhop.spec.form import spec_of


def spec(answers: int | None, **advanced: object) -> DatasetSpec:
    return spec_of({"name": "a", "corpus": ["b"], "model": "m", "answers": answers}, advanced)


@pytest.mark.parametrize("shards", [1, 4, 64, 4096])
@pytest.mark.parametrize("attempts", [1, 2, 5])
@pytest.mark.parametrize("answers", [None, 10**6])
def test_the_stages_of_a_build_stay_within_the_bound(
    shards: int, attempts: int, answers: int | None
):
    plan = spec(answers, shards=shards, verification={"attempts": attempts})
    rounds = MOST_ROUNDS if answers else 1
    once, asking = (tasks_of_stage(plan, asks=each) for each in (False, True))
    sharded = 5 * once + rounds * asking * (1 + 2 * attempts + 1)
    # take, write and prove the written in each round; read, group, embed the reference, place,
    # draw, leave, gather, link, gate, compose, decontaminate, publish once.
    whole = 3 * rounds + 12

    assert sharded + whole <= TASKS_A_BUILD


def test_every_item_falls_to_one_part_and_none_is_empty():
    for count in range(70):
        for parts in (1, 3, 32):
            groups = evenly(range(count), parts)

            assert [each for group in groups for each in group] == list(range(count))
            assert len(groups) == min(count, parts)
            assert all(groups) and (not groups or len(groups[0]) - len(groups[-1]) in (-1, 0, 1))
