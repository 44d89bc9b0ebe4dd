"""What comes in one wave is done at once, and nobody is left waiting."""

import asyncio

import pytest

from longhop.llm.together import Together


async def test_the_items_of_one_turn_are_one_call():
    calls: list[list[int]] = []

    def double(items):
        calls.append(list(items))
        return [2 * each for each in items]

    together = Together(double)
    results = await asyncio.gather(*(together(each) for each in range(5)))
    later = await together(7)

    assert (results, later) == ([0, 2, 4, 6, 8], 14)
    assert calls == [[0, 1, 2, 3, 4], [7]]


async def test_an_error_is_told_to_all_and_ends_nothing_else():
    def fail_once(items):
        if 0 in items:
            raise OSError("disk full")
        return items

    together = Together(fail_once)
    first = await asyncio.gather(together(0), together(1), return_exceptions=True)

    assert [str(each) for each in first] == ["disk full"] * 2
    assert await together(2) == 2


async def test_who_is_cancelled_before_is_left_out():
    """A claim that nobody waits for would keep others waiting."""
    seen: list[int] = []

    def note(items):
        seen.extend(items)
        return items

    together = Together(note)
    gone = asyncio.ensure_future(together(1))
    stays = asyncio.ensure_future(together(2))
    asyncio.get_running_loop().call_soon(gone.cancel)
    await asyncio.gather(gone, stays, return_exceptions=True)
    with pytest.raises(asyncio.CancelledError):
        await gone

    assert await stays == 2
    assert set(seen) <= {1, 2}
    assert await together(3) == 3
