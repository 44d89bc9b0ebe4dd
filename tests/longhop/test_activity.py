"""Who watches is told of items, over all tasks of a stage."""

import asyncio

import pytest

from longhop.activity import Activity
from longhop.concurrency import run_each


async def test_items_are_counted_over_the_tasks_of_a_stage():
    activity, seen = Activity(), []

    async def work(item: int) -> int:
        await asyncio.sleep(0.01 * item)
        seen.extend((each.stage, each.done, each.total) for each in activity.stages)
        return item

    async def task(items: list[int]) -> None:
        with activity.at("ask"):
            await run_each(items, work)

    await asyncio.gather(task([1, 2]), task([3, 4, 5]))

    assert seen == [("ask", done, 5) for done in range(5)]
    assert activity.stages == []


async def test_the_time_left_is_that_of_the_items_left():
    activity = Activity()
    with activity.at("ask") as work:
        work.total, work.done, work.began = 100, 0, work.began - 10
        assert activity.stages[0].seconds_left is None
        work.done = 25
        assert activity.stages[0].seconds_left == pytest.approx(30, abs=1)


async def test_what_is_run_for_each_item_outside_of_a_stage_is_not_counted():
    async def work(item: int) -> int:
        return item

    assert await run_each([1, 2], work) == [1, 2]
