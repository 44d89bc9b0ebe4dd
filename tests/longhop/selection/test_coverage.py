"""What of a reference is covered, mode by mode, and what chance would have covered."""

import numpy as np
import pytest
from scipy.stats import kstest

from longhop.selection.chance import chance_of
from longhop.selection.coverage import cover, find_modes
from longhop.selection.transport import nearest_costs

RNG = np.random.default_rng(0)
MIDDLES = RNG.normal(size=(4, 24))


def around(mode: int, rows: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    vectors = MIDDLES[mode] + 0.3 * rng.normal(size=(rows, 24))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


REFERENCE = np.concatenate([around(mode, 25, mode) for mode in range(4)])


def test_modes_are_the_groups_of_the_reference():
    modes = find_modes(REFERENCE, 4)

    assert sorted(np.bincount(modes)) == [25] * 4
    assert all(len(set(modes[at : at + 25])) == 1 for at in (0, 25, 50, 75))


@pytest.mark.parametrize("references", [1, 3, 9])
def test_a_small_reference_has_one_mode(references: int):
    assert set(find_modes(REFERENCE[:references])) == {0}


def test_a_repeated_reference_is_one_mode():
    assert set(find_modes(np.repeat(REFERENCE[:1], 40, axis=0))) == {0}


def test_a_pool_of_one_mode_covers_that_mode_alone():
    modes = np.repeat(np.arange(4, dtype=np.int32), 25)
    covered = cover(around(2, 300, 9), REFERENCE, modes, 0.9)

    assert covered[2] > 0.9
    assert covered[[0, 1, 3]].max() == 0


def test_a_pair_covers_the_references_it_is_near_to_and_no_pair_covers_none():
    modes = np.repeat(np.arange(4, dtype=np.int32), 25)

    assert cover(REFERENCE[:5], REFERENCE, modes, 0.9999) == pytest.approx([0.2, 0, 0, 0])
    assert not cover(REFERENCE[:0], REFERENCE, modes, 0.5).any()


def test_a_pool_drawn_by_chance_has_evenly_spread_chances():
    """Else the figure would say of pools that they are near, or far, that are neither."""
    pairs = np.concatenate([around(0, 60, 5), RNG.normal(size=(340, 24)).astype(np.float32)])
    costs = nearest_costs(pairs, REFERENCE)
    rng = np.random.default_rng(11)
    found = [
        chance_of(
            rng.choice(400, 30, replace=False), 400, lambda rows: costs[rows].mean(), rng, draws=99
        )
        for _ in range(300)
    ]

    assert kstest(found, "uniform").pvalue > 0.01
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.04)


def test_a_pool_of_the_nearest_pairs_is_not_put_down_to_chance():
    pairs = np.concatenate([around(0, 60, 5), -around(1, 340, 6)])
    costs = nearest_costs(pairs, REFERENCE)
    rng = np.random.default_rng(12)
    chance = chance_of(np.arange(30), 400, lambda rows: costs[rows].mean(), rng)

    assert chance == 1 / 200
    assert chance_of(np.arange(300, 400), 400, lambda rows: costs[rows].mean(), rng) > 0.9
