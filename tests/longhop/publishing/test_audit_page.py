"""An audit's page in a real browser: rows are found by their flags, and no text comes alive."""

import json
from pathlib import Path
from typing import Any

from tests.longhop.publishing.test_audit import audit, row
from tests.longhop.publishing.test_report_page import chromium, open_page
from tests.published import HOSTILE

__all__ = ["chromium", "open_page"]


def test_rows_are_found_by_their_flags(tmp_path: Path, open_page: Any):
    """A row may have several."""
    rows = [row(at) for at in range(8)]
    rows[3]["answer"] = "Kim Vey"
    rows[5] = row(5, answer="Kim Vey", question=rows[0]["question"])
    told = audit(tmp_path, rows)
    opened = open_page((tmp_path / "out" / "audit.html").as_uri())
    opened.page.locator("select[name=flag]").select_option("answer_missing")
    missing = opened.found()
    opened.page.locator("select[name=flag]").select_option("same_question")

    assert told.flags["answer_missing"] == 2
    assert missing.startswith("2 of 8") and opened.found().startswith("1 of 8")
    assert "same question, answer missing" in opened.page.locator("#detail .tags").inner_text()
    assert "row 1" in opened.page.locator("#detail .facts").inner_text()
    assert not opened.said


def test_contexts_unfold_and_an_answer_is_no_hop(tmp_path: Path, open_page: Any):
    """Where no evidence is stated, what is marked is where the answer first stands."""
    text = "The harbour keeps its lamps. " * 90
    told = {"question": "Who lit it?", "answer": "Brisa Holm"}
    audit(tmp_path, [{**told, "context": f"{text}Brisa Holm. {text}"}])
    opened = open_page((tmp_path / "out" / "audit.html").as_uri())
    mark = opened.page.locator("#detail mark").inner_text()
    opened.page.locator("#detail .fold button").first.click()
    opened.page.wait_for_selector(".unfolded")

    assert "answer" in mark and "Brisa Holm" in mark
    assert "keeps its lamps" in opened.page.locator(".unfolded").inner_text()
    assert not opened.said


def test_what_could_not_be_read_has_its_place(tmp_path: Path, open_page: Any):
    audit(tmp_path, [row(0), "{broken"])
    opened = open_page((tmp_path / "out" / "audit.html").as_uri())
    opened.page.locator("#tab-lost").click()

    assert "1 items found" in opened.found()
    assert "rows.jsonl:2" in opened.page.locator("#detail").inner_text()


def test_hostile_text_stays_text(tmp_path: Path, open_page: Any):
    bad = row(1, question=f"Who? {HOSTILE}", answer=HOSTILE, type=HOSTILE, split=HOSTILE)
    for each in bad["paragraphs"]:
        each["title"] = each["text"] = HOSTILE + each["text"]
    audit(tmp_path, [row(0), bad, {"question": HOSTILE}, json.dumps(HOSTILE)])
    opened = open_page((tmp_path / "out" / "audit.html").as_uri())
    opened.press("o", "j", "o")
    opened.page.locator("#tab-lost").click()

    assert opened.page.title() == "Audit of rows.jsonl"
    assert opened.page.locator("main img, main iframe, main script").count() == 0
    assert all(each.startswith("file://") for each in opened.asked)
    assert not opened.said
