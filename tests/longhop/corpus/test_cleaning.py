"""Cleaning: what is changed, what stays, and what is turned away."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longhop.corpus.cleaning import Cleaned, clean_document, clean_text
from longhop.corpus.cleaning.boilerplate import drop_boilerplate
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document
from longhop.spec.sections import Cleaning
from tests.fakes import document

PROSE = "The ferry at Orlin was founded by Ada Holm, and it still crosses the river twice a day. "
ODD = "\u200b\u200c\u200d\ufeff\xad\u202e\x00\x1b\r\n\t \xa0\u3000\u2028\u2029\x85\ud800é\u0301`|ب"
DUMP = "\n".join(f"{n:08x} {n**9 % 16**32:032x} {n**8 % 16**8:08x}" for n in range(99, 199))


def clean(text: str, *, license: str = "CC0-1.0", language: str = "", **plan: Any) -> Cleaned:
    page = Document(id="a", title="A page", text=text, license=license, language=language)
    return clean_document(page, Cleaning(**{"min_characters": 1, **plan}))


def text_of(cleaned: Cleaned) -> str:
    assert isinstance(cleaned.found, Document)
    return cleaned.found.text


def reason_of(cleaned: Cleaned) -> Reason:
    assert isinstance(cleaned.found, Rejection)
    return cleaned.found.reason


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("\ufeffA  line\r\nwith\x00 words \n\n\n\nspace ", "A line\nwith words\n\nspace"),
        ("one\rtwo\u2028three\x0cfour\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("e\u0301\u00a0a\u3000b\u2009c", "é a b c"),
        ("e\u200b\u0301", "é"),
        ("soft\xadly \u202eback\u202c \ud800half", "softly back \ufffdhalf"),
        ("it\x92s 2012\x9613", "it’s 2012–13"),
        ("\n  \n    indented = 1\n", "    indented = 1"),
    ],
)
def test_characters_and_white_space_have_one_form(raw: str, cleaned: str):
    assert clean_text(raw) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",  # a joiner shapes the word
        "क्‍ष and ന്‍",
        "👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "\ue000 private and \u0378 unassigned",
        "{{ name }} {% raw %} </document> <|endoftext|> $x$",
    ],
)
def test_what_a_script_an_emoji_or_a_template_is_made_of_stays(text: str):
    assert clean_text(text) == text


@pytest.mark.parametrize("text", ["a\u200db", "a\u200c", "\u200dक", "☃\u200b.", "☃\u200d."])
def test_a_joiner_that_joins_nothing_goes(text: str):
    assert len(clean_text(text)) == len(text) - 1


@pytest.mark.parametrize(
    "text",
    [
        "```py\nx  =  1   # one\n```",
        "~~~~\nx  =  1\n```\ny  =  2\n~~~~",
        "    x  =  1",
        "\tx  =  1",
        "| a   | b |\n|  1  |  2  |",
        "name\tsize  in  metres",
        "=====  =====\none    two\n=====  =====",
    ],
)
def test_spaces_stay_where_they_set_columns(text: str):
    assert clean_text(text) == text


def test_a_run_of_spaces_is_one_space_in_prose_and_indentation_stays():
    assert (
        clean_text("  - One.  Two.\n```\na  b\n```\nc   d") == "  - One. Two.\n```\na  b\n```\nc d"
    )


@given(st.text() | st.text(alphabet=ODD + "ab\n"))
def test_cleaning_twice_changes_nothing_more(text: str):
    assert clean_text(clean_text(text)) == clean_text(text)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            (
                "- 1 -", "- 2 -", "Page 3", "Page 4 of 9", "Accept all cookies", "words go on",
                "The Salt Ledger", "", "```", "*** START OF THE PROJECT GUTENBERG EBOOK A ***",
                "*** END OF THE PROJECT GUTENBERG EBOOK A ***", "The Project Gutenberg eBook",
                "x  y " * 99,
            )
        ),
        max_size=40,
    )
)  # fmt: skip
def test_a_clean_document_is_not_changed(lines: list[str]):
    once = clean("\n".join((*lines, PROSE)))
    if isinstance(once.found, Rejection):
        return
    twice = clean_document(once.found, Cleaning(min_characters=1))

    assert twice.found == once.found
    assert not twice.changes


def test_every_change_is_counted():
    cleaned = clean(f"\ufeff{PROSE}\r\n{PROSE}\x00e\u0301 \ud800\xa0.\nSkip to content\n")

    assert cleaned.changes == {
        "broken_characters": 1,
        "control_characters": 1,
        "invisible_characters": 1,
        "line_endings": 1,
        "white_space": 2,
        "unicode_form": 1,
        "boilerplate": 1,
        "language_detected": 1,
    }


def test_a_title_is_one_line():
    page = document("a", PROSE, title=" A\n title\u200b ")
    found = clean_document(page, Cleaning()).found

    assert isinstance(found, Document)
    assert found.title == "A title"


@pytest.mark.parametrize(
    ("text", "plan", "reason"),
    [
        ("short", {"min_characters": 80}, Reason.TOO_SHORT),
        (PROSE, {"max_characters": 50}, Reason.TOO_LONG),
        (PROSE, {"licenses": ("MIT",)}, Reason.NOT_ALLOWED),
        (PROSE, {"languages": ("zh", "fr")}, Reason.UNWANTED_LANGUAGE),
        ("Write to ada@orlin.org. " + PROSE, {"personal_data": "reject"}, Reason.PERSONAL_DATA),
        ("12 31 417\n" * 40, {}, Reason.NOT_PROSE),
        ("TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24\n" * 9, {}, Reason.NOT_PROSE),
        (DUMP, {}, Reason.NOT_PROSE),
        ("PK\x03\x04\x00abc\x00\x01\x02" * 40, {}, Reason.NOT_PROSE),
        ("---- **** ////\n" * 40, {}, Reason.NOT_PROSE),
    ],
)
def test_a_document_is_turned_away_with_its_reason(text: str, plan: dict[str, Any], reason: Reason):
    assert reason_of(clean(text, **plan)) is reason


@pytest.mark.parametrize(
    "text",
    [
        "def add(a, b):\n    return a + b",
        "\\frac{1}{n} \\sum_{i=1}^n x_i \\to \\mu \\quad \\text{almost surely}",
        "| year | ferries |\n| 1833 | 4 |\n| 1841 | 17 |",
        "- 2 cups flour\n- 1/2 tsp salt\n- 200 ml milk\nBake 20 min at 180 C.",
        "鹭澜江发源于墨屏山。",
        "ความเร็วของเรือ",
        "تأسست المدينة في القرن الثاني عشر",
    ],
)
def test_code_formulae_tables_and_any_script_are_something_to_read(text: str):
    assert text_of(clean(text)) == text


def test_licences_are_compared_by_their_words():
    cleaned = clean(PROSE, license="CC BY-SA 3.0", licenses=("cc-by-sa-3.0",))

    assert isinstance(cleaned.found, Document)


def test_a_given_language_is_kept_as_its_code_and_another_is_detected():
    languages = {"en-US": "en", "zho": "zh", "FR": "fr", "": "en", "und": "en", "English": "en"}
    found = {given: clean(PROSE, language=given).found for given in languages}

    assert {given: page.language for given, page in found.items()} == languages  # type: ignore[union-attr]


def test_personal_data_is_masked_and_leaves_no_trace_in_what_is_turned_away():
    masked = clean(f"Write to ada@orlin.org. {PROSE}", personal_data="mask")
    short = clean("ada@orlin.org", personal_data="mask", min_characters=80)

    assert text_of(masked).startswith("Write to [email]. The ferry")
    assert masked.changes["personal_data"] == 1
    assert "ada@" not in str(short.found)


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content",
        "We use cookies to improve your experience.",
        "Accept all cookies",
        "Share this article on Facebook",
        "© 2021 Orlin Press. All rights reserved.",
        "Page 3 of 12",
        "第 3 页 共 12 页",
        "版权所有 © 2020 云川日报",
        "分享到：微信 微博",
        "Alle Rechte vorbehalten.",
        "جميع الحقوق محفوظة",
        "Все права защищены",
        "Zum Inhalt springen",
    ],
)
def test_a_line_of_a_page_around_the_text_goes(line: str):
    assert drop_boilerplate(f"One.\n{line}\nTwo.") == ("One.\nTwo.", 1)


@pytest.mark.parametrize(
    "text",
    [
        "- 1\n- 2\n- 3",
        "Cookies are baked for ten minutes.\nWe use cookie cutters.",
        "Share the dough.\nAdvertisements were rare in 1833.\nThe rights of all.",
        "3\n4\n5",
        "- 3 -\n- 1 -\n- 9 -",
        "\n".join(f"{PROSE}\n{PROSE * 12}\nSummary" for _ in range(9)),
        f"{PROSE * 12}\nHere stands the same form,\nThat is filled in each\nday anew.\n" * 9,
        "\n".join(f"{PROSE}\n{PROSE * 12}\n\nThe Salt Ledger\n\n{PROSE}" for _ in range(9)),
    ],
)
def test_what_only_looks_like_boilerplate_stays(text: str):
    """Headings come again and again too, but stand between whole sentences."""
    assert drop_boilerplate(text) == (text, 0)


def test_page_numbers_go_where_they_count_the_pages():
    assert drop_boilerplate("a\n- 3 -\nb\n- 4 -\nc\n- 5 -\nd") == ("a\nb\nc\nd", 3)


def test_a_running_header_that_breaks_sentences_goes():
    page = "{0} {1}\nand so {0} went\n\nThe Salt Ledger\n\non to {0} for another year.\n"

    text, dropped = drop_boilerplate("".join(page.format(n, PROSE * 12) for n in range(6)))

    assert dropped == 6
    assert "Salt Ledger" not in text


def test_what_a_library_prints_around_a_book_goes():
    head = "The Project Gutenberg eBook of A Ferry\n\nTitle: A Ferry\n\n"
    start = "*** START OF THE PROJECT GUTENBERG EBOOK A FERRY ***\n"
    foot = "\n*** END OF THE PROJECT GUTENBERG EBOOK A FERRY ***\nUpdated editions …\n"

    text, dropped = drop_boilerplate(f"{head}{start}{PROSE}\n{foot}")

    assert text.strip() == PROSE.strip()
    assert dropped > 5
