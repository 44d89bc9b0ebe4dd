"""The page in a real browser: rows are found and unfolded, and no text comes alive on it."""

import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from longhop.publishing.report import shelving
from longhop.records.accounts import Reason
from tests.longhop.publishing.test_report import figures
from tests.published import HOSTILE, lost, pair, publish, row

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
ROWS = [row(at, hops=2 + at % 3, words=1500) for at in range(40)]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Opened:
    """A page with all that it said, asked for and popped up."""

    def __init__(self, chromium: Any, address: str, width: int, height: int, **more: Any) -> None:
        self.page = chromium.new_page(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **more
        )
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda each: self.said.append(each.text))
        self.page.on("pageerror", lambda each: self.said.append(str(each)))
        self.page.on("dialog", lambda each: (self.said.append(each.message), each.dismiss()))
        self.page.on("request", lambda each: self.asked.append(each.url))
        self.page.goto(address)

    def found(self) -> str:
        return str(self.page.locator("#found").inner_text())

    def title(self) -> str:
        return str(self.page.locator("#detail h3").inner_text())

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def search(self, words: str) -> None:
        self.page.locator("#search").fill(words)
        self.page.wait_for_timeout(250)

    def at_keyboard(self) -> str:
        """What has the focus: its name, or what it says."""
        return str(
            self.page.evaluate("document.activeElement.id || document.activeElement.innerText")
        )


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Any]:
    opened: list[Opened] = []

    def open_one(address: str | Path, width: int = 1360, height: int = 1000, **more: Any) -> Opened:
        where = address if isinstance(address, str) else (address / "report.html").as_uri()
        opened.append(Opened(chromium, where, width, height, **more))
        return opened[-1]

    yield open_one
    for each in opened:
        each.page.close()


def test_rows_are_found_by_words_and_by_what_they_are(tmp_path: Path, open_page: Any):
    _, folder = publish(tmp_path, ROWS, lost(30) + lost(2, Reason.UNPARSABLE))
    seen = open_page(folder)
    assert seen.found() == "40 rows found"

    seen.search("LAMP 31 place")
    assert seen.found() == "1 of 40 rows found" and "lamp 31 " in seen.title()
    seen.search("nobody says this")
    assert seen.found() == "0 of 40 rows found"
    seen.search('lamp "keeper 4 was born"')
    four = sum(each.hop_count == 4 for each in ROWS)
    assert seen.found() == f"{four} of 40 rows found", "what a context says near its evidence"
    seen.page.locator("#clear").click()
    for name, value in (
        ("hops", "3"),
        ("split", "test"),
        ("language", "en"),
        ("proof", "complete"),
    ):
        seen.page.locator(f"select[name={name}]").select_option(value)
    wanted = [
        each
        for each in ROWS
        if (each.hop_count, each.split, each.language, each.proof) == (3, "test", "en", "complete")
    ]
    assert wanted and seen.found() == f"{len(wanted)} of 40 rows found"
    seen.page.get_by_role("button", name="Turned away 32").click()
    assert seen.found() == "27 items found"
    seen.page.locator("select[name=reason]").select_option("unparsable")
    assert seen.found() == "2 of 27 items found"
    assert "2 items ended here" in seen.page.locator("#detail").inner_text()
    assert "6.5 of 8" in seen.page.locator("#detail").inner_text()
    assert seen.said == []


def test_the_page_begins_at_its_beginning(tmp_path: Path, open_page: Any):
    """The first example is shown, and nobody is taken to it."""
    _, folder = publish(tmp_path, ROWS)
    seen = open_page(folder)

    assert seen.page.evaluate("scrollY") == 0 and "lamp" in seen.title()


def test_a_row_shows_all_that_defends_it(tmp_path: Path, open_page: Any):
    _, folder = publish(tmp_path, ROWS)
    seen = open_page(folder)
    seen.search("m-0000000000000008")
    text = seen.page.locator("#detail").inner_text()

    for words in (
        "Who keeps lamp 8 of the place where it was lit?", "Brisa 8", "What is step 2?",
        "drawn by hybrid, round 2: 0.5", "holds evidence", "hop 1 · ", "It reads well.",
        "8.50 of 10", "clarity 9", "all but hop 1", "Kim", "all evidence", "bridge leak", "CC0-1.0",
        "d-8-1",
    ):  # fmt: skip
        assert words in text, words


