"""Control arms: the same row, with less around it."""

import pytest

from longhop.contexts.arms import parts_of_arm
from longhop.contexts.composing import Composer, parts_of
from longhop.records.examples import Arm, Role
from tests.longhop.contexts.test_composing import TOKENIZER, compose, library, row

COMPOSER = Composer(library(), TOKENIZER)


def parts(arm: Arm, tokens: int = 2048):
    context, _ = compose(row(), tokens)
    return parts_of_arm(arm, row(), context, COMPOSER)


def test_without_a_context_there_is_nothing():
    assert parts(Arm.NONE) == []


def test_gold_is_the_supporting_documents_alone():
    assert {each.document_id for each in parts(Arm.GOLD)} == {"ada", "orlin"}


def test_each_number_of_documents_holds_the_smaller_ones():
    """Else two arms would differ in more than their number."""
    gold, one, five, ten = (set(parts(each, 8192)) for each in (Arm.GOLD, Arm.N1, Arm.N5, Arm.N10))

    assert gold == one
    assert one < five < ten
    assert (len(five), len(ten)) == (5, 10)


def test_arms_keep_the_order_of_the_context():
    context, _ = compose(row(), 8192)
    places = [
        parts_of(context).index(each) for each in parts_of_arm(Arm.N5, row(), context, COMPOSER)
    ]

    assert places == sorted(places)


@pytest.mark.parametrize("tokens", [1024, 4096])
def test_a_wrong_context_is_as_long_and_has_no_evidence(tokens: int):
    found = parts(Arm.WRONG, tokens)
    text, _ = COMPOSER.text(found, "en")

    assert all(each.role is not Role.SUPPORTING for each in found)
    assert 0.98 * tokens <= TOKENIZER.count(text) <= tokens
