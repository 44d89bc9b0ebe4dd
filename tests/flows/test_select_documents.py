"""EQUAL alone: pairs of the documents that are worth asking, as a dataset of their own."""

import json
from pathlib import Path
from typing import Any

import pytest

from flows.select_documents import select_documents
from longhop.records.manifest import Manifest
from longhop.records.money import total
from longhop.records.pairs import Pair
from longhop.records.questions import AnswerKind
from longhop.resources import entered
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from longhop.storage.columns import from_parquet
from tests.flows.test_build_dataset import build
from tests.flows.test_selection import write_reference
from tests.world import FACTS, WorldResources, make_live, make_spec, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


async def select(live: WorldResources, spec: DatasetSpec, base: str = "latest") -> Manifest:
    with entered(live):
        published = await select_documents(**form_of(spec, "pairs"), base=base)
    return live.datasets.manifest(published.name, published.version)


def pairs_of(live: WorldResources, manifest: Manifest) -> list[Pair]:
    folder = live.datasets.folder(manifest.name, manifest.version)
    paths = [each.path for each in manifest.files if each.path.startswith("data/")]
    return [
        each for path in paths for each in from_parquet(live.files.read(f"{folder}/{path}"), Pair)
    ]


def page(live: WorldResources, manifest: Manifest, name: str) -> str:
    return live.files.read(
        f"{live.datasets.folder(manifest.name, manifest.version)}/{name}"
    ).decode()


def spec_of(tmp_path: Path, **selection: Any) -> DatasetSpec:
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=40)
    reference = write_reference(tmp_path / "r.jsonl")
    return make_spec(corpus, selection={"reference": reference, **selection})


async def test_a_corpus_and_a_reference_become_checked_pairs(tmp_path: Path):
    live = make_live(tmp_path)
    manifest = await select(live, spec_of(tmp_path, documents=30))
    pairs = pairs_of(live, manifest)
    texts = {row["id"]: row["text"] for row in map(json.loads, (tmp_path / "c.jsonl").open())}

    assert manifest.kind == "pairs"
    assert 0 < len(pairs) <= len(FACTS)
    for pair in pairs:
        assert all(texts[pair.document_id][e.start : e.end] == e.text for e in pair.evidence)
        assert pair.reference and pair.drawn_by.startswith("hybrid, round ")
    assert {pair.kind for pair in pairs} <= set(AnswerKind)
    assert any(pair.relevant for pair in pairs)
    messages = page(live, manifest, "messages/train.jsonl").splitlines()
    assert len(messages) == len(pairs)
    assert "<svg" in page(live, manifest, "report.html")
    assert f"| train | {len(pairs)} |" in page(live, manifest, "README.md")


async def test_pairs_again_are_the_same_version(tmp_path: Path):
    live = make_live(tmp_path)
    first = await select(live, spec_of(tmp_path, documents=30))
    live.model.asked.clear()
    again = await select(live, spec_of(tmp_path, documents=30))

    assert again == first
    assert not live.model.asked


async def test_a_night_of_pairs_keeps_those_of_the_last(tmp_path: Path):
    live = make_live(tmp_path)
    before = await select(live, spec_of(tmp_path, documents=30))
    after = await select(live, spec_of(tmp_path, documents=40))

    assert {each.id for each in pairs_of(live, before)} <= {
        each.id for each in pairs_of(live, after)
    }
    assert after.base == before.version
    assert after.changes["removed"] == 0


async def test_a_benchmark_is_kept_out_of_pairs(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl")
    benchmark = tmp_path / "b.jsonl"
    benchmark.write_text(json.dumps({"text": f"{FACTS[0][1]} {FACTS[0][2]}"}) + "\n")
    spec = make_spec(corpus, decontamination={"benchmarks": [str(benchmark)], "ngram": 5})
    manifest = await select(live, spec)
    counted = {each.stage: each for each in manifest.balances}

    assert counted["pairs"].rejected == {"contaminated": 1}
    assert FACTS[0][1] not in {each.question for each in pairs_of(live, manifest)}


async def test_a_dataset_keeps_to_one_kind_of_rows(tmp_path: Path):
    live = make_live(tmp_path)
    spec = spec_of(tmp_path)
    await build(live, spec)

    with entered(live), pytest.raises(Exception, match="was made by build-dataset"):
        await select_documents(**form_of(spec, "pairs"))


async def test_rows_cannot_teach_where_none_are_made(tmp_path: Path):
    live = make_live(tmp_path)
    spec = spec_of(tmp_path, objective="rows")

    with entered(live), pytest.raises(Exception, match="select-documents makes pairs"):
        await select_documents(**form_of(spec, "pairs"))


async def test_pairs_may_use_the_whole_budget(tmp_path: Path):
    """Nothing comes after asking that a part of it would have to be left for."""
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=200)
    manifest = await select(live, make_spec(corpus, budget={"answers": 60}))

    assert 50 <= total(manifest.bill).answers <= 66
    assert set(manifest.models) == {"ask"}
