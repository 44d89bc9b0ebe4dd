"""The endpoint is kept as full as it can be, and no fuller."""

import asyncio
import time

import pytest

from longhop.llm.pacing import Pace


async def hold(pace: Pace, seconds: float = 0.01) -> int:
    async with pace.slot() as in_flight:
        await asyncio.sleep(seconds)
    return in_flight


async def rounds(pace: Pace, requests: int, capacity: int) -> int:
    """Requests at an endpoint of that capacity, each tried until it passes; how many it refused."""
    taken = refused = 0

    async def one() -> None:
        nonlocal taken, refused
        while True:
            async with pace.slot() as in_flight:
                full = taken >= capacity
                if not full:
                    taken += 1
                    await asyncio.sleep(0.01)
                    taken -= 1
            if not full:
                pace.succeeded()
                return
            refused += 1
            pace.was_full(in_flight, 0.01)
            await asyncio.sleep(0.01)

    await asyncio.gather(*(one() for _ in range(requests)))
    return refused


async def test_every_answer_opens_a_slot_until_the_cap():
    """So a fast endpoint is full after a few rounds and not after minutes."""
    pace = Pace(64)
    for _ in range(56):
        pace.succeeded()

    assert pace.limit == 64
    pace.succeeded()
    assert pace.limit == 64


@pytest.mark.parametrize("capacity", [1, 5, 32])
async def test_the_limit_settles_at_what_the_endpoint_takes(capacity: int):
    pace = Pace(64)
    refused = await rounds(pace, 1500, capacity)

    assert capacity <= pace.limit + 1 <= 2 * capacity + 2
    assert refused < 90 + 1500 * 0.06


async def test_a_slot_is_given_to_who_waited_longest():
    pace = Pace(1)
    order: list[int] = []

    async def one(number: int) -> None:
        async with pace.slot():
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(one(number) for number in range(9)))
    assert order == list(range(9))


async def test_who_gives_up_waiting_leaves_no_slot_behind():
    pace = Pace(1)
    first = asyncio.create_task(hold(pace, 0.05))
    await asyncio.sleep(0.01)
    waiting = asyncio.create_task(hold(pace))
    await asyncio.sleep(0.01)
    waiting.cancel()
    await first

    assert await asyncio.wait_for(hold(pace), 1) == 1
    assert pace.in_flight == 0


async def test_nothing_is_sent_before_an_endpoint_that_takes_nothing_wants_it():
    pace = Pace(8)
    async with pace.slot() as in_flight:
        pass
    pace.was_full(in_flight, 0.2)
    began = time.monotonic()
    await hold(pace)

    assert time.monotonic() - began >= 0.2


async def test_the_first_burst_that_is_too_large_falls_to_what_was_sustained():
    """Its refusals come in any order: the first may be of the request that was sent last."""
    pace = Pace(64)
    for _ in range(56):
        pace.succeeded(32)
    pace.in_flight = 64
    assert pace.limit == 64
    pace.was_full(64, 0.0)

    assert pace.limit == 32
