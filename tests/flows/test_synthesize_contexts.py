"""Context synthesis alone: seed pairs become rows, with or without other documents."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from flows.build_dataset import build_dataset
from flows.synthesize_contexts import synthesize_contexts
from longhop.errors import ConfigError
from longhop.records.examples import Role
from longhop.records.manifest import Manifest
from longhop.records.money import total
from longhop.records.replies import Reply, ShortAnswer
from longhop.resources import entered
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from tests.world import WorldModel, WorldResources, make_spec, rows_of, write_corpus
from tests.world import make_live as make_world

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")

WHO = "Ada Holm,Ben Roke,Cleo Marr,Dora Finch,Ezra Gill,Fay Hurst,Gus Iver,Hal Jory".split(",")
SEEDS = [
    {"question": f"Who cast bell {n} of Corfe?", "answer": who, "task": "bells", "license": "MIT"}
    for n, who in enumerate(WHO, 1)
] + [{"question": "Who is it?", "answer": "Bo"}]


class ReadingModel(WorldModel):
    """Finds in the documents it is shown what it wrote there for a pair."""

    def _answer(self, values: Mapping[str, Any]) -> Reply:
        found = re.search(r"this concerns (.*?) alone", "\n".join(values["documents"]))
        return ShortAnswer(
            rationale="", answerable=bool(found), answer=found.group(1) if found else ""
        )


def make_live(folder: Path) -> WorldResources:
    live = make_world(folder)
    live.__dict__["model"] = ReadingModel()
    return live


def spec_of(
    folder: Path,
    corpus: Path | None = None,
    pairs: Sequence[Mapping[str, str]] = SEEDS,
    **contexts: Any,
) -> DatasetSpec:
    path = folder / "seeds.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in pairs))
    seeds = {"path": str(path), "tokens": 300}
    spec = make_spec(
        corpus or folder / "none", seeds=seeds, contexts={"tokens": [1500], **contexts}
    )
    if corpus is None:
        return spec.model_copy(update={"corpus": spec.corpus.model_copy(update={"paths": ()})})
    return spec


async def synthesize(live: WorldResources, spec: DatasetSpec, base: str = "latest") -> Manifest:
    with entered(live):
        published = await synthesize_contexts(**form_of(spec, "contexts"), base=base)
    return live.datasets.manifest(published.name, published.version)


async def test_seed_pairs_alone_become_rows(tmp_path: Path):
    """Each among documents that were written for other pairs of its task: there are no others."""
    live = make_live(tmp_path)
    manifest = await synthesize(live, spec_of(tmp_path))
    rows = rows_of(live, manifest)
    balances = {each.stage: each for each in manifest.balances}

    assert manifest.kind == "contexts"
    assert {(row.question, row.answer) for row in rows} == {
        (each["question"], each["answer"]) for each in SEEDS[:-1]
    }
    assert balances["gate"].rejected == {"not_self_contained": 1}
    for row in rows:
        roles = [each.role for each in row.segments]
        assert roles.count(Role.SUPPORTING) == 1
        assert set(roles) == {Role.SUPPORTING, Role.SYNTHETIC}
        assert len({each.document_id for each in row.segments}) == len(row.segments)
        assert row.layout is not None and row.tokens <= row.layout.tokens
        assert row.method == "context_synthesis" and row.proof == "complete"
        assert row.licenses == ("MIT",)
    assert "ask" not in manifest.models and "write" in manifest.models


async def test_again_nothing_is_asked_and_the_version_stays(tmp_path: Path):
    live = make_live(tmp_path)
    first = await synthesize(live, spec_of(tmp_path))
    live.model.asked.clear()

    assert await synthesize(live, spec_of(tmp_path)) == first
    assert not live.model.asked


async def test_documents_of_a_corpus_stand_beside_the_written_ones(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "corpus.jsonl", fillers=40)
    spec = spec_of(tmp_path, corpus, same_cluster=0.0, synthetic=0.2, retrieved=0.2)
    rows = rows_of(live, await synthesize(live, spec))

    roles = [each.role for row in rows for each in row.segments]
    assert {Role.SYNTHETIC, Role.RANDOM} <= set(roles)
    assert roles.count(Role.RANDOM) > roles.count(Role.SYNTHETIC)


async def test_arms_are_published_beside_the_rows(tmp_path: Path):
    live = make_live(tmp_path)
    manifest = await synthesize(live, spec_of(tmp_path, arms=["none", "gold", "n5", "wrong"]))
    folder = live.datasets.folder(manifest.name, manifest.version)
    rows = {row.id: row for row in rows_of(live, manifest)}

    def arm(name: str) -> dict[str, str]:
        lines = live.files.read(f"{folder}/arms/{name}/train.jsonl").decode().splitlines()
        turns = {each["id"]: each["messages"] for each in map(json.loads, lines)}
        assert {at: each[1]["content"] for at, each in turns.items()} == {
            at: row.answer for at, row in rows.items()
        }
        return {at: each[0]["content"] for at, each in turns.items()}

    none, gold, five, wrong = (arm(name) for name in ("none", "gold", "n5", "wrong"))
    for at, row in rows.items():
        evidence = row.evidence[0].text
        assert row.question in none[at] and evidence not in none[at]
        assert evidence in gold[at] and "Document 2" not in gold[at]
        assert evidence in five[at] and len(gold[at]) < len(five[at])
        assert evidence not in wrong[at] and "Document 2" in wrong[at]


async def test_an_anchored_row_says_which_document_it_is_about(tmp_path: Path):
    """Several seeds give one instruction, so nothing in it says which document is meant."""
    asked = "Who spoke first in the meeting?"
    pairs = [{"question": asked, "answer": who, "task": "minutes"} for who in WHO]
    live = make_live(tmp_path)
    manifest = await synthesize(live, spec_of(tmp_path, pairs=pairs, templates=["bare"]))
    rows = rows_of(live, manifest)

    assert len(rows) == len(pairs)
    for row in rows:
        number = [each.role for each in row.segments].index(Role.SUPPORTING) + 1
        assert row.anchor.startswith(f"This is about document {number}")
        assert f"Document {number}" in row.context
        assert row.question == asked


async def test_a_folder_of_seeds_is_read_whole(tmp_path: Path):
    """Nothing may be lost in silence, and files of a folder are easily added to."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    for number, pair in enumerate(SEEDS):
        (folder / f"{number}.jsonl").write_text(json.dumps(pair) + "\n")
    spec = spec_of(tmp_path)
    spec = spec.model_copy(update={"seeds": spec.seeds.model_copy(update={"path": str(folder)})})
    manifest = await synthesize(make_live(tmp_path), spec)

    gate = next(each for each in manifest.balances if each.stage == "gate")
    assert (gate.taken, gate.accepted) == (len(SEEDS), len(SEEDS) - 1)


