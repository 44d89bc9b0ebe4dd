"""Prefect's pages in a real browser: a build from its form, a retry, an approval."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.stack.environment import password
from infra.stack.folder import ROOT
from infra.stack.model import Model
from tests.stack.driving import RunningStack, asked_again, write_pages

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[browser]")

from playwright.sync_api import expect

from tests.stack.browsing import CHROMIUM, Browser, browser, picture_folder

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine")

NAME = "almanac"  # which decides what is drawn and linked, so it is the same throughout
CORPUS = "demo/corpus"  # from the worker's folder, as in the deployments
PATIENCE = 4
CONCURRENCY = 4
FEW = {"LONGHOP_CONCURRENCY": str(CONCURRENCY), "LONGHOP_PATIENCE": str(PATIENCE)}
# So slow that the endpoint can be killed in the middle of a build.
SLOW = {"latency_s": 0.1, "latency": {"shape": "constant"}}


@pytest.fixture(scope="module")
def place(stack: RunningStack) -> Iterator[Path]:
    """The folder in which builds run, the repository's with a small corpus."""
    folder = stack.scratch / "longhop"
    folder.mkdir()
    for package in ("flows", "tasks", "longhop"):
        (folder / package).symlink_to(ROOT / package)
    write_pages(folder / CORPUS / "almanac.jsonl", 0, 16)
    stack.deploy(LONGHOP_HOME=str(folder))
    yield folder
    stack.deploy()


@pytest.fixture(scope="module")
def pages(
    stack: RunningStack, place: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """The pages of the server, for somebody who has logged in."""
    pictures = picture_folder(otherwise=tmp_path_factory.mktemp("pictures"))
    with browser(stack.pages, pictures) as opened:
        opened.page.goto(stack.pages)
        opened.log_in(password(stack.folder))
        expect(opened.page.get_by_role("button", name="Logout")).to_be_visible()
        yield opened


@dataclass(frozen=True)
class Clean:
    """An undisturbed build: its run, what was asked, what it published."""

    run: str
    asked: dict[str, Any]
    latest: dict[str, Any] | None


@pytest.fixture(scope="module")
def clean(stack: RunningStack, pages: Browser) -> Clean:
    """A build that was asked for by the form, with its name and its corpus alone."""
    stack.have_worker("clean", **FEW)
    stack.have_model({})
    pages.open_form()
    pages.fill_form(NAME, CORPUS)
    pages.take_picture("form")
    run = pages.submit_form()
    pages.wait_for_state("Completed")
    return Clean(run, stack.asked(), stack.latest("clean", NAME))


def test_nobody_sees_a_page_without_the_password(stack: RunningStack, pages: Browser):
    with pages.stranger() as stranger:
        stranger.page.goto(f"{stack.pages}/deployments")
        stranger.log_in("admin:admin")

        expect(stranger.page.get_by_text("Invalid credentials")).to_be_visible()
        assert stranger.page.get_by_text("on-demand").count() == 0


def test_the_link_of_a_notification_leads_to_the_run_by_way_of_the_password(
    stack: RunningStack, pages: Browser, clean: Clean
):
    with pages.stranger() as stranger:
        stranger.page.goto(stack.page_of(clean.run))
        stranger.log_in(password(stack.folder))

        expect(stranger.page.get_by_text(f"build {NAME}").first).to_be_visible()
        expect(stranger.page.get_by_text("Completed", exact=True).first).to_be_visible()


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


def test_a_build_from_the_form_shows_what_became_of_it(
    stack: RunningStack, pages: Browser, clean: Clean
):
    pages.page.goto(stack.page_of(clean.run))
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
        pages.page.goto(stack.page_of(clean.run))
        expect(pages.open_artifact(f"{NAME}-{key}")).to_contain_text(words)
        pages.take_picture(f"artifact-{key}")


def test_an_endpoint_that_dies_is_told_on_the_page_and_its_retry_asks_only_for_the_rest(
    stack: RunningStack, pages: Browser, clean: Clean
):
    """The endpoint's log dies with it, so it is read just before."""
    stack.have_worker("endpoint", **FEW)
    stack.have_model(SLOW)
    pages.open_form()
    pages.fill_form(NAME, CORPUS)
    run = pages.submit_form()
    stack.mid_build(run, clean.asked["requests"] // 2)
    before = stack.asked()
    Model(stack.folder).kill()
    pages.wait_for_state("Failed")
    message = pages.open_tab("Details").get_by_role("definition").filter(has_text="gave no answer")

    expect(message).to_have_text(re.compile(r"^\w+ \d/\d, "))
    # In flight it may end in a refused connection, a lost one, a request that is half sent.
    cause = r"gave no answer for \d+ s; it began with: \w+Error: "  # for as long as it was
    expect(message).to_contain_text(re.compile(cause))
    assert stack.latest("endpoint", NAME) is None

    stack.have_model({})
    pages.open_menu()
    pages.take_picture("retry", height=1130)
    pages.choose("Retry").get_by_role("button", name="Retry").click()
    pages.wait_for_state("Completed")
    pages.take_picture("retried")
    expect(
        pages.open_artifact(f"{NAME}-reuse").get_by_role("row", name="embed 4 4 0")
    ).to_be_visible()

    # What was in flight when it died was asked again, and nothing else was; between the look into
    # its log and its death as much may have come once more.
    assert 0 <= asked_again(clean.asked, before, stack.asked()) <= 2 * CONCURRENCY
    assert stack.latest("endpoint", NAME) == clean.latest


def test_latest_moves_once_a_person_resumes_the_run(
    stack: RunningStack, place: Path, pages: Browser, clean: Clean
):
    stack.have_worker("clean", **FEW)
    stack.have_model({})
    write_pages(place / CORPUS / "more.jsonl", 16, 20)
    pages.open_form()
    pages.fill_form(NAME, CORPUS, approve=True)
    pages.submit_form()
    pages.wait_for_state("Paused")

    assert stack.latest("clean", NAME) == clean.latest

    pages.open_tab("Artifacts")
    pages.open_menu()
    pages.take_picture("approval", height=1040)
    dialog = pages.choose("Resume")
    dialog.get_by_role("button", name="Resume").click()
    pages.wait_for_state("Completed")

    assert stack.latest("clean", NAME) not in (None, clean.latest)