def test_a_fold_opens_in_place_and_says_the_rest(tmp_path: Path, open_page: Any):
    told, folder = publish(tmp_path, ROWS)
    seen = open_page(folder)
    seen.search("m-0000000000000007")
    (example,) = (each for each in ROWS if each.id.endswith("007"))
    context = seen.page.locator(".context")
    assert example.context not in context.inner_text()
    assert len(seen.asked) == 1, "nothing is loaded before somebody asks"

    seen.press("Enter", "o")
    seen.page.locator(".fold [aria-expanded=true]").last.wait_for()
    texts = seen.page.evaluate(
        """() => { const part = document.querySelector(".context").cloneNode(true);
        for (const each of part.querySelectorAll("button, .badge, .document")) each.remove();
        return part.textContent; }"""
    )
    assert texts == example.context
    assert seen.asked[1:] == [(folder / f"report/{told.version}/contexts-000.js").as_uri()]
    seen.press("o")
    assert seen.page.locator(".fold [aria-expanded=true]").count() == 0
    assert seen.said == []


def test_without_the_files_beside_it_the_page_says_so(tmp_path: Path, open_page: Any):
    """A page that was sent on by itself still shows the evidence."""
    _, folder = publish(tmp_path, ROWS)
    shutil.rmtree(folder / "report")
    seen = open_page(folder)
    seen.search("m-0000000000000007")
    seen.page.locator(".fold button").first.click()

    assert "beside this page" in seen.page.get_by_role("alert").first.inner_text()
    assert seen.page.locator("mark").count() == 3


def test_larger_sets_are_loaded_page_by_page(
    tmp_path: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
):
    """Over the network the browser checks the hash of each file, too."""
    monkeypatch.setattr(shelving, "PAGE_ROWS", 15)
    told, folder = publish(tmp_path, ROWS)
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/report.html"
        for opened in (open_page(folder), open_page(address)):
            assert opened.found() == "15 rows found"
            for rows in (30, 40):
                opened.page.locator("#next-page").click()
                opened.page.get_by_text(f"{rows} rows found").wait_for()
            assert not opened.page.locator("#next-page").is_visible()
            assert opened.said == []
        data = folder / "report" / told.version / "rows-001.js"
        data.write_text(data.read_text().replace("Who keeps", "Who kept"))
        other = open_page(address)
        other.page.locator("#next-page").click()
        other.page.get_by_text("belongs beside this page").wait_for()
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that tells nobody what it sends."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def test_a_person_with_a_keyboard_alone_gets_everywhere(tmp_path: Path, open_page: Any):
    _, folder = publish(tmp_path, ROWS)
    seen = open_page(folder)
    seen.press("Tab")
    assert seen.at_keyboard() == "Skip to the examples"
    first = seen.title()

    seen.press("/")
    assert seen.at_keyboard() == "search"
    seen.page.keyboard.type("lamp")
    seen.page.wait_for_timeout(250)
    seen.press("Enter")
    assert seen.at_keyboard().startswith(first)
    seen.press("j", "j", "ArrowDown", "k")
    assert seen.page.locator("#list [aria-current]").get_attribute("data-at") == "2"
    assert seen.page.locator("#list [aria-current]").inner_text().startswith(seen.title())
    seen.press("End")
    assert seen.page.locator("#list [aria-current]").get_attribute("data-at") == "39"
    seen.press("2")
    assert seen.at_keyboard().startswith("hop 2")
    assert seen.page.evaluate(
        "(() => { const box = document.activeElement.getBoundingClientRect();"
        " return box.top >= 0 && box.bottom <= innerHeight; })()"
    )
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert seen.page.evaluate(outline) == "solid"
    seen.press("Escape")
    assert seen.page.locator("#list [aria-current]").evaluate("e => e === document.activeElement")
    seen.press("/", "Escape")
    assert seen.page.locator("#search").input_value() == "", "Escape clears before it leaves"
    seen.press("j")
    assert seen.page.locator("#search").input_value() == "j", "who writes moves nothing"


