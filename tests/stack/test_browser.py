"""Prefect's pages in a real browser: a build from its form, a retry, an approval."""

import json
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from longhop.rehearsal import Conduct, Latency
from longhop.rehearsal.demo_corpus import almanac_pages
from tests.stack.test_deployment import ROOT, Stack, end, spawn, wait_for

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[browser]")

from playwright.sync_api import expect

from tests.stack.browsing import CHROMIUM, Browser, Endpoint, browser, picture_folder

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine")

NAME = "almanac"  # which decides what is drawn and linked, so it is the same throughout
CORPUS = "demo/corpus"  # from the worker's folder, as in the deployments
PATIENCE = 4
CONCURRENCY = 4
# So slow that the endpoint can be stopped in the middle of a build.
SLOW = Conduct(latency_s=0.1, latency=Latency("constant"))


@dataclass
class Place:
    """A worker's folder with its corpus and its store, and the endpoint that its builds ask."""

    stack: Stack
    endpoint: Endpoint

    @property
    def latest(self) -> dict[str, Any] | None:
        """What the dataset's `latest` says."""
        path = self.stack.folder / "longhop-store" / "datasets" / NAME / "latest.json"
        return json.loads(path.read_text()) if path.exists() else None

    def write_pages(self, file: str, first: int, last: int) -> None:
        """Put pages of the almanac into a file of the corpus."""
        lines = "".join(json.dumps(each) + "\n" for each in almanac_pages()[first:last])
        folder = self.stack.folder / CORPUS
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(lines)

    def empty_store(self) -> None:
        """Have the next build begin with nothing, neither artifacts nor answers."""
        shutil.rmtree(self.stack.folder / "longhop-store")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server, its deployments and a worker."""
    home = tmp_path_factory.mktemp("longhop", numbered=False)
    for package in ("flows", "tasks", "longhop"):
        (home / package).symlink_to(ROOT / package)
    port, endpoint = free_port(), Endpoint(free_port())
    environment = {
        **os.environ,
        "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_LOGGING_TO_API_ENABLED": "true",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "LONGHOP_HOME": str(home),
        "LONGHOP_STORE": "longhop-store",
        "LONGHOP_BASE_URL": endpoint.url,
        "LONGHOP_PATIENCE": str(PATIENCE),
        "LONGHOP_CONCURRENCY": str(CONCURRENCY),
    }
    made = Place(Stack(environment["PREFECT_API_URL"], environment, home), endpoint)
    made.write_pages("almanac.jsonl", 0, 16)
    with running(made.stack, "server", "start", "--host", "127.0.0.1", "--port", str(port)):
        wait_for(f"{made.stack.api}/health")
        made.stack.deploy()
        with running(made.stack, "worker", "start", "--pool", "longhop"):
            yield made
            endpoint.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(stack: Stack, *command: str) -> Iterator[None]:
    process = spawn(stack, *command)
    try:
        yield
    finally:
        end(process)


@pytest.fixture(scope="module")
def pages(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The pages of that server."""
    pictures = picture_folder(otherwise=tmp_path_factory.mktemp("pictures"))
    with browser(place.stack.api.removesuffix("/api"), pictures) as opened:
        yield opened


@dataclass
class Clean:
    """An undisturbed build: the address of its page, what was asked, what it published."""

    address: str
    asked: dict[str, Any]
    latest: dict[str, Any] | None


@pytest.fixture(scope="module")
def clean(place: Place, pages: Browser) -> Clean:
    """A build that was asked for by the form, with its name and its corpus alone."""
    place.endpoint.start()
    pages.open_form()
    pages.fill_form(NAME, CORPUS)
    pages.take_picture("form")
    pages.submit_form()
    pages.wait_for_state("Completed")
    return Clean(pages.page.url, place.endpoint.stop(), place.latest)


@pytest.mark.parametrize(
    ("field", "description"),
    [
        ("name", "What the dataset is called"),
        ("corpus", "as the worker sees them"),
        ("model", "A model of the worker's endpoint"),
        ("documents", "All of them if not given"),
        ("reference", "is to come close to"),
        ("seeds", "trusted questions and answers"),
        ("groups", "merged into multi-hop ones"),
        ("lengths", "Tokens of the contexts"),
        ("answers", "The most model answers"),
        ("money", "by the worker's price list"),
        ("base", "The version that is continued"),
        ("approve", "Wait for a person"),
        ("advanced", "Everything else that a spec can say"),
    ],
)
def test_each_field_of_the_form_says_what_it_is(pages: Browser, field: str, description: str):
    if not pages.page.url.partition("?")[0].endswith("/run"):
        pages.open_form()

    expect(pages.field(field)).to_contain_text(description)


