"""The demo: the main job as a stranger runs it, in processes of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from longhop.records.accounts import Reason, TurnedAway
from longhop.records.examples import Example
from longhop.records.manifest import Manifest
from longhop.storage.columns import from_parquet
from longhop.storage.datasets import DatasetStore
from longhop.storage.files import LocalFiles

# Linking makes no such group, no distractor answers here, and the rehearsal model leaves nothing of
# the task in a document and copies no long answer; nothing was taken down, and its spec has no
# caps. Tests of their own meet each of them.
_GUARDS = {
    str(each)
    for each in (
        Reason.CIRCLE,
        Reason.DUPLICATE_HOP,
        Reason.DUPLICATE_EVIDENCE,
        Reason.ANSWERED_BY_DISTRACTORS,
        Reason.RESIDUE,
        Reason.ANSWER_COPIED,
        Reason.ANSWER_NOT_COVERED,
        Reason.TAKEN_DOWN,
        Reason.CAPPED,
    )
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def runs(folder: Path) -> list[str]:
    """What the demo prints, the first time and the second."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LONGHOP_", "PREFECT_", "OPENAI_", "AWS_"))
    }
    command = [sys.executable, "-m", "flows.command_line", "demo", "--folder", str(folder)]
    return [
        subprocess.run(command, env=kept, capture_output=True, text=True, check=True).stdout
        for _ in "12"
    ]


@pytest.fixture(scope="module")
def manifest(folder: Path, runs: list[str]) -> Manifest:
    found = DatasetStore(LocalFiles(folder / "store")).resolve("almanac-demo", "latest")
    assert found is not None
    return found


def rows(folder: Path, manifest: Manifest) -> list[Example]:
    home = folder / "store" / "datasets" / "almanac-demo" / manifest.version
    return [
        row
        for each in manifest.files
        if each.path.startswith("data/")
        for row in from_parquet((home / each.path).read_bytes(), Example)
    ]


def test_the_second_demo_asks_nothing(runs: list[str]):
    assert "rehearsal server's own log: 0 model requests" in runs[1]
    assert "rehearsal server's own log: 0 model requests" not in runs[0]
    assert "nothing new" in runs[1]
    worked = [line for line in runs[1].splitlines() if " s  " in line and "(receipt)" not in line]
    assert worked == []


def test_every_reason_of_the_closed_list_occurs(manifest: Manifest):
    """A reason that nothing is ever turned away for is a word, not a check."""
    seen = {reason for each in manifest.balances for reason in each.rejected}

    assert seen == {str(reason) for reason in Reason} - _GUARDS


def test_what_was_turned_away_is_published_with_its_reason(folder: Path, manifest: Manifest):
    """Nothing is lost in silence: the file holds just what the funnel counts."""
    home = folder / "store" / "datasets" / "almanac-demo" / manifest.version
    rejected = from_parquet((home / "rejected.parquet").read_bytes(), TurnedAway)

    counted = sum(sum(each.rejected.values()) for each in manifest.balances)
    assert len(rejected) == counted
    assert "broken_line" in {str(each.reason) for each in rejected}
    of_corpus = [
        each for each in rejected if each.stage in {"read", "clean", "decontaminate", "deduplicate"}
    ]
    assert of_corpus and all(each.file for each in of_corpus)


def test_rows_are_what_they_say(folder: Path, manifest: Manifest):
    found = rows(folder, manifest)

    assert {each.language for each in found} == {"en", "zh"}
    assert {each.hop_count for each in found} >= {1, 2, 3}
    assert {str(each.scope) for each in found} == {"intra", "inter"}
    assert {each.method for each in found} == {"multi_hop", "context_synthesis"}
    for row in found:
        assert row.proof == "complete"
        assert all(row.context[each.start : each.end] == each.text for each in row.evidence)
        assert len({hop.chunk_id for hop in row.hops}) == row.hop_count
        assert row.tokens <= 4096


def test_nothing_passes_for_a_real_models_work(folder: Path, manifest: Manifest):
    home = folder / "store" / "datasets" / "almanac-demo" / manifest.version

    assert manifest.rehearsal
    assert "rehearsal model" in (home / "README.md").read_text()
    assert "Rehearsal" in (home / "report.html").read_text()


def test_messages_hold_the_same_rows(folder: Path, manifest: Manifest):
    home = folder / "store" / "datasets" / "almanac-demo" / manifest.version
    by_id = {each.id: each for each in rows(folder, manifest)}
    lines = [
        json.loads(line)
        for path in sorted((home / "messages").glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]

    assert {each["id"] for each in lines} == set(by_id)
    for line in lines:
        user, assistant = line["messages"]
        assert by_id[line["id"]].context in user["content"]
        assert assistant["content"] == by_id[line["id"]].answer
