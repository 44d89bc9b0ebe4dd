"""Distances to a reference: exact, and comparable whatever the number of pairs."""

import numpy as np
import ot
import pytest
from scipy.optimize import linear_sum_assignment

from longhop.selection.transport import (
    EXACT,
    LARGEST,
    comparable_distance,
    distance,
    draw_rows,
    nearest_cost,
    nearest_costs,
)


def units(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def draw(rows: int, rng: np.random.Generator, modes: int = 8) -> np.ndarray:
    """Vectors around so many of eight middles."""
    middles = np.random.default_rng(99).normal(size=(8, 32))
    return units(middles[rng.integers(0, modes, rows)] + 0.7 * rng.normal(size=(rows, 32)))


REFERENCE = draw(100, np.random.default_rng(1))


@pytest.mark.parametrize(("left", "right"), [(1, 1), (1, 7), (30, 100), (300, 300)])
def test_exact_is_what_pot_says(left: int, right: int):
    rng = np.random.default_rng(2)
    a, b = draw(left, rng), draw(right, rng)
    costs = 1 - a.astype(float) @ b.astype(float).T

    even = np.full(left, 1 / left), np.full(right, 1 / right)
    assert distance(a, b, "exact") == pytest.approx(ot.emd2(*even, costs), abs=1e-6)


def test_exact_is_the_best_assignment_of_as_many():
    """Told by another library, which knows nothing of transport."""
    rng = np.random.default_rng(3)
    a, b = draw(40, rng), draw(40, rng)
    costs = 1 - a.astype(float) @ b.astype(float).T

    assert distance(a, b) == pytest.approx(costs[linear_sum_assignment(costs)].mean(), abs=1e-6)


def test_a_plan_with_entropy_costs_little_more_than_the_best():
    pairs = draw(60, np.random.default_rng(4))
    exact, entropic = distance(pairs, REFERENCE, "exact"), distance(pairs, REFERENCE, "sinkhorn")

    assert exact <= entropic <= exact + 0.1


def test_the_divergence_is_nothing_between_equal_sets_and_more_the_less_alike_they_are():
    rng = np.random.default_rng(5)
    alike, part, other = draw(80, rng), draw(80, rng, modes=1), units(rng.normal(size=(80, 32)))
    found = [distance(each, REFERENCE, "divergence") for each in (alike, part, other)]

    assert distance(REFERENCE, REFERENCE[::-1], "divergence") == pytest.approx(0, abs=1e-6)
    assert 0 < found[0] < found[1] < found[2]


def test_many_rows_are_moved_with_entropy_and_more_are_refused():
    many = draw(EXACT + 1, np.random.default_rng(6))

    assert distance(many, REFERENCE) == distance(many, REFERENCE, "sinkhorn")
    with pytest.raises(ValueError, match="2001 vectors; 2000 is the most"):
        distance(draw(LARGEST + 1, np.random.default_rng(6)), REFERENCE)
    with pytest.raises(ValueError, match="between 0 and 100"):
        distance(many[:0], REFERENCE)


def test_few_pairs_are_as_far_as_many_of_the_same_kind():
    """Or a cluster would look better merely for having been asked more often."""
    rng = np.random.default_rng(7)
    few = [draw(5, rng) for _ in range(2400)]
    many = [draw(300, rng) for _ in range(40)]
    comparable = [
        np.mean([comparable_distance(each, REFERENCE, rng, size=5, draws=60) for each in pools])
        for pools in (few, many)
    ]
    naive = [
        np.mean([distance(each, REFERENCE, "exact") for each in pools])
        for pools in (few[:200], many[:10])
    ]
    one_sided = [np.mean([nearest_cost(each, REFERENCE) for each in p]) for p in (few, many)]

    assert abs(comparable[1] / comparable[0] - 1) <= 0.01
    assert abs(one_sided[1] / one_sided[0] - 1) <= 0.01
    assert naive[1] / naive[0] < 0.85


def test_draws_take_every_pair_about_equally_often():
    """With whole shuffles, the mean of one-sided figures is that of all pairs, without chance."""
    pairs = draw(20, np.random.default_rng(8))
    point = REFERENCE[:1]
    found = comparable_distance(pairs, point, np.random.default_rng(0), size=5, draws=40)

    assert found == pytest.approx(distance(pairs, point), abs=1e-6)


def test_too_few_pairs_are_not_compared():
    with pytest.raises(ValueError, match="4 pairs are too few for draws of 5"):
        comparable_distance(REFERENCE[:4], REFERENCE, np.random.default_rng(0), size=5)


def test_a_specialist_is_near_though_it_is_far_from_the_whole():
    """EQUAL's distance to the whole reference calls what is good at one of its parts bad."""
    rng = np.random.default_rng(9)
    specialist, mixed = draw(100, rng, modes=1), draw(100, rng)
    mixed[:50] = units(rng.normal(size=(50, 32)))

    assert distance(specialist, REFERENCE) > distance(mixed, REFERENCE)
    assert nearest_cost(specialist, REFERENCE) < nearest_cost(mixed, REFERENCE)


def test_a_pair_costs_what_the_way_to_its_nearest_reference_costs():
    costs = nearest_costs(np.concatenate([REFERENCE[3:4], -REFERENCE[:1]]), REFERENCE[:4])

    assert costs[0] == pytest.approx(0, abs=1e-6)
    assert costs[1] == pytest.approx(1 + (REFERENCE[:4] @ REFERENCE[0]).min(), abs=1e-5)


def test_rows_are_drawn_once_each_and_all_where_they_fit():
    rows = np.arange(50, dtype=np.float32)[:, None]

    assert draw_rows(rows, 50, np.random.default_rng(0)) is rows
    assert len({float(each) for each in draw_rows(rows, 20, np.random.default_rng(0))[:, 0]}) == 20
