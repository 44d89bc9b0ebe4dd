"""Documents are chosen in rounds: by what the ledger says, and by nothing that can change."""

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from longhop.records.corpus import Draw
from longhop.records.manifest import Manifest
from longhop.records.money import total
from longhop.records.selection import RoundTrace
from tests.flows.test_build_dataset import Watched, build
from tests.world import FACTS, WorldResources, make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


def draws_of(live: WorldResources, manifest: Manifest) -> list[Draw]:
    return live.store.read(manifest.artifacts["draws"], Draw)


def trace_of(live: WorldResources, manifest: Manifest) -> list[RoundTrace]:
    return live.store.read(manifest.artifacts["trace"], RoundTrace)


def write_reference(path: Path, number: int = 9) -> str:
    """Questions such as the corpus answers."""
    rows = [{"question": fact[1], "answer": fact[2]} for fact in FACTS[:number]]
    path.write_text("".join(json.dumps(each) + "\n" for each in rows))
    return str(path)


def selecting(tmp_path: Path, **selection: Any):
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=40)
    return make_spec(corpus, selection=selection)


async def test_a_policy_that_learns_has_rounds_and_a_trace(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, selecting(tmp_path, documents=20))
    trace, draws = trace_of(live, manifest), draws_of(live, manifest)

    assert len(draws) == len({each.document_id for each in draws}) == 20
    assert len(trace) > 1
    assert [each.round for each in trace] == list(range(1, len(trace) + 1))
    assert sum(each.documents for each in trace) == trace[-1].asked == 20
    assert sum(each.reward for each in trace) == trace[-1].found
    assert {each.policy for each in draws} == {"hybrid"}
    assert {each.reason for each in draws if each.round == 1} == {"audit"}


async def test_rounds_find_again_what_was_paid(tmp_path: Path):
    live = make_live(tmp_path)
    spec = selecting(tmp_path, documents=20)
    first, asked = await build(live, spec)
    live.progress = watched = Watched()
    again, asked_again = await build(live, spec)

    assert asked and not asked_again
    assert again == first
    assert watched.worked == []


async def test_where_all_are_asked_no_policy_is_needed(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, selecting(tmp_path))

    assert {each.policy for each in draws_of(live, manifest)} == {"exhaustive"}
    assert len(trace_of(live, manifest)) == 1


@pytest.mark.parametrize(
    "policy", ["hybrid", "knn", "thompson", "equal", "epsilon_greedy", "similarity", "random"]
)
async def test_every_policy_builds_and_says_why_it_asked(tmp_path: Path, policy: str):
    live = make_live(tmp_path)
    reference = write_reference(tmp_path / "r.jsonl")
    spec = selecting(tmp_path, policy=policy, documents=15, reference=reference)
    manifest, _ = await build(live, spec)
    rows = rows_of(live, manifest)

    assert len(draws_of(live, manifest)) == 15
    assert trace_of(live, manifest)[-1].found > 0
    assert all(why.startswith(policy) for row in rows for why in row.drawn_by)


async def test_a_night_keeps_what_was_asked_and_competes_for_the_rest(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=40)
    before, _ = await build(live, make_spec(corpus, selection={"documents": 10}))
    after, _ = await build(live, make_spec(corpus, selection={"documents": 14}))
    old, new = draws_of(live, before), draws_of(live, after)

    assert new[:10] == old
    assert len(new) == 14
    assert trace_of(live, after)[0].documents == 10, "the ledger begins with what is known"


async def test_rounds_on_their_way_change_no_choice_by_their_speed(tmp_path: Path):
    """With a delay, two rounds are asked at once; which is answered first is chance."""
    drawn = []
    for name, pauses in (("slow", (0.02, 0.0)), ("fast", (0.0, 0.02))):
        live = make_live(tmp_path / name)
        plain, turns = live.model.ask, iter(pauses * 500)

        async def ask(*given: Any, plain: Any = plain, turns: Any = turns) -> Any:
            await asyncio.sleep(next(turns))
            return await plain(*given)

        live.model.ask = ask
        (tmp_path / name).mkdir(exist_ok=True)
        corpus = write_corpus(tmp_path / "c.jsonl", fillers=40)
        spec = make_spec(corpus, selection={"documents": 20, "delay": 1})
        manifest, _ = await build(live, spec)
        drawn.append(draws_of(live, manifest))

    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 20


async def test_what_is_drawn_by_chance_says_how_likely_it_was(tmp_path: Path):
    """The estimate of what is left rests on it, and is made anew from what is stored."""
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=90)
    reference = write_reference(tmp_path / "r.jsonl")
    selection = {"documents": 60, "reference": reference, "audit": 0.5}
    manifest, _ = await build(live, make_spec(corpus, selection=selection))
    later = [each for each in draws_of(live, manifest) if each.round > 1]
    audit = [each for each in later if each.reason == "audit"]

    assert 0.3 < len(audit) / len(later) < 0.7
    assert all(0 < each.chance <= 1 for each in audit)
    assert {each.chance for each in later if each.reason == "chosen"} == {0.0}
    assert trace_of(live, manifest)[-2].remaining >= 0


async def test_without_an_audit_later_rounds_are_chosen_whole(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, selecting(tmp_path, documents=30, audit=0))

    assert {each.reason for each in draws_of(live, manifest) if each.round > 1} == {"chosen"}


