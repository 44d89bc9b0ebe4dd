"""Dates and amounts are read where they are sure, and nowhere else."""

import pytest

from longhop.values import comparable_value


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


def test_numbers_are_compared_within_their_unit():
    assert comparable_value("1,830 metres", is_date=False) == ((1830,), "m")
    assert comparable_value("3175米", is_date=False) == ((3175,), "m")
    assert comparable_value("two", is_date=False) is None
