"""`longhop audit` and the flow `audit-dataset`: from files to a folder, or into the store."""

import gzip
import inspect
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
import zstandard
from prefect.client.orchestration import get_client
from typer.testing import CliRunner

from flows.audit_dataset import audit_dataset
from flows.auditing import plan_of
from flows.command_line import app
from flows.deploying import filled
from longhop.records.audit import Audit
from longhop.resources import Resources, Silence, entered
from longhop.settings import Settings
from longhop.storage.files import Files, LocalFiles
from tasks.audit_files import audited, folder_of
from tests.longhop.publishing.test_audit import row
from tests.published import publish
from tests.published import row as our_row

RUN = CliRunner()
DEPLOYMENTS = Path(__file__).parents[2] / "deployments"


def resources(folder: Path) -> Resources:
    return Resources(Settings(store=str(folder)), LocalFiles(folder), Silence())


def audit(store: Path, *arguments: Any, fails: bool = False) -> str:
    """What the command says, beside a store in a folder."""
    with entered(resources(store)):
        result = RUN.invoke(app, ["audit", *map(str, arguments)])
    assert result.exit_code == int(fails), result.output
    assert not fails or isinstance(result.exception, SystemExit), result.exception
    return result.output


def write_rows(path: Path, count: int = 6) -> Path:
    path.write_text("\n".join(json.dumps(row(at)) for at in range(count)))
    return path


def test_the_command_writes_a_folder_and_says_a_dozen_lines(tmp_path: Path):
    path, out = write_rows(tmp_path / "train.jsonl"), tmp_path / "out"
    said = audit(tmp_path, path, "--out", out)

    assert {"audit.json", "audit.parquet", "audit.html"} <= {each.name for each in out.iterdir()}
    assert Audit.model_validate_json((out / "audit.json").read_bytes()).questions == 6
    assert len(pq.read_table(out / "audit.parquet")) == 6
    assert "6 of 6 rows" in said and len(said.splitlines()) == 13
    assert "v-" in audit(tmp_path, path, "--out", out, "--rows", 3)


def test_a_dataset_of_the_store_is_named(tmp_path: Path):
    manifest, _ = publish(tmp_path / "store", [our_row(at) for at in range(4)])
    said = audit(tmp_path / "store", manifest.name, "--out", tmp_path / "out")

    assert "longhop" in said and "4 of 4 rows" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing-there"], "no dataset 'nothing-there'"),
        (["./nothing.jsonl"], "no file is found there"),
        (["rows.jsonl", "--layout", "other"], "--layout 'other' is none of longhop"),
        (["rows.jsonl", "--columns", "question"], "not of the form question=query"),
        (["rows.jsonl", "--tokenizer", "none.json"], "neither tekken"),
        (["rows.jsonl", "--benchmarks", "none.jsonl"], "none.jsonl: no file"),
        (["other.jsonl"], "no layout is known that has the fields gold, query"),
        (["rows.jsonl", "--layout", "longmit"], "not one row can be audited (missing_text 6)"),
        (["rows.jsonl", "--out", "rows.jsonl"], "is a file"),
        (["rows.jsonl", "--out", "taken"], "is no audit"),
    ],
)
def test_a_mistake_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
):
    monkeypatch.chdir(tmp_path)
    write_rows(tmp_path / "rows.jsonl")
    (tmp_path / "other.jsonl").write_text('{"query": "?", "gold": "!"}')
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "audit.html").write_text("my own")
    said = audit(tmp_path, *arguments, fails=True)

    assert words in said and said.startswith("longhop: ")
    assert (tmp_path / "taken" / "audit.html").read_text() == "my own"


def test_columns_and_a_layout_say_what_fields_do_not(tmp_path: Path):
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"query": "Who?", "gold": "Ada", "page": "Ada was."}))
    columns = ["--columns", "question=query,answer=gold", "--columns", "context=page"]
    said = audit(tmp_path, path, *columns, "--layout", "plain", "--out", tmp_path / "out")

    assert "1 of 1 names in their context" in said


@pytest.mark.usefixtures("prefect_server")
async def test_the_flow_keeps_its_files_in_the_store_and_does_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Figures are written last: where they are, an audit is whole."""
    path = write_rows(tmp_path / "rows.jsonl")
    store = tmp_path / "store"
    with entered(resources(store)):
        version = await audit_dataset(name="mine", files=[str(path)])
        home = store / "audits" / "mine" / version
        made = {each: each.read_bytes() for each in home.rglob("*") if each.is_file()}
        monkeypatch.setattr("tasks.audit_files.write_audit", None)
        assert await audit_dataset(name="mine", files=[str(path)]) == version
    async with get_client() as client:
        found = {each.key: each for each in await client.read_artifacts()}

    assert {"audit.json", "audit.parquet", "audit.html"} <= {each.name for each in made}
    assert {each: each.read_bytes() for each in made} == made
    flags = json.loads(str(found["mine-flags"].data))
    assert {each["flag"] for each in flags} >= {"same_question", "answer_missing"}
    assert (home / "audit.html").as_uri() in str(found["mine-audit-page"].data)
    assert "6 of 6 rows" in str(found["mine-audit"].data)


async def test_files_and_store_may_be_in_a_bucket(
    bucket: Files, bucket_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """And be compressed: they are read as a corpus is."""
    monkeypatch.setenv("LONGHOP_S3_ENDPOINT", bucket_server)
    lines = "\n".join(json.dumps(row(at, split="")) for at in range(6)).encode()
    bucket.write("in/train.jsonl.gz", gzip.compress(lines))
    bucket.write("in/dev.jsonl.zst", zstandard.compress(lines))
    live = Resources(Settings(), bucket, Silence())
    told = audited("mine", plan_of([f"{bucket.root}/in"]), live)

    assert (told.questions, told.flags["question_crosses"]) == (12, 12)
    assert bucket.exists(f"{folder_of('mine', told.version)}/audit.html")


@pytest.mark.usefixtures("prefect_server")
async def test_a_mistake_is_a_failed_run_with_one_message(tmp_path: Path):
    with entered(resources(tmp_path / "store")):
        state = await audit_dataset(
            name="mine", files=[str(tmp_path / "none.jsonl")], return_state=True
        )

    assert state.is_failed() and "no file is found there" in str(state.message)


def test_it_is_deployed_with_a_flat_form():
    """Every field of the form is the flow's, and none is nested but the names of columns."""
    (deployed,) = (
        each
        for each in filled(DEPLOYMENTS / "prefect.yaml")["deployments"]
        if each["name"] == "audit"
    )
    fields = inspect.signature(audit_dataset.fn).parameters

    assert deployed["entrypoint"] == "flows/audit_dataset.py:audit_dataset"
    assert set(deployed.get("parameters") or {}) <= set(fields)
    assert len(fields) <= 12
    assert "api" not in yaml.safe_dump(deployed)
