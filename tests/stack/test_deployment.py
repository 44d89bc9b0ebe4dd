"""Deployed to a real Prefect server and run by a process worker, all on loopback."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from longhop.rehearsal import RehearsalServer
from longhop.rehearsal.demo_corpus import almanac_pages

ROOT = Path(__file__).resolve().parents[2]
PREFECT = [sys.executable, "-m", "prefect"]


@dataclass
class Stack:
    """A Prefect server with the deployments, a worker, and the environment they share."""

    api: str
    environment: dict[str, str]
    folder: Path

    def prefect(self, *arguments: str) -> str:
        done = subprocess.run(
            [*PREFECT, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def deploy(self) -> str:
        command = [sys.executable, "-m", "flows.command_line", "deploy"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def post(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self.api}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with socket.socket() as free, RehearsalServer() as rehearsal:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        api = f"http://127.0.0.1:{port}/api"
        environment = {
            **os.environ,
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": api,
            "LONGHOP_HOME": str(ROOT),
            "LONGHOP_STORE": str(folder / "store"),
            "LONGHOP_BASE_URL": rehearsal.url,
        }
        made = Stack(api, environment, folder)
        running = [spawn(made, "server", "start", "--host", "127.0.0.1", "--port", str(port))]
        try:
            wait_for(f"{api}/health")
            made.deploy()
            made.deploy()  # the same however often
            running.append(spawn(made, "worker", "start", "--pool", "longhop"))
            yield made
        finally:
            for process in running[::-1]:
                end(process)


def spawn(stack: Stack, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PREFECT, *arguments],
        cwd=ROOT,
        env=stack.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end; a worker may take its time over that, and need not be waited for."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(url: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(url).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"{url} did not come up")


def test_the_nightly_schedule_yields_scheduled_runs(stack: Stack):
    """Some versions of its libraries leave the server healthy and the schedule dead."""
    for _ in range(60):
        runs = stack.post(
            "flow_runs/filter",
            {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}},
        )
        if runs:
            break
        time.sleep(1)

    assert runs and all(each["auto_scheduled"] for each in runs)


def test_a_worker_builds_what_is_deployed(stack: Stack):
    pages = "".join(json.dumps(page) + "\n" for page in almanac_pages()[:24])
    (stack.folder / "corpus.jsonl").write_text(pages)
    corpus = json.dumps([str(stack.folder / "corpus.jsonl")])
    run = ("deployment", "run", "build-dataset/on-demand", "--watch")
    form = ("--param", "name=deployed", "--param", f"corpus={corpus}", "--param", "lengths=[1024]")
    stack.prefect(*run, *form)

    (done,) = stack.post(
        "flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    )
    assert done["name"] == "build deployed"
    tables = stack.post("artifacts/filter", {"artifacts": {"key": {"any_": ["deployed-funnel"]}}})
    assert "deduplicate" in str(tables[0]["data"])
    summary = stack.post("artifacts/filter", {"artifacts": {"key": {"any_": ["deployed-summary"]}}})
    assert "deployed v-" in summary[0]["data"]
    before = stack.post("artifacts/filter", {"artifacts": {"key": {"any_": ["deployed-before"]}}})
    assert "22 documents, all of them new; about" in before[0]["data"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "deployed"}, "corpus"),
        ({"name": "no name", "corpus": ["a"]}, "does not match"),
        ({"name": "deployed", "corpus": ["a"], "groups": 0}, "minimum"),
        ({"name": "deployed", "corpus": ["a"], "lengths": [4]}, "minimum"),
    ],
)
def test_a_form_out_of_bounds_is_refused_by_the_server(
    stack: Stack, form: dict[str, Any], words: str
):
    """The form's schema is enforced before a worker is troubled."""
    given = [part for name, value in form.items() for part in ("--param", _given(name, value))]
    run = [*PREFECT, "deployment", "run", "build-dataset/on-demand", *given]
    done = subprocess.run(run, cwd=ROOT, env=stack.environment, capture_output=True, text=True)

    assert done.returncode != 0
    assert words in " ".join((done.stdout + done.stderr).split())


def _given(name: str, value: Any) -> str:
    return f"{name}={value if isinstance(value, str) else json.dumps(value)}"


def test_what_the_schema_cannot_know_ends_a_run_with_one_message(stack: Stack):
    """A field of the form that stands in `advanced` too, for instance."""
    corpus = json.dumps([str(stack.folder / "corpus.jsonl")])
    advanced = json.dumps({"contexts": {"tokens": [512]}})
    run = ("deployment", "run", "build-dataset/on-demand", "--param", "name=both")
    form = ("--param", f"corpus={corpus}", "--param", f"advanced={advanced}")
    command = [*PREFECT, *run, *form, "--watch"]
    done = subprocess.run(command, cwd=ROOT, env=stack.environment, capture_output=True, text=True)
    (failed,) = stack.post(
        "flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["FAILED"]}}}}
    )

    assert done.returncode != 0
    assert "which is the field 'lengths' of the form" in failed["state"]["message"]
