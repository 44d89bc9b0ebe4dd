"""What is left, estimated from what came."""

from dataclasses import replace

import numpy as np
import pytest

from longhop.selection.ledger import Outcome, nothing_asked
from longhop.selection.policies import policy_of
from longhop.selection.remaining import look_ahead
from tests.longhop.selection.made import after, answers, ask_all, made_field


def chance() -> np.random.Generator:
    return np.random.default_rng(0)


def half_asked():
    """A field of which half was asked by chance, and what its documents give."""
    field = made_field(1200, clusters=60)
    given = answers(field, good=tuple(range(9)))
    choice = policy_of("random").choose(field, nothing_asked(4), 600, chance())
    return field, given, after(nothing_asked(4), choice, given)


def test_nothing_is_foreseen_before_any_answered():
    field = made_field()
    choice = policy_of("random").choose(field, nothing_asked(4), 20, chance())

    assert look_ahead(field, nothing_asked(4), 10) is None
    for outcome in (Outcome.IN_FLIGHT, Outcome.FAILED):
        assert look_ahead(field, after(nothing_asked(4), choice, np.ones(300), outcome), 9) is None


def test_what_is_left_is_told_where_half_was_drawn_by_chance():
    field, given, ledger = half_asked()
    outlook = look_ahead(field, ledger, 50)
    truth = given.sum() - given[ledger.documents].sum()

    assert outlook is not None
    assert outlook.remaining == pytest.approx(truth, rel=0.15)
    assert outlook.rate == pytest.approx(2, rel=0.15)


def test_the_next_documents_give_less_once_the_best_are_gone():
    field, _, ledger = half_asked()
    many, few = look_ahead(field, ledger, 600), look_ahead(field, ledger, 20)

    assert many is not None
    assert few is not None
    assert many.rate * 600 == pytest.approx(many.remaining, rel=1e-3)
    assert few.rate > 3 * many.rate


def test_nothing_is_left_where_all_were_asked():
    field = made_field(100)
    outlook = look_ahead(field, ask_all(policy_of("random"), field, answers(field), 40), 10)

    assert outlook is not None
    assert (outlook.remaining, outlook.rate) == (0, 0)


def test_what_is_in_flight_is_not_left():
    field, given, ledger = half_asked()
    choice = policy_of("hybrid").choose(field, ledger, 100, chance())
    before = look_ahead(field, ledger, 10)
    after_it = look_ahead(field, after(ledger, choice, given, Outcome.IN_FLIGHT), 10)

    assert before is not None
    assert after_it is not None
    assert after_it.remaining < 0.2 * before.remaining


def test_where_all_is_found_little_is_left():
    """A policy takes what its sources praise: of the rest, only what was drawn by chance tells."""
    field = made_field(3000, clusters=60)
    given = answers(field, good=tuple(range(9)))
    ledger = nothing_asked(4)
    for number in range(7):
        rng = np.random.default_rng([3, number])
        ledger = after(ledger, policy_of("hybrid").choose(field, ledger, 100, rng), given)
    outlook = look_ahead(field, ledger, 50)

    assert outlook is not None
    assert given.sum() == given[ledger.documents].sum()
    assert outlook.remaining < 0.05 * given.sum()


def test_what_a_pair_is_worth_does_not_change_how_many_are_left():
    field, _, ledger = half_asked()
    plain = look_ahead(field, ledger, 50)
    weighed = look_ahead(field, replace(ledger, worths=3 * ledger.rewards), 50)

    assert plain is not None
    assert weighed is not None
    assert weighed.remaining == plain.remaining


def test_where_nothing_was_found_little_is_expected():
    field, _, ledger = half_asked()
    outlook = look_ahead(field, replace(ledger, rewards=np.zeros(600)), 10)

    assert outlook is not None
    assert 0 <= outlook.remaining < 1
