"""A document neither asks its question again nor pastes a long answer, and covers what it names."""

import pytest

from longhop.contexts.copying import (
    find_copied,
    longest_run,
    restates,
    share_of_runs,
    told_of,
    untold,
)
from longhop.records.accounts import Reason

ANSWER = (
    "The council of Bramwick spent 1,200 marks on the bridge in 1820 and then another 300 on the"
    " road to Tolverton, which Edwin Sayle opened in the spring of the following year."
)
TOLD = (
    "In 1820 a sum of 1,200 marks was given by Bramwick for its bridge. A year later, with 300"
    " more, the way that leads to Tolverton was done; it was Edwin Sayle who cut the ribbon."
)


def test_a_document_in_other_words_that_has_names_and_numbers_passes():
    assert find_copied(ANSWER, TOLD, "en") is None


def test_a_pasted_answer_is_found():
    reason, detail = find_copied(ANSWER, f"It is told: {ANSWER}", "en") or (None, "")

    assert reason is Reason.ANSWER_COPIED
    assert "words of the answer in a row, 15 at most" in detail


def test_an_answer_pasted_in_pieces_is_found():
    words = ANSWER.split()
    pieces = " So it was. ".join(" ".join(words[at : at + 13]) for at in range(0, len(words), 13))

    assert longest_run(ANSWER, pieces) <= 15
    assert share_of_runs(ANSWER, pieces) > 0.3
    assert (find_copied(ANSWER, pieces, "en") or ("",))[0] is Reason.ANSWER_COPIED


def test_what_leaves_names_out_is_found():
    reason, detail = find_copied(ANSWER, TOLD.replace("Tolverton", "the town"), "en") or (None, "")

    assert reason is Reason.ANSWER_NOT_COVERED
    assert "'Tolverton'" in detail


def test_numbers_count_in_any_spelling():
    assert told_of(ANSWER, "en") == ["Bramwick", "Tolverton", "Edwin Sayle", "1,200", "1820", "300"]
    assert untold(ANSWER, TOLD.replace("1,200", "1200"), "en") == []


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("Who repaired the Halden clock?", "She asked who repaired the Halden clock, again.", True),
        ("Who repaired the Halden clock?", "The Halden clock was repaired.", False),
        ("Who founded Orlin?", "Brisa, who founded Orlin, was young.", False),
        (
            "In which of the towns on the Sorrel was the clock of Halden first repaired, and why?",
            "Nobody knew on which of the towns on the Sorrel was the clock of Halden so small.",
            True,
        ),
        ("谁修好了哈尔登的大钟", "有人问谁修好了哈尔登的大钟。", True),
        ("谁修好了哈尔登的大钟", "哈尔登的大钟由米拉修好了。", False),
    ],
)
def test_a_restated_question_is_found(question: str, text: str, found: bool):
    assert restates(question, text) is found


def test_what_is_quoted_is_a_name_only_if_it_is_written_like_one():
    said = 'He wrote "During my absence all was lost" and read "The Salt Ledger" in Orlin.'

    assert set(told_of(said, "en")) == {"The Salt Ledger", "Orlin"}