@pytest.mark.parametrize("width", [320, 390, 768])
def test_it_reads_on_a_phone(tmp_path: Path, open_page: Any, width: int):
    """Nothing is wider than the screen, and an example has it to itself."""
    _, folder = publish(tmp_path, ROWS, lost(5), figures=figures())
    seen = open_page(folder, width, 800)
    assert seen.page.evaluate("document.documentElement.scrollWidth") == width
    assert not seen.page.locator("#detail").is_visible()

    seen.page.locator("#list button").nth(3).click()
    assert seen.page.locator("#detail").is_visible() and not seen.page.locator("#side").is_visible()
    assert seen.page.evaluate("document.documentElement.scrollWidth") == width
    seen.press("j")
    assert seen.page.locator("#detail").is_visible()
    seen.page.get_by_role("button", name="all examples").click()
    assert seen.page.locator("#list [aria-current]").get_attribute("data-at") == "4"
    assert seen.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_by_day_and_by_night(tmp_path: Path, open_page: Any, scheme: str):
    """At least 4.5 to 1, which people with weak eyes need."""
    _, folder = publish(tmp_path, ROWS, figures=figures())
    seen = open_page(folder, color_scheme=scheme)
    ratios = seen.page.evaluate(CONTRAST)

    assert len(ratios) > 8
    assert {name: ratio for name, ratio in ratios.items() if ratio < 4.5} == {}


CONTRAST = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (parts(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = {};
  for (const name of ["h1", ".head .quiet", ".heads dt", "nav a", "p.said", ".note", "summary",
      "th", "#list .name", "#list .quiet", "#detail .answer", "mark", ".badge", ".document",
      ".fold button", ".warning", ".tags span", "kbd"]) {
    const node = document.querySelector(name);
    if (!node) continue;
    const [one, other] = [light(getComputedStyle(node).color), light(ground(node))];
    found[name] = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }
  return found;
}"""


def test_hostile_text_stays_text(tmp_path: Path, open_page: Any):
    """In every field of rows, pairs and what was turned away; folded, unfolded and searched for."""
    hostile = [row(at, more=HOSTILE, words=1500) for at in range(6)]
    told, folder = publish(tmp_path / "rows", hostile, lost(4, more=HOSTILE), notes=(HOSTILE,))
    _, pairs = publish(tmp_path / "pairs", [pair(at, more=HOSTILE) for at in range(6)])
    seen = open_page(folder)
    seen.press("o")
    seen.page.locator(".fold [aria-expanded=true]").last.wait_for()
    seen.search("<img src=x onerror=alert(2)>")
    assert seen.found() == "6 rows found"
    assert "<script>document.title='owned'" in seen.page.locator("#detail").inner_text()
    signs = seen.page.locator("#detail h3 .sign").all_inner_texts()
    assert signs == ["U+202E", "U+202C", "U+200B", "U+2028", "U+2029", "U+0007"]
    seen.page.locator("#tab-lost").click()
    assert "<iframe src=//evil>" in seen.page.locator("#detail").inner_text()
    other = open_page(pairs)
    assert "<script>document.title='owned'" in other.page.locator("#detail").inner_text()

    assert seen.page.title() == f"almanac {told.version}"
    assert seen.page.locator("img, iframe, link, #detail a, #list a").count() == 0
    assert seen.said == other.said == []
    beside = (folder / f"report/{told.version}/contexts-000.js").as_uri()
    assert seen.asked == [(folder / "report.html").as_uri(), beside]
    assert other.asked == [(pairs / "report.html").as_uri()]


def test_markup_could_not_be_made_even_by_mistake(tmp_path: Path, open_page: Any):
    """The browser itself refuses what would parse a text, and scripts that the page did not ask."""
    _, folder = publish(tmp_path, ROWS[:3])
    seen = open_page(folder)

    refused = seen.page.evaluate(
        "(() => { try { document.body.innerHTML = '<b>x</b>'; return ''; }"
        " catch (error) { return error.name; } })()"
    )
    assert refused == "TypeError"
    refused = seen.page.evaluate(
        "(() => { try { document.createElement('script').src = 'x.js'; return ''; }"
        " catch (error) { return error.name; } })()"
    )
    assert refused == "TypeError"


def test_it_loads_quickly(tmp_path: Path, open_page: Any):
    """Two thousand rows are all in the page; what takes seconds here takes them from everybody."""
    rows = [row(at, words=600) for at in range(2000)]
    _, folder = publish(tmp_path, rows)
    seen = open_page(folder)
    took = seen.page.evaluate(
        "(() => { const told = performance.getEntriesByType('navigation')[0];"
        " return told.loadEventEnd; })()"
    )

    assert seen.found() == "2,000 rows found"
    assert took < 3000
    assert json.loads(seen.page.locator("#about").text_content())["shown"] == 2000
