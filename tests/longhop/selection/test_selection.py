"""Numbers in, numbers out: exact similarities, draws that stay."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from longhop.selection.vectors import SCALE, pool, similarities, to_steps

FLOATS = arrays(np.float32, (6, 32), elements=st.floats(-1, 1, width=32))


@given(FLOATS)
def test_similarities_are_exact_whatever_the_order_of_summation(rows: np.ndarray):
    steps = to_steps(rows)
    exact = steps.astype(np.int64) @ steps.astype(np.int64).T

    assert (similarities(steps, steps) == exact).all()
    order = np.random.default_rng(0).permutation(32)
    assert (similarities(steps[:, order], steps[:, order]) == exact).all()


@given(FLOATS)
def test_steps_are_unit_vectors_or_zero(rows: np.ndarray):
    norms = np.linalg.norm(to_steps(rows).astype(float), axis=1)

    assert all(norm == 0 or abs(norm - SCALE) < 4 for norm in norms)


def test_a_pool_does_not_depend_on_the_order_of_its_rows():
    rows = to_steps(np.random.default_rng(1).normal(size=(9, 16)).astype(np.float32))

    assert (pool(rows) == pool(rows[::-1])).all()
