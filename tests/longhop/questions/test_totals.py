"""Totals are right to the digit, and are made only where a sum means something."""

import pytest

from longhop.questions.totals import add_up, is_additive
from longhop.records.questions import AnswerKind
from tests.fakes import single_hop


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        (("1,200 people", "800"), "2,000 people"),
        (("0.1 km", "0.2 km"), "0.3 km"),
        (("3.2 million", "1.9 million"), "5.1 million"),
        (("38600人", "214000人"), "252600人"),
        (("1.7 million", "530,000"), None),
        (("12 km", "9 miles"), None),
        (("twelve", "9"), None),
    ],
)
def test_a_total_is_worded_as_its_parts_are(answers: tuple[str, str], total: str | None):
    assert add_up(answers) == total


@pytest.mark.parametrize(
    ("relation", "answer", "additive"),
    [
        ("population", "1,200", True),
        ("area", "12 km²", True),
        ("number of bridges", "12", True),
        ("rank", "4th", False),
        ("life expectancy", "71", False),
        ("population density", "12 per km", False),
        ("share of the vote", "12%", False),
        ("elevation", "120 m", False),
        ("人口", "38600人", True),
        ("海拔", "120米", False),
    ],
)
def test_what_is_no_amount_has_no_total(relation: str, answer: str, additive: bool):
    question = single_hop("?", answer, "Orlin", relation=relation, kind=AnswerKind.NUMBER)

    assert is_additive(question) is additive
