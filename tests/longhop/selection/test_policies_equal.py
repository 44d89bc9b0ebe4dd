"""The bandit of EQUAL as published: its sweep, its score, its exploration."""

from dataclasses import replace

import numpy as np
import pytest

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger, Outcome, nothing_asked
from longhop.selection.policies import policy_of
from longhop.selection.policies.arms import arms_of, pull
from tests.longhop.selection.made import after, answers, made_field

AXES = np.eye(4, dtype=np.float32)


def chance() -> np.random.Generator:
    return np.random.default_rng(0)


def swept(field: Field, vectors: dict[int, np.ndarray]) -> Ledger:
    """One pull of ten of every arm, each document with the pair that its arm gives, if any."""
    choice = policy_of("equal").choose(field, nothing_asked(4), 10 * 3, chance())
    ledger = after(nothing_asked(4), choice, answers(field, good=()))
    places = [place for place, row in enumerate(ledger.documents) if field.clusters[row] in vectors]
    pairs = [vectors[field.clusters[ledger.documents[place]]] for place in places]
    return replace(ledger, pairs=np.stack(pairs), pair_of=np.asarray(places))


def three_arms() -> Field:
    return replace(made_field(90, clusters=3), reference=AXES[:1])


def test_every_arm_is_pulled_once_before_any_is_pulled_twice():
    field = made_field(150, clusters=5)
    policy, ledger, arms = policy_of("equal"), nothing_asked(4), []
    for _ in range(6):
        choice = policy.choose(field, ledger, 10, chance())
        assert len(set(field.clusters[choice.documents])) == 1
        arms.append(int(field.clusters[choice.documents[0]]))
        ledger = after(ledger, choice, answers(field))

    assert arms[:5] == [0, 1, 2, 3, 4]
    assert choice.reasons == ("chosen",) * 10


def test_a_round_pulls_as_many_different_arms_as_it_has_pulls():
    field = made_field(150, clusters=5)
    choice = policy_of("equal").choose(field, nothing_asked(4), 30, chance())

    assert np.bincount(field.clusters[choice.documents]).tolist() == [10, 10, 10]


def test_the_score_is_similarity_by_transport_and_a_bonus_that_vanishes():
    """DS = 1 - OT + α √(2 ln ΣT / T) with α = 1 / (ΣT + 1), after three pulls of three arms."""
    field = three_arms()
    half = np.asarray([0.6, 0.8, 0, 0], dtype=np.float32)
    ledger = swept(field, {0: AXES[1], 1: half, 2: AXES[2]})
    choice = policy_of("equal").choose(field, ledger, 10, chance())

    assert set(field.clusters[choice.documents]) == {1}
    assert choice.scores[0] == pytest.approx(0.6 + np.sqrt(2 * np.log(3)) / 4, abs=1e-6)


def test_all_pairs_of_an_arm_count_and_not_those_of_its_last_pull():
    field = three_arms()
    ledger = swept(field, {0: AXES[0], 1: AXES[1], 2: AXES[1]})
    choice = policy_of("equal").choose(field, ledger, 10, chance())
    later = after(ledger, choice, answers(field, good=()))
    places = np.arange(len(ledger), len(later))
    later = replace(
        later,
        pairs=np.concatenate([ledger.pairs, np.repeat(AXES[1:2], 10, axis=0)]),
        pair_of=np.concatenate([ledger.pair_of, places]),
    )
    again = policy_of("equal").choose(field, later, 10, chance())

    assert set(field.clusters[choice.documents]) == set(field.clusters[again.documents]) == {0}
    assert again.scores[0] == pytest.approx(0.5 + np.sqrt(2 * np.log(4) / 2) / 5, abs=1e-6)


def test_an_arm_that_gave_no_pairs_comes_last():
    field = three_arms()
    ledger = swept(field, {0: -AXES[0] + 0.1 * AXES[1], 1: AXES[0]})
    choice = policy_of("equal").choose(field, ledger, 60, chance())

    assert np.bincount(field.clusters[choice.documents]).tolist() == [20, 20, 20]
    assert field.clusters[choice.documents[-1]] == 2


def test_a_distance_that_is_remembered_is_that_of_the_same_pairs():
    """A policy may be asked about one field and then another."""
    field, policy = three_arms(), policy_of("equal")
    near, far = swept(field, {0: AXES[0]}), swept(field, {0: AXES[1]})
    first = policy.choose(field, near, 10, chance())
    second = policy.choose(field, far, 10, chance())

    assert first.scores[0] - second.scores[0] == pytest.approx(1.0, abs=1e-6)


def test_without_a_reference_it_draws_by_chance():
    field = made_field(90, aimed=False)
    choice = policy_of("equal").choose(field, nothing_asked(4), 20, chance())

    assert field.rank[choice.documents].tolist() == list(range(20))


def test_an_arm_knows_what_is_left_of_it_and_what_it_gave():
    field = made_field(30, clusters=3)
    ledger = Ledger(
        documents=np.asarray([0, 3, 1]),
        rounds=np.zeros(3, dtype=np.int64),
        outcomes=np.asarray([Outcome.DONE, Outcome.FAILED, Outcome.IN_FLIGHT]),
        rewards=np.asarray([2.0, 0.0, 0.0]),
        pairs=np.zeros((0, 4), np.float32),
        pair_of=np.zeros(0, dtype=np.int64),
    )
    arms = arms_of(field, ledger)

    assert arms.asked.tolist() == [2, 1, 0]
    assert arms.remaining.tolist() == [8, 9, 10]
    assert arms.known.tolist() == [1, 0, 0]
    assert arms.given.tolist() == [2, 0, 0]


def test_pulls_go_round_until_there_are_enough():
    order, remaining = np.asarray([2, 0]), np.asarray([25, 9, 12])

    assert pull(order, remaining, 15, 10).tolist() == [5, 0, 10]
    assert pull(order, remaining, 35, 10).tolist() == [23, 0, 12]
    assert pull(order, remaining, 999, 10).tolist() == [25, 0, 12]