def test_the_form_begins_with_what_suits_most(pages: Browser):
    pages.open_form()
    inputs = pages.page.get_by_role("textbox"), pages.page.get_by_role("spinbutton")
    values = [each.input_value() for role in inputs for each in role.all() if each.is_editable()]

    assert {"rehearsal-1", "latest", "400", "4096"} <= set(values)
    assert not pages.page.get_by_role("switch", name="approve").is_checked()


def test_a_form_that_is_wrong_is_refused_on_its_page(pages: Browser):
    """Nothing is submitted, and what was filled in stays."""
    pages.open_form()
    pages.page.get_by_label("name", exact=True).fill(NAME)
    pages.page.get_by_role("button", name="Submit").click()

    expect(pages.page.get_by_text("'corpus' is a required property").first).to_be_visible()

    pages.fill_form("No Name", CORPUS)
    pages.page.get_by_role("button", name="Submit").click()

    expect(pages.page.get_by_text("'No Name' does not match").first).to_be_visible()


def test_a_build_from_the_form_shows_what_became_of_it(pages: Browser, clean: Clean):
    pages.page.goto(clean.address)
    left = pages.open_tab("Artifacts")
    for key in ("before", "funnel", "cost", "reuse", "summary"):
        expect(left.get_by_role("heading", name=f"{NAME}-{key}", exact=True)).to_be_visible()
    pages.take_picture("run", height=1040)
    funnel = pages.open_artifact(f"{NAME}-funnel")
    expect(funnel.get_by_role("row", name="deduplicate document")).to_be_visible()
    pages.take_picture("artifacts")
    for key, words in (
        ("before", "15 documents, all of them new; about"),
        ("cost", "tokens written"),
        ("reuse", "by receipt"),
        ("summary", "report.html"),
    ):
        pages.page.goto(clean.address)
        expect(pages.open_artifact(f"{NAME}-{key}")).to_contain_text(words)
        pages.take_picture(f"artifact-{key}")


def test_an_endpoint_that_dies_is_told_on_the_page_and_its_retry_asks_only_for_the_rest(
    place: Place, pages: Browser, clean: Clean
):
    """What was in flight when it died is asked again, and nothing else."""
    place.empty_store()
    place.endpoint.start(SLOW)
    pages.open_form()
    pages.fill_form(NAME, CORPUS)
    pages.submit_form()
    stop_at(place.endpoint, clean.asked["requests"] // 2)
    before = place.endpoint.asked()
    pages.wait_for_state("Failed")
    message = pages.open_tab("Details").get_by_role("definition").filter(has_text="gave no answer")

    expect(message).to_have_text(re.compile(r"^(ask|merge|judge|prove) \d/\d, "))
    # In flight it may end in a refused connection, a lost one, a request that is half sent.
    cause = rf"gave no answer for {PATIENCE} s; it began with: \w+Error: "
    expect(message).to_contain_text(re.compile(cause))
    assert place.latest is None

    place.endpoint.start()
    pages.open_menu()
    pages.take_picture("retry", height=1130)
    pages.choose("Retry").get_by_role("button", name="Retry").click()
    pages.wait_for_state("Completed")
    pages.take_picture("retried")
    expect(
        pages.open_artifact(f"{NAME}-reuse").get_by_role("row", name="embed 4 4 0")
    ).to_be_visible()

    again = before["requests"] + place.endpoint.stop()["requests"] - clean.asked["requests"]
    assert 0 <= again <= CONCURRENCY
    assert place.latest == clean.latest


def stop_at(endpoint: Endpoint, requests: int) -> None:
    """Stop it once so much was asked."""
    deadline = time.monotonic() + 120
    while endpoint.asked()["requests"] < requests:
        assert time.monotonic() < deadline, f"only {endpoint.asked()['requests']} were asked"
        time.sleep(0.05)
    endpoint.stop()


def test_latest_moves_once_a_person_resumes_the_run(place: Place, pages: Browser, clean: Clean):
    before = place.latest
    place.write_pages("more.jsonl", 16, 20)
    place.endpoint.start()
    pages.open_form()
    pages.fill_form(NAME, CORPUS, approve=True)
    pages.submit_form()
    pages.wait_for_state("Paused")

    assert place.latest == before

    pages.open_tab("Artifacts")
    pages.open_menu()
    pages.take_picture("approval", height=1040)
    dialog = pages.choose("Resume")
    dialog.get_by_role("button", name="Resume").click()
    pages.wait_for_state("Completed")

    assert place.latest not in (None, before)
