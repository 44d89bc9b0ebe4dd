"""A pair is worth more where the reference asks for what was not found."""

import numpy as np
import pytest

from longhop.records.selection import FoundPair
from longhop.selection.need import weights_of_need, worths_by_id, worths_of_documents

MODES = np.asarray([0, 0, 1, 1], dtype=np.int32)


def test_what_was_found_as_the_reference_has_it_is_worth_the_same():
    assert weights_of_need(MODES, np.asarray([40, 40])) == pytest.approx([1, 1])
    assert weights_of_need(MODES, np.asarray([0, 0])) == pytest.approx([1, 1])


def test_a_mode_that_was_found_half_as_often_as_wanted_is_worth_double():
    few, many = weights_of_need(MODES, np.asarray([1000, 3000]))

    assert few / many == pytest.approx(2, rel=0.01)


def test_a_mode_of_which_most_was_found_is_worth_no_less_than_one_well_served():
    """Its pairs are wanted too, and to leave them costs more calls than it serves the others."""
    three = np.asarray([0, 0, 1, 1, 2, 2], dtype=np.int32)
    weights = weights_of_need(three, np.asarray([10, 1000, 2000]))

    assert weights[0] > 2 * weights[1]
    assert weights[1] == pytest.approx(weights[2], rel=0.01)


def test_the_pairs_found_so_far_are_worth_as_many_as_they_are():
    """Or rates before and after a round could not be compared."""
    found = np.asarray([10, 90])

    assert weights_of_need(MODES, found) @ found == pytest.approx(100)


def test_no_mode_is_worth_everything():
    never, always = weights_of_need(MODES, np.asarray([0, 10**6]))

    assert never / always < 11


def test_a_document_is_worth_what_its_pairs_are():
    served = np.asarray([[2, 0], [0, 2], [0, 10], [0, 0]], dtype=float)
    worths = worths_of_documents(served, MODES)

    assert worths[0] > 1.3 * worths[1]
    assert worths[2] == pytest.approx(5 * worths[1])
    assert worths[3] == 0
    assert worths.sum() == pytest.approx(14)


def pair(document: str, reference: int, *, relevant: bool = True, new: bool = True) -> FoundPair:
    return FoundPair(
        question_id=f"q-{document}-{reference}",
        document_id=document,
        closeness=0.9,
        reference=reference,
        relevant=relevant,
        new=new,
    )


def test_only_pairs_that_count_are_worth_anything():
    """A policy is paid for no others, whatever their mode."""
    found = [
        *(pair("many", 2) for _ in range(20)),
        pair("few", 0),
        pair("far", 0, relevant=False),
        pair("doubled", 0, new=False),
    ]
    worths = worths_by_id(found, MODES)

    assert set(worths) == {"many", "few"}
    assert worths["few"] > 3 * worths["many"] / 20
    assert sum(worths.values()) == pytest.approx(21)


def test_the_order_in_which_pairs_came_changes_no_worth():
    """Or a build would choose others where replies came in another order."""
    found = [pair(f"d{number % 7}", number % 3) for number in range(50)]

    assert worths_by_id(found, MODES) == worths_by_id(found[::-1], MODES)


def test_before_any_pair_nothing_is_worth_anything():
    assert worths_by_id([], MODES) == {}
