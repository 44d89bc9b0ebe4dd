"""The whole way, through Prefect, on a small world."""

from pathlib import Path
from typing import Any

import pytest

from flows.build_dataset import build_dataset
from longhop.records.accounts import Balance
from longhop.records.artifacts import Artifact
from longhop.records.manifest import Manifest
from longhop.resources import entered
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from longhop.storage.files import Files
from tests.world import WorldResources, make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


async def build(
    live: WorldResources, spec: DatasetSpec, base: str = "latest"
) -> tuple[Manifest, int]:
    """The manifest that is current after a build, and how often the model was asked."""
    live.model.asked.clear()
    with entered(live):
        published = await build_dataset(**form_of(spec), base=base)
    return live.datasets.manifest(published.name, published.version), len(live.model.asked)


async def test_a_corpus_becomes_a_verified_dataset(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, make_spec(write_corpus(tmp_path / "c.jsonl")))
    rows = rows_of(live, manifest)

    assert {(str(each.composition), each.hop_count) for each in rows} == {
        ("bridge", 2),
        ("temporal", 2),
    }
    for row in rows:
        assert row.proof == "complete"
        assert row.tokens <= 1024
        assert len({hop.chunk_id for hop in row.hops}) == row.hop_count
        assert all(row.context[each.start : each.end] == each.text for each in row.evidence)
        assert {each.hop for each in row.evidence} == set(range(1, row.hop_count + 1))
    mended = [each for each in rows if each.history]
    assert [each.history[0].reason for each in mended] == ["bridge_leak"]


async def test_a_second_build_finds_every_receipt_and_publishes_nothing(tmp_path: Path):
    live = make_live(tmp_path)
    spec = make_spec(write_corpus(tmp_path / "c.jsonl"))
    first, asked = await build(live, spec)
    live.progress = watched = Watched()
    again, asked_again = await build(live, spec)

    assert asked > 0
    assert asked_again == 0
    assert again == first
    assert watched.worked == []
    beside = [each for each in live.files.list("datasets/world") if "/report/" not in each]
    assert len(beside) == len(first.files) + 4


class Watched:
    """Progress that notes which stages found no receipt."""

    def __init__(self) -> None:
        self.worked: list[str] = []

    def stage_done(self, stage: str, part: str, counts: str, *, reused: bool) -> None:
        if not reused:
            self.worked.append(f"{stage} {part}")


async def test_the_order_of_documents_changes_no_byte(tmp_path: Path):
    made = []
    for name, reverse in (("a", False), ("b", True)):
        live = make_live(tmp_path / name)
        corpus = write_corpus(tmp_path / "c.jsonl", reverse=reverse)
        manifest, _ = await build(live, make_spec(corpus))
        made.append(manifest.files)

    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("change", "asked_for"),
    [
        ({"contexts": {"tokens": [512]}}, set()),
        ({"models": {"default": {"name": "scripted"}, "judge": {"name": "other"}}}, {"judge"}),
        ({"verification": {"judge_threshold": 9.0}}, {"judge"}),
        ({"questions": {"per_chunk": 2}}, {"ask", "find"}),
        ({"questions": {"answers": "together"}}, {"single_hop"}),
        ({"questions": {"merging": {"documents": True}}}, {"merge"}),
    ],
)
async def test_a_change_redoes_exactly_what_depends_on_it(
    tmp_path: Path, change: dict[str, Any], asked_for: set[str]
):
    """The scripted model has no memo, so whatever a stage asks again is seen here."""
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl")
    await build(live, make_spec(corpus))
    await build(live, make_spec(corpus, **change), base="none")

    assert {name for name, _ in live.model.asked} - {"answer", "closed_book"} == asked_for


async def test_a_new_prompt_asks_again(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl")
    await build(live, make_spec(corpus))
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "judge.en.j2").write_text(
        "{% block system %}Grade.{% endblock %}{% block user %}{{ question }}{% endblock %}"
    )
    await build(live, make_spec(corpus, prompts=str(folder)))

    assert "judge" in {name for name, _ in live.model.asked}
    assert "ask" not in {name for name, _ in live.model.asked}


async def test_a_night_asks_only_about_what_is_new(tmp_path: Path):
    """Ten documents tonight move nobody else: the rows of last night stay to the letter."""
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=12)
    first, _ = await build(live, make_spec(corpus))
    write_corpus(corpus, fillers=15)
    second, _ = await build(live, make_spec(corpus))

    new = {values["title"] for name, values in live.model.asked if name == "ask"}
    assert {"Filler 12", "Filler 13", "Filler 14"} <= new
    assert second.base == first.version
    assert second.changes == {
        "added": 0,
        "removed": 0,
        "changed": 0,
        "kept": sum(first.rows.values()),
    }


async def test_seed_pairs_get_their_documents(tmp_path: Path):
    live = make_live(tmp_path)
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text(
        '{"question": "Who repaired the Halden clock?", "answer": "Mira Tolle", "license": "MIT"}\n'
        '{"question": "Is it so?", "answer": "yes"}\n'
    )
    spec = make_spec(write_corpus(tmp_path / "c.jsonl"), seeds={"path": str(seeds)})
    manifest, _ = await build(live, spec)

    balances = {each.stage: each for each in manifest.balances}
    assert (balances["gate"].taken, balances["gate"].accepted) == (2, 1)
    assert balances["gate"].rejected == {"not_self_contained": 1}
    assert (balances["write"].taken, balances["write"].accepted) == (1, 1)


async def test_a_bucket_holds_the_same_dataset_as_a_folder(tmp_path: Path, bucket: Files):
    spec = make_spec(write_corpus(tmp_path / "c.jsonl"))
    local, _ = await build(make_live(tmp_path), spec)
    live = make_live(tmp_path / "s3")
    live.files = bucket
    remote, _ = await build(live, spec)

    assert remote == local
    assert rows_of(live, remote)


async def test_every_stage_balances_and_hands_on_what_it_accepted(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, make_spec(write_corpus(tmp_path / "c.jsonl")))
    stage: dict[str, Balance] = {each.stage: each for each in manifest.balances}

    assert stage["read"].accepted == stage["clean"].taken
    assert "decontaminate" not in stage, "there is no benchmark to keep out"
    assert stage["clean"].accepted == stage["deduplicate"].taken
    assert stage["check"].accepted == stage["gather"].taken
    assert stage["merge"].accepted == stage["judge"].taken
    assert stage["judge"].accepted == stage["prove"].taken
    assert stage["prove"].accepted == stage["compose"].taken
    assert stage["decontaminate_rows"].accepted == sum(manifest.rows.values())


async def test_what_is_in_the_manifest_lies_in_the_store(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, make_spec(write_corpus(tmp_path / "c.jsonl")))

    artifacts: list[Artifact] = list(manifest.artifacts.values())
    assert all(live.files.exists(each.path) for each in artifacts)
    assert "groups" in manifest.artifacts and "codebook" in manifest.artifacts
