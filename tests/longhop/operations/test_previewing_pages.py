"""What is shown is harmless to look at, says what is cut, and stands whole in the file."""

import re

import pytest

from longhop.operations.previewing.pages import Markdown, Page, Terminal
from longhop.operations.previewing.plain import fenced, plain
from longhop.operations.previewing.rows import Rows

HOSTILE = "a\x1b[2Jb\x9b31mc\r\x07\u202ed\u2066\u2028e\x00```\n````\n# heading\udc80\U000e0041 \x7f"


def told(text: str, most: int = 1000, width: int = 80) -> tuple[list[str], str]:
    lines: list[str] = []
    markdown = Markdown("x")
    Page(Terminal(lines.append, width), markdown).text("user turn", text, most)
    return [each for line in lines for each in line.split("\n")], markdown.page


def test_no_sign_of_a_text_reaches_the_terminal_as_a_command():
    lines, page = told(HOSTILE)

    assert "␛[2J" in "".join(lines)
    assert "<U+202E>" in "".join(lines)
    for shown in ("\n".join(lines), page):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", shown)
        shown.encode()


def test_letters_that_are_joined_by_a_sign_stay_as_they_are():
    assert plain("نمی\u200cخواهم 👩\u200d👧\tx\n") == "نمی\u200cخواهم 👩\u200d👧\tx\n"


@pytest.mark.parametrize("text", ["```", "a ````` b", "```\n# out\n```", HOSTILE, ""])
def test_no_text_closes_its_own_block(text: str):
    first, *_, last = fenced(text).split("\n")
    fence = first.removesuffix("text")

    assert fence == last
    assert fence not in plain(text)


def test_every_line_of_a_text_stands_behind_a_bar():
    """So a text cannot pass for a stage's own words."""
    lines, _ = told("one\n── ask: all is well ──\nasked  nothing\n" + "long " * 60)

    assert lines[0] == "    user turn"
    assert all(line.startswith("    │") for line in lines[1:])
    assert all(len(line) <= 80 for line in lines)


def test_what_is_cut_says_by_how_much_and_stands_whole_in_the_file():
    text = "".join(f"line {n}\n" for n in range(500))
    lines, page = told(text, most=100)

    assert lines[-1] == f"    └ {len(text.strip()) - 100:,} more characters"
    assert text.strip() in page


def test_wide_signs_take_two_places():
    lines, _ = told("渡口的盐灯由沈蘅舟创作。" * 20, width=60)

    assert max(len(line) for line in lines) <= 6 + 54 // 2


def test_a_row_is_shown_once_and_then_what_is_new_of_it():
    rows = Rows()
    first = {"id": "m-1", "question": "Who?", "answer": "Ada", "judgement": None, "probes": []}
    rows.fields(first)
    assert rows.fields(first) == []

    later = rows.fields({**first, "judgement": {"rationale": "Sound.", "clarity": 9, "extra": [1]}})
    assert [each.text for each in later if not each.name] == ["Who?", "clarity 9"]
    assert "Sound." in [each.text for each in later]


def test_a_field_that_nobody_knew_of_is_shown():
    fields = Rows().fields({"id": "q", "question": "Who?", "difficulty": {"steps": 3}, "tags": []})

    assert ("difficulty", "steps 3") in [(each.name, each.text) for each in fields]


def test_a_rejection_names_what_it_is_of():
    rows = Rows()
    rows.fields({"id": "q-1", "question": "Who?", "answer": "Ada"})
    fields = rows.fields({"item": "q-1", "reason": "answer_leak", "detail": "", "raw": ""})

    assert [each.text for each in fields] == ["answer_leak", "q-1: Who? — Ada"]
