"""Shares of written work: cut by ids alone, bounded, and of no consequence for what is written."""

import asyncio
from pathlib import Path

import pytest

from longhop.identity import make_id
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.seeds import SeedPair
from longhop.resources import entered, resources
from tasks import shares
from tasks.shares import share_out
from tasks.stage import Share, at_most, stage
from tests.longhop.contexts.seeding import seed
from tests.world import make_live


def pairs(count: int) -> list[SeedPair]:
    return [seed("Who sang?", str(n), id=make_id("seed", n)) for n in range(count)]


def shared(items: list[SeedPair], first: int = 0, last: int | None = None) -> list[Artifact]:
    whole = resources().store.write("seeds", items, SeedPair)
    last = len(items) if last is None else last
    return list(share_out.body(items=whole, first=first, last=last).artifacts.values())


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST", 16)


@pytest.mark.usefixtures("small")
def test_every_item_falls_to_one_share_and_none_is_too_large(tmp_path: Path):
    with entered(make_live(tmp_path)) as live:
        items = pairs(1000)
        parts = shared(items)
        found = [live.store.read(each, SeedPair) for each in parts]

    assert sorted(each.id for part in found for each in part) == sorted(each.id for each in items)
    assert all(0 < len(part) <= 16 for part in found)
    assert len(parts) < 1000 / 4


@pytest.mark.usefixtures("small")
def test_a_few_new_items_leave_most_shares_as_they_were(tmp_path: Path):
    """Their receipts hold, so a night with ten new pairs writes ten shares anew at most."""
    with entered(make_live(tmp_path)):
        before = {each.hash for each in shared(pairs(1000))}
        after = {each.hash for each in shared(pairs(1010))}

    assert len(before - after) <= 10


@pytest.mark.usefixtures("small")
def test_the_order_of_the_items_changes_no_share(tmp_path: Path):
    with entered(make_live(tmp_path)):
        assert shared(pairs(200)) == shared(pairs(200)[::-1])


def test_a_round_takes_its_own_items_and_one_without_any_has_no_share(tmp_path: Path):
    with entered(make_live(tmp_path)) as live:
        items = pairs(9)
        (part,) = shared(items, 3, 5)

        assert {each.id for each in live.store.read(part, SeedPair)} == {
            each.id for each in items[3:5]
        }
        assert shared(items, 4, 4) == []


async def test_no_more_shares_are_worked_on_than_are_allowed(tmp_path: Path):
    """However many there are, what they hold is in memory for so many at a time."""
    at_work: list[int] = []
    most = 0

    async def body(number: int) -> Outcome:
        nonlocal most
        at_work.append(number)
        most = max(most, len(at_work))
        await asyncio.sleep(0.001)
        at_work.remove(number)
        return Outcome(artifacts={})

    work = stage("write", revision=1)(body)
    asked = [Share(f"{n}/9", {"number": n}) for n in range(9)]
    with entered(make_live(tmp_path)):
        with at_most(2):
            await work.here(asked)
        assert most == 2
        most = 0
        await stage("write", revision=2)(body).here(asked)
        assert most == 9
