"""Answers and names are compared by words."""

import pytest

from longhop.matching import comparable_value, mentions, normalise, same_answer


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Who founded Orlin?", "Orlin", True),
        ("Who founded Orlington?", "Orlin", False),
        ("Who founded the town of Orlin?", "the Orlin", True),
        ("谁创立了云禾？", "云禾", True),
        ("Who wrote The Salt Ledger?", "Salt Ledger (novel)", True),
        ("Who?", "", False),
    ],
)
def test_a_name_is_found_as_whole_words(text: str, name: str, found: bool):
    assert mentions(text, name) is found


@pytest.mark.parametrize(
    ("given", "expected", "same"),
    [
        ("the Orlin", "Orlin", True),
        ("in the town of Orlin", "Orlin", True),
        ("Orlin or Brackwater or Carrowmouth or Hallowick", "Orlin", False),
        ("12,400", "12,400 people", True),
        ("1640", "1641", False),
        ("", "Orlin", False),
        ("云禾", "云禾市", True),
    ],
)
def test_an_answer_may_carry_a_few_words_more(given: str, expected: str, same: bool):
    assert same_answer(given, expected) is same


def test_brackets_and_articles_do_not_tell_names_apart():
    assert normalise("The Salt Ledger (novel)") == normalise("Salt Ledger")


def test_dates_are_ordered_as_far_as_they_say():
    assert comparable_value("12 May 1912", is_date=True) == ((1912, 5, 12), "")
    assert comparable_value("May 12, 1912", is_date=True) == ((1912, 5, 12), "")
    assert comparable_value("1912", is_date=True) == ((1912, 0, 0), "")
    assert comparable_value("1914 to 1918", is_date=True) is None


def test_numbers_are_compared_within_their_unit():
    assert comparable_value("1,830 metres", is_date=False) == ((1830,), "m")
    assert comparable_value("3175米", is_date=False) == ((3175,), "m")
    assert comparable_value("two", is_date=False) is None
