"""Golden outputs: what each stage writes on the small world, beside the stage's revision.

A stage whose output changes without a new revision would leave stale receipts behind. If this
fails and the change is meant, raise the stage's revision and run

    LONGHOP_WRITE_GOLDEN=1 python -m pytest tests/tasks/test_golden_outputs.py
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from flows.build_dataset import build_dataset
from flows.select_documents import select_documents
from longhop.identity import digest
from longhop.operations import preparing
from longhop.records.artifacts import Outcome
from longhop.resources import entered
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from longhop.storage.files import LocalFiles
from tasks.stage import Stage
from tests.world import make_live, make_spec, write_corpus

GOLDEN = Path(__file__).with_name("golden_outputs.json")
STAGES = frozenset(
    "read clean decontaminate sketch deduplicate chunk embed embed_questions embed_reference"
    " cluster survey draw ask settle leave gather link take merge judge prove credit gate write"
    " share take_rows rewrite exchange_rows clear_origins compose check_rows decontaminate_rows"
    " probe audit pairs".split()
)

pytestmark = pytest.mark.usefixtures("prefect_server")


async def made_by_stages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The rows and counts of each stage, whatever library wrote the file around them."""
    import pyarrow.parquet as pq

    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(preparing, "check_models", nothing)
    monkeypatch.chdir(folder)
    seen: dict[str, list[Any]] = {}
    revisions: dict[str, int] = {}
    receipted = Stage._receipted

    def spy(self: Stage, key: str, part: str, outcome: Outcome) -> Outcome:
        rows = {
            name: pq.read_table(folder / "store" / each.path).to_pylist()
            for name, each in outcome.artifacts.items()
        }
        balances = [each.model_dump() for each in outcome.balances]
        seen.setdefault(self.name, []).append(digest(part, rows, balances))
        revisions[self.name] = self.revision
        return receipted(self, key, part, outcome)

    monkeypatch.setattr(Stage, "_receipted", spy)
    write_corpus(Path("corpus.jsonl"))
    pair = '{"question": "Who repaired the Halden clock?", "answer": "Mira Tolle"}\n'
    for name in ("seeds.jsonl", "reference.jsonl", "benchmark.jsonl"):
        Path(name).write_text(pair)
    other = '{"question": "Who cast the bell of Corfe?", "answer": "Ivo Dale"}\n'
    Path("seeds.jsonl").write_text(pair + other)
    spec = make_spec(
        Path("corpus.jsonl"),
        seeds={"path": "seeds.jsonl", "rows": 0.5},
        selection={"documents": 18, "reference": "reference.jsonl", "objective": "rows"},
        decontamination={"benchmarks": ["benchmark.jsonl"]},
        verification={"distractor_probes": 1.0, "audit": 2},
    )
    live = make_live(folder)
    assert isinstance(live.files, LocalFiles)
    with entered(live):
        await build_dataset(**form_of(spec))
        await select_documents(**form_of(_pairs(spec), "pairs"))
    return {
        name: {"revision": revisions[name], "output": digest(sorted(hashes))}
        for name, hashes in sorted(seen.items())
    }


def _pairs(spec: DatasetSpec) -> DatasetSpec:
    """The same documents, whose pairs are a dataset of their own."""
    selection = spec.selection.model_copy(update={"objective": "pairs"})
    return spec.model_copy(update={"name": "pairs", "selection": selection})


async def test_no_stage_writes_something_else_under_its_old_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made = await made_by_stages(tmp_path, monkeypatch)
    if os.environ.get("LONGHOP_WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(made, indent=1) + "\n")
    golden = json.loads(GOLDEN.read_text())

    assert frozenset(made) == STAGES
    stale = [
        name
        for name, each in made.items()
        if each["revision"] == golden[name]["revision"] and each != golden[name]
    ]
    assert stale == [], "these write something else: raise their revision, then write golden anew"
    assert made == golden, "revisions were raised: write golden anew"
