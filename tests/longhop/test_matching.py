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
        ("President Obama", "Obama", True),
        ("Tolle", "Brisa Tolle", True),
        ("Brisa Tolle", "Tolle", False),
        ("New York", "York", False),
        ("Orlin or Luvane", "Orlin", False),
        ("not Orlin", "Orlin", False),
        ("Orlin", "Orlin, Luvane, Tasby", False),
        ("5 million people", "3.5 million people", False),
        ("3", "3.5 million people", False),
        ("1,200,000", "200,000", False),
        ("5", "-5", False),
        ("$5", "€5", False),
        ("2000", "2,000", True),
        ("12 May 1912", "May 12, 1912", True),
        ("in 1640", "1640", True),
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


@pytest.mark.parametrize(
    "text", ["1250 BC", "公元前1250年", "AH 1200", "1990s", "before 1700", "1200 years ago"]
)
def test_what_is_no_sure_year_is_not_ordered(text: str):
    """1250 BC is earlier than 1100 BC, and nobody knows when "before 1700" was."""
    assert comparable_value(text, is_date=True) is None


@pytest.mark.parametrize(
    "text", ["minus 5", "more than 5", "3,5", "1.234,5", "3½", "5 to 7", "9" * 400, "at least 12"]
)
def test_what_is_no_sure_amount_is_not_weighed(text: str):
    """A comma is a point in half of the world."""
    assert comparable_value(text, is_date=False) is None


def test_signs_and_currencies_are_part_of_an_amount():
    assert comparable_value("−5 °C", is_date=False) == ((-5,), "c")
    assert comparable_value("$5 million", is_date=False) == ((5_000_000,), "usd")
    assert comparable_value("€5 million", is_date=False) == ((5_000_000,), "eur")


def test_a_number_is_one_word():
    assert not mentions("3.5 million people live there", "5 million")
    assert not mentions("12,345 people live there", "345")
    assert mentions("12,345 people live there", "12345")


def test_numbers_are_compared_within_their_unit():
    assert comparable_value("1,830 metres", is_date=False) == ((1830,), "m")
    assert comparable_value("3175米", is_date=False) == ((3175,), "m")
    assert comparable_value("two", is_date=False) is None