@pytest.mark.parametrize("delay", [0, 2])
async def test_as_many_at_once_as_there_may_be_change_no_choice(tmp_path: Path, delay: int):
    """Replies come in another order then; audits and worths are of the ledger alone."""
    drawn, traced = [], []
    for width in (1, 4, 16):
        live = make_live(tmp_path / str(width))
        plain, gate, chance = live.model.ask, asyncio.Semaphore(width), Random(width)

        async def ask(
            *given: Any,
            plain: Any = plain,
            gate: asyncio.Semaphore = gate,
            chance: Random = chance,
        ) -> Any:
            async with gate:
                await asyncio.sleep(0.003 * chance.random())
                return await plain(*given)

        live.model.ask = ask
        (tmp_path / str(width)).mkdir(exist_ok=True)
        corpus = write_corpus(tmp_path / "c.jsonl", fillers=60)
        reference = write_reference(tmp_path / "r.jsonl", 20)
        selection = {"documents": 30, "delay": delay, "reference": reference, "audit": 0.3}
        manifest, _ = await build(live, make_spec(corpus, selection=selection))
        drawn.append(draws_of(live, manifest))
        traced.append(trace_of(live, manifest))

    assert drawn[0] == drawn[1] == drawn[2]
    assert traced[0] == traced[1] == traced[2]


async def test_a_rule_ends_asking_and_what_it_left_is_counted(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, selecting(tmp_path, stop={"pairs": 3}))
    asked = next(each for each in manifest.balances if each.stage == "ask")
    trace = trace_of(live, manifest)

    assert trace[-1].found >= 3
    assert trace[-1].ended.startswith("stop.pairs")
    assert asked.left["stopped"] == 49 - trace[-1].asked
    assert any("stop.pairs" in note for note in manifest.notes)


async def test_a_budget_smaller_than_the_warm_up_is_kept_to(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=90)
    spec = make_spec(corpus, budget={"answers": 8}, selection={"documents": 60})
    manifest, _ = await build(live, spec)
    asked = next(each for each in manifest.balances if each.stage == "ask")

    assert 0 < len(draws_of(live, manifest)) < 10
    assert asked.left["budget"] == 60 - len(draws_of(live, manifest))
    assert asked.left["not_drawn"] == 39


async def test_too_few_pairs_adapt_no_embedder_and_it_is_told(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=40)
    spec = make_spec(corpus, embedding={"adapt": True}, selection={"documents": 20})
    manifest, _ = await build(live, spec)

    assert [each for each in manifest.notes if each.startswith("embedding.adapt: too few")]
    assert "adaptation" not in manifest.artifacts


async def test_rows_teach_in_epochs_what_documents_are_worth(tmp_path: Path):
    live = make_live(tmp_path)
    spec = selecting(tmp_path, documents=40, objective="rows")
    live.progress = watched = Watched()
    manifest, _ = await build(live, spec)
    again, asked_again = await build(live, spec)
    counted = {each.stage: each for each in manifest.balances}

    assert sum(each.startswith("credit ") for each in watched.worked) == 3
    assert len(draws_of(live, manifest)) == 40
    assert rows_of(live, manifest)
    assert counted["link"].accepted <= counted["merge"].taken
    assert (again, asked_again) == (manifest, 0)


@pytest.mark.parametrize("delay", [0, 1, 3])
async def test_rows_teach_within_the_budget_however_many_rounds_overlap(tmp_path: Path, delay: int):
    """A new epoch must not take what earlier ones asked for what its own asking costs."""
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=150)
    spec = make_spec(
        corpus, budget={"answers": 80}, selection={"objective": "rows", "delay": delay}
    )
    manifest, _ = await build(live, spec)
    asked = total(manifest.usage["ask"]).answers

    assert asked <= 0.5 * 80 * 1.25
    assert total(manifest.bill).answers <= 80 * 1.25


async def test_rows_of_the_base_stay_where_rows_teach(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=60)
    selection = {"objective": "rows"}
    before, _ = await build(live, make_spec(corpus, budget={"answers": 300}, selection=selection))
    after, _ = await build(live, make_spec(corpus, budget={"answers": 310}, selection=selection))

    assert rows_of(live, before)
    assert after.changes["removed"] == 0


@pytest.mark.parametrize("policy", ["random", "similarity"])
async def test_a_rule_ends_policies_that_learn_nothing_too(tmp_path: Path, policy: str):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=150)
    reference = write_reference(tmp_path / "r.jsonl")
    selection = {"policy": policy, "reference": reference, "stop": {"pairs": 1}}
    manifest, _ = await build(live, make_spec(corpus, selection=selection))

    assert len(draws_of(live, manifest)) < 159
    assert any("stop.pairs" in note for note in manifest.notes)


async def test_a_rule_ends_an_epoch_within(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=150)
    selection = {"objective": "rows", "stop": {"pairs": 1}}
    spec = make_spec(corpus, budget={"answers": 3000}, selection=selection)
    manifest, _ = await build(live, spec)
    trace = trace_of(live, manifest)

    assert trace[-1].ended.startswith("stop.pairs")
    assert trace[-1].found - trace[-1].reward < 1, "the round before it had not found one"


async def test_later_nights_have_few_rounds(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=90)
    await build(live, make_spec(corpus, selection={"documents": 40}))
    after, _ = await build(live, make_spec(corpus, selection={"documents": 60}))

    assert [each.documents for each in trace_of(live, after)] == [40, 10, 10]
