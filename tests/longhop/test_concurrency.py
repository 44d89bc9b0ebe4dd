"""Many at once, some of them in memory, all of them in order."""

import asyncio
from collections.abc import Iterator

import pytest

from longhop.concurrency import run_through
from longhop.errors import EndpointError


async def test_results_come_in_order_and_few_items_are_in_memory():
    """An item is taken from a stream only when there is room for it."""
    taken, done = [], []

    def items() -> Iterator[int]:
        for number in range(50):
            taken.append(number - len(done))
            yield number

    async def work(number: int) -> int:
        await asyncio.sleep(0.001 * (7 * number % 5))
        return number * number

    await run_through(items(), work, lambda n, found: done.append((n, found)), most=6, total=50)

    assert done == [(n, n * n) for n in range(50)]
    assert 5 <= max(taken) <= 6


async def test_the_first_error_ends_all_and_names_its_item():
    cancelled = []

    class Item:
        def __init__(self, number: int) -> None:
            self.id = f"item {number}"
            self.number = number

    async def work(item: Item) -> None:
        if item.number == 3:
            raise EndpointError("refused")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(item.number)
            raise

    with pytest.raises(EndpointError, match="refused") as caught:
        await run_through(map(Item, range(9)), work, lambda *_: None, most=6, total=9)
    assert caught.value.item == "item 3"
    assert sorted(cancelled) == [0, 1, 2, 4, 5]


async def test_an_error_of_who_takes_ends_all_too():
    def take(*_: object) -> None:
        raise EndpointError("no room")

    async def work(number: int) -> int:
        await asyncio.sleep(0 if number == 0 else 60)
        return number

    with pytest.raises(EndpointError, match="no room"):
        await run_through(range(9), work, take, most=3, total=9)
