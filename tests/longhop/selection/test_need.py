"""A pair is worth more where the reference asks for what was not found."""

import numpy as np
import pytest

from longhop.selection.need import weights_of_need

MODES = np.asarray([0, 0, 1, 1], dtype=np.int32)


def test_what_was_found_as_the_reference_has_it_is_worth_the_same():
    assert weights_of_need(MODES, np.asarray([40, 40])) == pytest.approx([1, 1])
    assert weights_of_need(MODES, np.asarray([0, 0])) == pytest.approx([1, 1])


def test_a_mode_that_was_found_a_third_as_often_is_worth_three_times_as_much():
    few, many = weights_of_need(MODES, np.asarray([1000, 3000]))

    assert few / many == pytest.approx(3, rel=0.01)


def test_the_pairs_found_so_far_are_worth_as_many_as_they_are():
    """Or rates before and after a round could not be compared."""
    found = np.asarray([10, 90])

    assert weights_of_need(MODES, found) @ found == pytest.approx(100)


def test_no_mode_is_worth_everything():
    never, always = weights_of_need(MODES, np.asarray([0, 10**6]))

    assert never / always < 11
