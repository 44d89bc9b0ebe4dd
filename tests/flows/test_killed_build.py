"""Killed at any point and built again: nothing is paid twice, and the bytes are the same."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from longhop.rehearsal import RehearsalServer
from longhop.rehearsal.demo_corpus import almanac_pages

IN_FLIGHT = 16


@pytest.fixture(scope="module")
def server() -> Iterator[RehearsalServer]:
    with RehearsalServer() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Path:
    """A spec on the almanac's pages, built from folders of its own on one Prefect server."""
    made = tmp_path_factory.mktemp("killed")
    (made / "prefect").write_text(prefect_server)
    write_pages(made, almanac_pages())
    (made / "spec.yaml").write_text(
        "name: killed\ncorpus: {paths: [corpus.jsonl]}\nmodels: {default: {name: rehearsal-1}}\n"
        "chunking: {tokens: 192}\ncontexts: {tokens: [1024]}\nquestions: {groups: 60}\n"
        "splits: {train: 1.0, validation: 0.0, test: 0.0}\n"
        # Rounds, of which two are on their way, until all documents are asked.
        "selection: {delay: 1, stop: {rate: 1.0e-9}}\n"
    )
    return made


def write_pages(folder: Path, pages: list[dict]) -> None:
    (folder / "corpus.jsonl").write_text("".join(json.dumps(page) + "\n" for page in pages))


def start(
    folder: Path,
    store: str,
    server: RehearsalServer,
    concurrency: int = IN_FLIGHT,
    stderr: int | None = None,
) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "LONGHOP_STORE": str(folder / store),
        "LONGHOP_BASE_URL": server.url,
        "LONGHOP_CONCURRENCY": str(concurrency),
        "PREFECT_API_URL": (folder / "prefect").read_text(),
    }
    command = [sys.executable, "-m", "flows.command_line", "build", "spec.yaml"]
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        start_new_session=True,
    )


def asked(server: RehearsalServer) -> int:
    return server.log()["requests"]


def published(folder: Path, store: str) -> dict[str, str]:
    home = folder / store / "datasets" / "killed"
    version = json.loads((home / "latest.json").read_text())["version"]
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((home / version).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def whole(folder: Path, server: RehearsalServer) -> tuple[dict[str, str], int]:
    """What a build that nothing disturbs publishes, and what it asks."""
    before = asked(server)
    assert start(folder, "whole", server, concurrency=2).wait() == 0
    return published(folder, "whole"), asked(server) - before


def test_a_killed_build_goes_on_where_it_was(
    folder: Path, server: RehearsalServer, whole: tuple[dict[str, str], int]
):
    files, requests = whole
    before = asked(server)
    build = start(folder, "killed", server)
    while asked(server) - before < requests // 2:
        assert build.poll() is None, "the build ended before it could be killed"
        time.sleep(0.002)
    os.killpg(build.pid, signal.SIGKILL)
    assert build.wait() == -signal.SIGKILL
    assert start(folder, "killed", server).wait() == 0

    assert published(folder, "killed") == files
    assert asked(server) - before - requests <= IN_FLIGHT


def test_a_new_document_is_asked_about_and_no_other(
    folder: Path, server: RehearsalServer, whole: tuple[dict[str, str], int]
):
    """A page without a fact: what is asked about its chunks is all that is asked."""
    page = {"id": "plain", "title": "Plain", "text": "There is fog on the moor today. " * 8}
    write_pages(folder, [*almanac_pages(), page])
    before = asked(server)
    assert start(folder, "whole", server).wait() == 0

    assert asked(server) - before == 1


def test_ctrl_c_ends_a_build_at_once_with_one_message(folder: Path, server: RehearsalServer):
    before = asked(server)
    build = start(folder, "stopped", server, stderr=subprocess.PIPE)
    while asked(server) == before:
        assert build.poll() is None
        time.sleep(0.005)
    os.killpg(build.pid, signal.SIGINT)
    began = time.monotonic()
    _, message = build.communicate(timeout=30)

    assert build.returncode == 130
    assert time.monotonic() - began < 5
    assert message.decode().strip() == (
        "longhop: stopped; what was paid for is kept, build again to go on"
    )
