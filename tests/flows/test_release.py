"""Verification through Prefect: gates that a version must pass, and what they cost twice."""

import csv
from pathlib import Path

import pytest

from flows.build_dataset import build_dataset
from longhop.errors import ConfigError, NotReleased
from longhop.ports import NoReply
from longhop.records.manifest import Manifest
from longhop.records.verification import ProbeKind
from longhop.resources import entered
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from longhop.spec.loading import parse_spec
from tests.world import WorldResources, make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


def spec_of(tmp_path: Path, **verification: object) -> DatasetSpec:
    corpus = tmp_path / "c.jsonl"
    return make_spec(
        corpus if corpus.is_file() else write_corpus(corpus), verification=verification
    )


async def build(live: WorldResources, spec: DatasetSpec) -> tuple[Manifest, int]:
    live.model.asked.clear()
    with entered(live):
        published = await build_dataset(**form_of(spec))
    return live.datasets.manifest(published.name, published.version), len(live.model.asked)


async def test_a_version_that_misses_its_gate_is_whole_and_not_the_latest(tmp_path: Path):
    live = make_live(tmp_path)
    first, _ = await build(live, spec_of(tmp_path))
    # Six rows of six show no more than 0.6 at the lower bound.
    demanding = spec_of(tmp_path, audit=6, release={"multi_hop": 0.9})

    with pytest.raises(NotReleased, match=r"multi_hop 1\.000 \(6 of 6, audit\).* misses 0\.9"):
        await build(live, demanding)

    assert live.datasets.latest("world") == first.version
    folders = {path.parts[-2] for path in (tmp_path / "store").rglob("manifest.json")}
    assert len(folders) == 2, "what was built is kept"


async def test_a_gate_that_is_passed_moves_latest_and_costs_nothing_twice(tmp_path: Path):
    live = make_live(tmp_path)
    spec = spec_of(tmp_path, audit=6, release={"multi_hop": 0.5, "good": 0.5, "unique": 0.5})
    manifest, asked = await build(live, spec)

    assert manifest.release is not None
    assert [each.name for each in manifest.release.shares] == ["good", "multi_hop", "unique"]
    assert live.datasets.latest("world") == manifest.version
    assert asked > 0
    again, asked = await build(live, spec)
    assert (again.version, asked) == (manifest.version, 0)


async def test_another_demand_asks_nothing(tmp_path: Path):
    live = make_live(tmp_path)
    await build(live, spec_of(tmp_path, audit=6))
    _, asked = await build(live, spec_of(tmp_path, audit=6, release={"good": 0.4}))

    assert asked == 0


async def test_a_refused_audit_or_probe_is_tried_again(tmp_path: Path):
    """The endpoint was not well: that must not decide for good what the rows are worth."""
    live = make_live(tmp_path)
    spec = spec_of(tmp_path, audit=6, distractor_probes=1.0)
    await build(live, spec_of(tmp_path, distractor_probes=0.0))
    script = live.model.script
    live.model.script = lambda *_: NoReply(refused=True, detail="429", raw="")
    manifest, _ = await build(live, spec)
    counts = {each.stage: each for each in manifest.balances}

    assert counts["audit"].failed == counts["probe"].failed == {"request_refused": 6}
    live.model.script = script
    mended, asked = await build(live, spec)
    assert asked > 0
    assert mended.probes == {"distractors_asked": 6}
    assert not any(each.failed for each in mended.balances)


async def test_a_version_without_rows_is_not_the_latest_where_there_were_some(tmp_path: Path):
    live = make_live(tmp_path)
    first, _ = await build(live, spec_of(tmp_path))

    with pytest.raises(NotReleased, match="not one row"):
        await build(live, spec_of(tmp_path, judge_threshold=10))
    assert live.datasets.latest("world") == first.version


async def test_wrong_labels_are_refused_before_anything_is_asked(tmp_path: Path):
    live = make_live(tmp_path)
    sheet = tmp_path / "kim.csv"
    sheet.write_text("id,good,multi_hop,unique,comment,labeller\nm-1,ja,yes,,,kim\n")

    for labels in (str(sheet), str(tmp_path / "k*.csv")):
        with pytest.raises(ConfigError, match="labels are wrong"):
            await build(live, spec_of(tmp_path, labels=[labels]))
    with pytest.raises(ConfigError, match="this machine's files"):
        await build(live, spec_of(tmp_path, labels=["s3://bucket/kim.csv"]))
    assert live.model.asked == []


async def test_a_share_of_the_rows_is_asked_with_its_distractors(tmp_path: Path):
    live = make_live(tmp_path)
    all_of_them, _ = await build(live, spec_of(tmp_path, distractor_probes=1.0))
    rows = rows_of(live, all_of_them)

    assert all(row.probes[-1].kind is ProbeKind.DISTRACTORS for row in rows)
    assert all_of_them.probes == {"distractors_asked": len(rows)}

    live = make_live(tmp_path / "none")
    none, _ = await build(live, spec_of(tmp_path, distractor_probes=0.0))
    assert none.probes == {}


async def test_what_people_say_counts_before_the_audit(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, spec_of(tmp_path))
    sheet = tmp_path / "kim.csv"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        names = ("id", "question", "answer", "steps", "good", "multi_hop", "unique", "comment")
        table.writerow((*names, "labeller"))
        for row in rows_of(live, manifest):
            table.writerow((row.id, "", "", "", "no", "yes", "", "", "kim"))

    with pytest.raises(NotReleased, match="labelled by 1 person"):
        await build(live, spec_of(tmp_path, labels=[str(sheet)], release={"good": 0.1}))


@pytest.mark.parametrize(
    ("verification", "words"),
    [
        ({"release": {"good": 0.8}}, "which nothing measures"),
        ({"samples": 3}, "temperature 0"),
        ({"probes": 2}, "temperature 0"),
        ({"release": {"great": 0.8}}, "great"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    tmp_path: Path, verification: dict[str, object], words: str
):
    content = {
        "name": "a",
        "corpus": {"paths": ["c.jsonl"]},
        "models": {"default": {"name": "m"}},
        "verification": verification,
    }
    with pytest.raises(ConfigError, match=words):
        parse_spec(content, origin="the spec")


async def test_an_audit_that_can_only_say_the_same_is_said_to_flatter(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, spec_of(tmp_path, audit=2))

    assert any("the audit flatters them" in each for each in manifest.notes)


def test_a_judge_that_says_the_same_twice_is_refused():
    model = {"name": "m"}
    content = {"name": "a", "corpus": {"paths": ["c.jsonl"]}}
    models = {"default": model, "judges": [model]}

    with pytest.raises(ConfigError, match="judges twice at temperature 0"):
        parse_spec({**content, "models": models}, origin="the spec")
