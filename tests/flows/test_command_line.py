"""A user's mistake ends in one clear message, exit status 1, and nothing lost or spent."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import prefect.main  # noqa: F401  (its log keeps the stream that it finds at import)
import pytest
from typer.testing import CliRunner

from flows.command_line import app
from longhop.rehearsal import RehearsalServer

RUN = CliRunner()


@pytest.fixture(scope="module")
def rehearsal() -> Iterator[RehearsalServer]:
    with RehearsalServer() as server:
        yield server


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rehearsal: RehearsalServer) -> Path:
    """A folder of one's own with a spec and a corpus, the rehearsal model for an endpoint."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LONGHOP_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("LONGHOP_BASE_URL", rehearsal.url)
    assert RUN.invoke(app, ["init", "--name", "tried"]).exit_code == 0
    page = "The town of Orlin was founded in 1640. It lies on the river Luvane, in the hills."
    Path("corpus.jsonl").write_text(json.dumps({"text": page}) + "\n")
    return tmp_path


def told(*arguments: str) -> str:
    """The message that a failing command ends with; it must be all that there is."""
    result = RUN.invoke(app, list(arguments))

    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.output


def test_what_init_writes_passes_the_check(here: Path):
    result = RUN.invoke(app, ["check", "spec.yaml"])

    assert result.exit_code == 0, result.output
    assert "base         none" in result.output


def test_check_names_the_line_of_a_page_that_is_turned_away(here: Path):
    """By its id alone nobody finds it again in a file of a million lines."""
    with Path("corpus.jsonl").open("a") as file:
        file.write('{"id": "scrap", "text": "Next page"}\n')

    result = RUN.invoke(app, ["check", "spec.yaml"])
    assert "rejected     clean: corpus.jsonl:2 scrap too_short (9 of" in result.output


def test_seed_pairs_alone_are_checked_and_estimated_for_what_they_can_be(here: Path):
    """There is no document that a build could begin with, and all but one command say so."""
    Path("seeds.jsonl").write_text(
        json.dumps({"question": "Who repaired the Halden clock?", "answer": "Mira Tolle"})
        + '\n{"question": "Who is it?", "answer": "Bo"}\n'
    )
    Path("bare.yaml").write_text(
        "name: bare\nmodels: {default: {name: rehearsal-1, max_tokens: 2048}}\n"
        "seeds: {path: seeds.jsonl}\n"
    )

    result = RUN.invoke(app, ["check", "bare.yaml"])
    assert result.exit_code == 0, result.output
    assert "gate         1 of 2 seeds; not not_self_contained 1" in result.output
    assert "`longhop synthesize` can start" in result.output
    estimate = RUN.invoke(app, ["estimate", "--contexts", "bare.yaml"])
    assert estimate.exit_code == 0, estimate.output
    assert "write" in estimate.output and "ask " not in estimate.output
    for command in ("build", "select", "preview", "estimate"):
        assert "corpus.paths: give files" in told(command, "bare.yaml")
    assert "seeds.path: contexts are written" in told("synthesize", "spec.yaml")


def test_init_writes_over_nothing(here: Path):
    assert "there already" in told("init")


def test_init_refuses_what_check_would_refuse(here: Path):
    assert "no name: lower-case" in told("init", "other.yaml", "--name", "My Dataset")
    assert "cannot be written" in told("init", "nowhere/spec.yaml")


def test_a_misspelt_field_is_named_with_the_right_one(here: Path):
    Path("spec.yaml").write_text(Path("spec.yaml").read_text().replace("shards:", "shrads:"))

    assert "did you mean 'shards'?" in told("build", "spec.yaml")


def test_a_missing_corpus_is_named_with_where_it_was_looked_for(here: Path):
    Path("corpus.jsonl").unlink()

    message = told("build", "spec.yaml")
    assert "corpus.jsonl" in message and str(here) in message


def test_an_endpoint_nobody_listens_at(here: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LONGHOP_BASE_URL", "http://127.0.0.1:9/v1")

    assert "http://127.0.0.1:9/v1 cannot be reached" in told("build", "spec.yaml")


def test_a_model_that_the_endpoint_does_not_have(here: Path):
    Path("spec.yaml").write_text(Path("spec.yaml").read_text().replace("rehearsal-1", "gpt-9"))

    message = told("build", "spec.yaml")
    assert "has no model 'gpt-9'" in message and "rehearsal-1" in message


def test_a_bucket_that_is_not_there(
    here: Path, monkeypatch: pytest.MonkeyPatch, bucket_server: str
):
    monkeypatch.setenv("LONGHOP_STORE", "s3://no-such-bucket/prefix")
    monkeypatch.setenv("LONGHOP_S3_ENDPOINT", bucket_server)

    assert "no such bucket" in told("build", "spec.yaml")


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not one of its lines is a document"),
        ("{broken\n" * 3, "(broken_line 3)"),
        ('{"body": "A text.", "key": 1}\n', "its lines have the fields body, key"),
        ('{"text": "A good line of text."}\n' + "{broken\n" * 3, "3 of 4 lines were turned away"),
        ('{"text": "short"}\n', "no document is left to ask about"),
    ],
)
def test_a_corpus_that_gives_nothing_stops_before_anything_is_spent(
    here: Path, rehearsal: RehearsalServer, content: str, words: str
):
    Path("corpus.jsonl").write_text(content)
    before = rehearsal.log()["requests"]

    assert words in told("build", "spec.yaml")
    assert rehearsal.log()["requests"] == before


@pytest.mark.usefixtures("prefect_server")
def test_a_build_without_rows_says_so_and_loses_no_count(here: Path):
    """One document links to nothing: an empty dataset is an honest answer, not an error."""
    result = RUN.invoke(app, ["build", "spec.yaml"])

    assert result.exit_code == 0, result.output
    assert "no rows" in result.output


def test_help_is_there_at_once():
    """Nothing heavy is imported before it is needed."""
    began = time.monotonic()
    script = (
        "import sys; from flows.command_line import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'prefect', 'sentence_transformers', 'openai', 'pyarrow', 'pydantic'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--help"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 5
