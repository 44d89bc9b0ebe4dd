"""A build with a budget stops in good order, says so, and goes on from there when it is raised."""

from pathlib import Path

import pytest

from longhop.records.corpus import Draw as _Draw
from longhop.records.money import total
from tests.flows.test_build_dataset import build, rows_of
from tests.world import make_live, make_spec, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


async def test_a_budget_leaves_what_it_does_not_reach_and_counts_it(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=60)
    manifest, _ = await build(live, make_spec(corpus, budget={"answers": 30}))
    left = {each.stage: each.left.get("budget", 0) for each in manifest.balances}

    assert 10 <= total(manifest.bill).answers <= 36
    assert left["ask"] > 0


async def test_the_same_budget_gives_the_same_version_whoever_paid(tmp_path: Path):
    """It counts the answers that were used, not those that were fresh."""
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=30)
    spec = make_spec(corpus, budget={"tokens": 9000})
    first, _ = await build(make_live(tmp_path / "one"), spec)
    live = make_live(tmp_path / "two")
    await build(live, make_spec(corpus))
    again, _ = await build(live, spec, base="none")

    assert again.files == first.files
    assert rows_of(live, again)


async def test_a_raised_budget_goes_on_where_the_lower_one_ended(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=30)
    low, _ = await build(live, make_spec(corpus, budget={"answers": 24}))
    asked = live.store.read(low.artifacts["draws"], _Draw)
    high, _ = await build(live, make_spec(corpus))
    now = live.store.read(high.artifacts["draws"], _Draw)

    assert 0 < len(asked) < len(now)
    assert [each.document_id for each in now[: len(asked)]] == [each.document_id for each in asked]
    assert len(rows_of(live, high)) >= len(rows_of(live, low))
