"""Shares and agreement equal what well-kept libraries make of them."""

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from sklearn.metrics import cohen_kappa_score, precision_score, recall_score

from longhop.verification.statistics import (
    cohen_kappa,
    exact_lower,
    exact_upper,
    precision_recall,
    wilson_bounds,
    wilson_lower,
)

COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
CONFIDENCE = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.9999])
NEAR = {"rel": 0, "abs": 1e-9}


@given(COUNTS, CONFIDENCE)
def test_wilson_bounds_are_those_of_the_reference(counts: tuple[int, int], confidence: float):
    two = binomtest(*counts).proportion_ci(confidence, method="wilson")
    one = binomtest(*counts, alternative="greater").proportion_ci(confidence, method="wilson")

    assert wilson_bounds(*counts, confidence=confidence) == pytest.approx(tuple(two), **NEAR)
    assert wilson_lower(*counts, confidence=confidence) == pytest.approx(one.low, **NEAR)


@given(COUNTS, CONFIDENCE)
def test_exact_bounds_are_those_of_the_reference(counts: tuple[int, int], confidence: float):
    low = binomtest(*counts, alternative="greater").proportion_ci(confidence, method="exact").low
    high = binomtest(*counts, alternative="less").proportion_ci(confidence, method="exact").high

    assert exact_lower(*counts, confidence=confidence) == pytest.approx(low, **NEAR)
    assert exact_upper(*counts, confidence=confidence) == pytest.approx(high, **NEAR)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(66.2, 27.0, 39.9), (122.6, 54.4, 67.8), (189.6, 90.8, 97.1), (176.4, 83.0, 92.0)],
)
def test_the_published_intervals_of_two_hundred_rows(count: float, low: float, high: float):
    """33.1 %, 61.3 %, 94.8 % and 88.2 % of 200, as far as whole rows can be those."""
    bounds = wilson_bounds(round(count), 200)

    assert [100 * each for each in bounds] == pytest.approx([low, high], abs=0.4)


@pytest.mark.parametrize(
    ("count", "total", "passes"), [(180, 200, True), (179, 200, False), (441, 500, True)]
)
def test_a_release_needs_its_lower_bound_above_the_rule(count: int, total: int, passes: bool):
    assert (wilson_bounds(count, total)[0] > 0.85) is passes


def test_wilson_is_too_sure_of_rows_that_are_nearly_all_good_and_the_exact_bound_is_not():
    """So the exact one is what a threshold is tested with."""
    share, total = 0.9, 25

    def missed(lower):
        wrong = (k for k in range(total + 1) if lower(k, total, confidence=0.95) > share)
        return sum(binom.pmf(k, total, share) for k in wrong)

    assert missed(wilson_lower) > 0.07
    assert missed(exact_lower) <= 0.05


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_kappa_is_that_of_the_reference(pairs: list[tuple[int, int]]):
    one, other = zip(*pairs, strict=True)
    found = cohen_kappa(one, other)

    if len(set(one) | set(other)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(cohen_kappa_score(one, other), **NEAR)


def test_no_rows_agree_on_nothing():
    assert cohen_kappa([], []) is None


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_precision_and_recall_are_those_of_the_reference(pairs: list[tuple[bool, bool]]):
    kept, good = zip(*pairs, strict=True)
    expected = (
        precision_score(good, kept, zero_division=math.nan),
        recall_score(good, kept, zero_division=math.nan),
    )
    found = tuple(math.nan if each is None else each for each in precision_recall(kept, good))

    assert found == pytest.approx(expected, nan_ok=True, **NEAR)


@pytest.mark.parametrize(("count", "total"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_has_no_bounds(count: int, total: int):
    for bounds in (wilson_bounds, exact_lower):
        with pytest.raises(ValueError, match="is no share"):
            bounds(count, total)


def test_nothing_heavy_is_imported_with_it():
    """A command that counts nothing does not wait for it."""
    heavy = "import sys, longhop.verification.calibrating; print('scipy' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", heavy], text=True).strip() == "False"
