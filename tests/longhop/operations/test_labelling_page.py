"""The page writes the same sheet, and no text of a document comes alive on it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from longhop.operations.labelling import read_labels, write_page, write_sheet
from longhop.records.calibration import Item
from tests.longhop.operations.test_labelling import HOSTILE, item

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
MARKUP = '<img src=x onerror="document.title=1"><script>document.title=1</script>{{ 7 * 7 }}'


def items() -> list[Item]:
    return [
        item(f"m-{at}\"'<b>", " ".join(text.split()))
        for at, text in enumerate((*HOSTILE[:-1], MARKUP))
    ]


def test_all_text_is_escaped_and_nothing_is_loaded():
    page = write_page(items(), title="</title><b>").decode()

    assert page.count("<script") == page.count("</script") == 1
    assert "<img" not in page and "<b>" not in page
    assert not re.search(r"""(src|href|srcset|action)\s*=\s*["']?(?!\w*\))http""", page)
    assert "default-src 'none'" in page and "unsafe" not in page
    assert "49" not in page.partition("<article")[0]


def test_a_page_is_known_by_its_rows():
    one, other = (write_page(each, title="x") for each in (items(), items()[1:]))
    name = re.compile(rb'data-sheet="(\w{16})"')

    assert name.findall(one) != name.findall(other)
    assert write_page(items(), title="x") == one


@pytest.fixture
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened.new_context(accept_downloads=True, viewport={"width": 360, "height": 740})
        opened.close()


def test_a_person_labels_by_keyboard_and_takes_the_sheet_away(browser: Any, tmp_path: Path):
    """Closed and opened again, the page still knows what was said."""
    path = tmp_path / "labels.html"
    path.write_bytes(write_page(items(), title="Some rows"))
    said: list[str] = []
    page = browser.new_page()
    page.on("console", lambda each: said.append(each.text))
    page.on("request", lambda each: said.append(each.url))
    page.goto(path.as_uri())
    width = page.evaluate("document.documentElement.scrollWidth")

    def saved(name: str) -> Path:
        with page.expect_download() as download:
            page.get_by_role("button", name="Download CSV").click()
        download.value.save_as(tmp_path / name)
        return tmp_path / name

    page.get_by_role("button", name="Download CSV").click()
    assert "name is missing" in page.get_by_role("alert").inner_text()
    page.get_by_label("Your name").fill("=kim")
    assert saved("empty.csv").read_bytes() == write_sheet(items(), labeller="=kim")

    page.locator("body").click(position={"x": 2, "y": 2})
    for key in "j14u":
        page.keyboard.press(key)
    page.keyboard.press("2")
    page.get_by_role("button", name="Download CSV").click()
    assert "Question 2" in page.get_by_role("alert").inner_text()
    for key in "46c":
        page.keyboard.press(key)
    page.keyboard.type('=1+1 "x", 12\nj')
    page.reload()
    assert page.locator("#progress").inner_text() == f"2 of {len(items())}"
    found = read_labels([saved("full.csv")], known={each.id for each in items()})

    assert [(each.good, each.multi_hop, each.unique) for each in found.labels] == [
        (True, False, None),
        (False, False, False),
    ]
    assert [each.comment for each in found.labels] == ["", '=1+1 "x", 12\nj']
    assert {each.labeller for each in found.labels} == {"=kim"}
    assert found.unlabelled == len(items()) - 2
    assert page.title() == "Some rows"
    assert width == 360
    assert {each for each in said if not each.startswith("blob:")} == {path.as_uri()}
