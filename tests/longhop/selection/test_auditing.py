"""A part of each round is drawn by chance, with probabilities that are known."""

from dataclasses import replace

import numpy as np
import pytest

from longhop.selection.ledger import nothing_asked
from longhop.selection.policies import policy_of
from longhop.selection.policies.auditing import SHARE, draw_audit, inclusion_chances
from longhop.selection.policies.prior import prior_rates
from tests.longhop.selection.made import after, answers, ask_all, made_field


def draw(seed: int, size: int = 40):
    field = made_field(500)
    rates = np.random.default_rng(1).gamma(0.3, 1, 500)
    rows = np.arange(500)
    return rates, *draw_audit(rows, rates, size, field, np.random.default_rng(seed))


@pytest.mark.parametrize("number", [1, 7, 199, 200])
def test_probabilities_sum_to_how_many_are_drawn_and_none_is_above_one(number: int):
    sizes = np.random.default_rng(0).gamma(0.2, 1, 200) + 1e-9
    chances = inclusion_chances(sizes, number)

    assert chances.sum() == pytest.approx(number)
    assert chances.min() > 0 and chances.max() <= 1
    assert (np.diff(chances[np.argsort(sizes)]) >= -1e-12).all()


@pytest.mark.parametrize("seed", range(20))
def test_as_many_are_drawn_as_were_wanted_and_none_twice(seed: int):
    _, drawn, chances = draw(seed)

    assert len(set(drawn.tolist())) == len(drawn) == len(chances) == 40


def test_each_is_drawn_as_often_as_its_probability_says():
    """Or what was drawn could not tell what was not."""
    times, told = np.zeros(500), np.zeros(500)
    for seed in range(2000):
        _, drawn, chances = draw(seed)
        times[drawn] += 1
        told[drawn] = chances

    assert times[told > 0] / 2000 == pytest.approx(told[told > 0], abs=0.05)
    assert (times[told > 0] / 2000 - told[told > 0]).mean() == pytest.approx(0, abs=2e-3)


def test_what_was_drawn_tells_the_sum_of_all():
    """Each counts for one over its probability (Horvitz and Thompson 1952)."""
    sums = [(rates[drawn] / chances).sum() for rates, drawn, chances in map(draw, range(300))]

    assert np.mean(sums) == pytest.approx(draw(0)[0].sum(), rel=0.01)


def test_none_are_drawn_of_none():
    field = made_field(20)
    nobody = np.zeros(0, dtype=np.int64)

    for rows, size in ((nobody, 5), (np.arange(20), 0)):
        drawn, chances = draw_audit(rows, np.ones(len(rows)), size, field, np.random.default_rng(0))
        assert len(drawn) == len(chances) == 0


def test_a_share_of_a_round_is_left_to_chance_and_says_so():
    field = made_field(600, clusters=60)
    ledger = after(nothing_asked(4), first := policy_of("hybrid").choose(
        field, nothing_asked(4), 60, np.random.default_rng(0)), answers(field))  # fmt: skip
    choice = policy_of("hybrid").choose(field, ledger, 100, np.random.default_rng(0))
    audit = np.asarray([each == "audit" for each in choice.reasons])

    assert len(set(choice.documents.tolist()) | set(first.documents.tolist())) == 160
    assert audit.sum() == pytest.approx(SHARE * 100, abs=1)
    assert (choice.by_chance[audit] > 0).all() and (choice.by_chance[~audit] == 0).all()
    assert (first.by_chance > 0).sum() == 30, "the uniform half of the first round"


def test_without_an_audit_nothing_after_the_first_round_is_left_to_chance():
    """Whoever wants calls more than the estimate can have them."""
    field = made_field(600, clusters=60)
    ledger = ask_all(policy_of("hybrid", audited=0.0), field, answers(field), 60)

    assert (ledger.by_chance[ledger.rounds > 0] == 0).all()
    assert (ledger.by_chance[ledger.rounds == 0] > 0).sum() == 30


def test_who_is_audited_is_decided_by_the_ledger_and_the_round_alone():
    """A build that was stopped draws the same again."""
    field = made_field(600, clusters=60)
    both = [ask_all(policy_of("hybrid"), field, answers(field), 60) for _ in range(2)]

    assert (both[0].documents == both[1].documents).all()
    assert (both[0].by_chance == both[1].by_chance).all()


def test_small_rounds_are_audited_as_often_as_large_ones():
    """Of rounds of three, one in three or four has a document drawn by chance."""
    field = made_field(600, clusters=60)
    ledger = ask_all(policy_of("hybrid"), field, answers(field), 3)
    late = ledger.rounds > 0

    assert (ledger.by_chance[late] > 0).mean() == pytest.approx(SHARE, abs=0.03)


def test_all_that_is_left_is_taken_where_a_round_has_room_for_it():
    field = made_field(150)
    ledger = ask_all(policy_of("hybrid"), field, answers(field), 40)

    assert sorted(ledger.documents.tolist()) == list(range(150))


def test_closeness_is_judged_by_what_was_drawn_by_chance_and_not_by_what_was_chosen():
    """What was chosen was chosen for its cluster; closeness would be credited with it."""
    field = made_field(600, clusters=60)
    ledger = ask_all(policy_of("hybrid"), field, answers(field), 60)
    late = ledger.rounds > 3

    def without(which: np.ndarray):
        return replace(ledger, rewards=np.where(late & which, 9.0, ledger.rewards))

    drawn = ledger.by_chance > 0
    assert (prior_rates(field, without(~drawn)) == prior_rates(field, ledger)).all()
    assert (prior_rates(field, without(drawn)) != prior_rates(field, ledger)).any()