async def test_a_seed_of_a_benchmark_is_turned_away_before_it_is_paid_for(tmp_path: Path):
    benchmark = tmp_path / "benchmark.jsonl"
    benchmark.write_text(json.dumps({"question": SEEDS[0]["question"]}) + "\n")
    live = make_live(tmp_path)
    spec = spec_of(tmp_path)
    keeping_out = spec.decontamination.model_copy(update={"benchmarks": (str(benchmark),)})
    manifest = await synthesize(live, spec.model_copy(update={"decontamination": keeping_out}))

    gate = next(each for each in manifest.balances if each.stage == "gate")
    assert gate.rejected == {"contaminated": 1, "not_self_contained": 1}
    assert SEEDS[0]["question"] not in {values.get("question") for _, values in live.model.asked}


async def test_all_of_a_budget_goes_into_rows_of_pairs(tmp_path: Path):
    """There are no questions for which a part of it would have to be left."""
    live = make_live(tmp_path)
    needed = await synthesize(live, spec_of(tmp_path))
    used = sum(total(each).answers for each in needed.usage.values())
    spec = spec_of(tmp_path)
    capped = spec.model_copy(update={"budget": spec.budget.model_copy(update={"answers": used})})
    manifest = await synthesize(make_live(tmp_path / "capped"), capped)

    assert sum(manifest.rows.values()) == sum(needed.rows.values())


def test_without_documents_or_seeds_it_is_said_what_is_missing(tmp_path: Path):
    """Whichever command the spec is given to."""
    for kind in ("", "pairs"):
        with pytest.raises(ConfigError, match=r"corpus\.paths: give files"):
            form_of(spec_of(tmp_path), kind)
    with pytest.raises(ConfigError, match=r"seeds\.path"):
        form_of(make_spec(tmp_path / "corpus.jsonl"), "contexts")


async def test_a_dataset_of_one_kind_is_not_continued_as_another(tmp_path: Path):
    live = make_live(tmp_path)
    await synthesize(live, spec_of(tmp_path))
    spec = spec_of(tmp_path, write_corpus(tmp_path / "corpus.jsonl"))

    with entered(live), pytest.raises(ConfigError, match="made by synthesize-contexts"):
        await build_dataset(**form_of(spec))
