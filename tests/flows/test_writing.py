"""Builds that write documents: for seed pairs, and for rows that have some already."""

import json
from pathlib import Path

import pytest

from flows import writing
from flows.build_dataset import build_dataset
from longhop.records.corpus import Document
from longhop.records.questions import Scope
from longhop.records.seeds import ROWS, Origin
from longhop.resources import entered
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from tasks import shares
from tests.flows.test_build_dataset import build
from tests.world import make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")

SEEDS = [
    {"question": "Who repaired the Halden clock?", "answer": "Mira Tolle", "task": "clocks"},
    {"question": "Who cast the bell of Corfe?", "answer": "Ivo Dale", "task": "clocks"},
    {"question": "Is it so?", "answer": "yes"},
    {"question": "Who sang?", "answer": "Bo", "form": "poem"},
]


def spec_of(folder: Path, **changes: object) -> DatasetSpec:
    path = folder / "seeds.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in SEEDS))
    seeds = {"path": str(path), "tokens": 300, **changes}
    return make_spec(write_corpus(folder / "corpus.jsonl"), seeds=seeds)


async def test_rows_can_have_written_documents_and_none_is_lost(tmp_path: Path):
    live = make_live(tmp_path)
    plain, _ = await build(make_live(tmp_path / "plain"), spec_of(tmp_path))
    manifest, _ = await build(live, spec_of(tmp_path, rows=1.0))
    before = {each.id: each for each in rows_of(make_live(tmp_path / "plain"), plain)}
    after = {each.id: each for each in rows_of(live, manifest)}
    origins = [
        each
        for name, artifact in manifest.artifacts.items()
        if name.startswith("origins-")
        for each in live.store.read(artifact, Origin)
    ]
    of_rows = {each.seed_id for each in origins if each.task == ROWS}
    rewritten = [each for each in after.values() if each.id in of_rows]

    assert set(after) == set(before)
    assert rewritten
    for row in rewritten:
        was = before[row.id]
        assert (row.question, row.answer) == (was.question, was.answer)
        assert [hop.question for hop in row.hops] == [hop.question for hop in was.hops]
        assert row.proof == "complete" and row.scope is Scope.INTRA
        assert len({hop.document_id for hop in row.hops}) == 1
        assert all(row.context[each.start : each.end] == each.text for each in row.evidence)
    balances = {each.stage: each for each in manifest.balances}
    assert balances["take_rows"].accepted == balances["rewrite"].taken > 0
    assert balances["exchange_rows"].taken == balances["take_rows"].taken
    assert any("documents that were written for them" in each for each in manifest.notes)


async def test_what_seed_pairs_get_says_where_it_comes_from(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, spec_of(tmp_path))
    balances = {each.stage: each for each in manifest.balances}
    origins = live.store.read(manifest.artifacts["origins-0"], Origin)
    documents = live.store.read(manifest.artifacts["written-0"], Document)

    assert balances["gate"].rejected == {"not_self_contained": 1, "unknown_form": 1}
    assert (balances["write"].taken, balances["write"].accepted) == (2, 2)
    assert {each.task for each in origins} == {"clocks"}
    assert {each.document_id for each in origins} == {each.id for each in documents}


async def test_a_build_with_another_later_choice_writes_nothing_again(tmp_path: Path):
    """The receipts of gate, write and rewrite hold as long as nothing before them changes."""
    live = make_live(tmp_path)
    spec = spec_of(tmp_path, rows=1.0)
    await build(live, spec)
    asked = sum(name == "context" for name, _ in live.model.asked)
    other = spec.model_copy(
        update={"contexts": spec.contexts.model_copy(update={"tokens": (900,)})}
    )
    with entered(live):
        await build_dataset(**form_of(other))

    assert asked > 2
    assert sum(name == "context" for name, _ in live.model.asked) == asked


async def test_the_rows_are_the_same_whatever_the_shares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one = make_live(tmp_path / "one")
    whole, _ = await build(one, spec_of(tmp_path, rows=1.0))
    monkeypatch.setattr(shares, "MOST", 1)
    monkeypatch.setattr(writing, "AT_ONCE", 1)
    two = make_live(tmp_path / "two")
    cut, _ = await build(two, spec_of(tmp_path, rows=1.0))

    assert rows_of(one, whole) == rows_of(two, cut)
    assert whole.files == cut.files
    assert sum(name.startswith("written-") for name in cut.artifacts) > sum(
        name.startswith("written-") for name in whole.artifacts
    )
