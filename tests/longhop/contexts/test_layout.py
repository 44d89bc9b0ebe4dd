"""Layouts: fixed by the row alone, every depth equally often."""

from collections import Counter

import pytest
from pydantic import ValidationError

from longhop.contexts.layout import lay_out
from longhop.records.examples import Template
from longhop.spec.sections import Contexts
from tests.fakes import BORN, FOUNDED, multi_hop


def row(number: int):
    return multi_hop(BORN, FOUNDED).model_copy(update={"id": f"m-{number}"})


def test_a_layout_rests_on_its_row_alone():
    plan = Contexts(tokens=(1024, 4096), templates=tuple(Template))
    layouts = [lay_out(row(number), plan, dataset="test") for number in range(50)]

    assert layouts == [lay_out(row(number), plan, dataset="test") for number in range(50)]
    assert {each.tokens for each in layouts} == {1024, 4096}
    assert {each.template for each in layouts} == set(Template)


def test_every_tenth_of_a_context_is_wanted_equally_often():
    tenths: Counter[int] = Counter()
    for number in range(1000):
        depths = lay_out(row(number), Contexts(), dataset="test").depths
        tenths.update(int(10 * each) for each in depths)

    assert set(tenths) == set(range(10))
    assert max(tenths.values()) < 1.5 * min(tenths.values())


def test_the_depths_of_a_row_lie_apart():
    for number in range(50):
        first, other = lay_out(row(number), Contexts(), dataset="test").depths

        assert abs(abs(first - other) - 0.5) < 0.001


def test_shares_above_the_whole_are_refused_with_what_is_too_much():
    with pytest.raises(
        ValidationError, match=r"add up to 1\.2, above 1: lower one of them by 0\.2"
    ):
        Contexts(same_cluster=0.5, retrieved=0.7)
