"""Neighbours and closeness: exact, in one order, the same whatever the number of threads."""

import faiss
import numpy as np
import pytest

from longhop.selection.neighbours import closeness, nearest
from longhop.selection.vectors import SCALE, Steps, similarities, to_steps


def draw(rows: int, width: int = 16, seed: int = 0) -> Steps:
    return to_steps(np.random.default_rng(seed).normal(size=(rows, width)))


def mixture(rows: int, groups: int) -> Steps:
    rng = np.random.default_rng(1)
    middles = rng.normal(size=(groups, 32))[rng.integers(0, groups, rows)]
    return to_steps(middles + 0.5 * rng.normal(size=(rows, 32)))


def sorted_neighbours(steps: Steps, k: int) -> np.ndarray:
    """The definition: by similarity, then by row, never itself."""
    near = similarities(steps, steps).astype(np.int64)
    np.fill_diagonal(near, -(2**40))
    rows = np.broadcast_to(np.arange(len(steps)), near.shape)
    return np.lexsort((rows, -near), axis=1)[:, :k]


EVEN = np.random.default_rng(0).integers(-1, 2, size=(700, 4))


@pytest.mark.parametrize(
    "steps",
    [
        draw(300),
        np.repeat(draw(10), 30, axis=0),
        np.repeat(draw(1), 80, axis=0),
        to_steps(EVEN.astype(float)),
        np.zeros((40, 8), dtype=np.int16),
        draw(8),
    ],
    ids=["apart", "repeated", "identical", "many-ties", "zero", "just-enough"],
)
def test_the_nearest_are_found_in_the_order_of_similarity_and_then_of_rows(steps: Steps):
    neighbours, nearness = nearest(steps, 7)

    assert (neighbours == sorted_neighbours(steps, 7)).all()
    exact = np.take_along_axis(similarities(steps, steps), neighbours.astype(np.int64), axis=1)
    assert np.abs(nearness - np.minimum(1, exact / SCALE**2)).max() < 1e-6


@pytest.mark.parametrize("rows", [0, 1, 2, 4])
def test_too_few_documents_leave_empty_places(rows: int):
    neighbours, nearness = nearest(draw(rows), 5)

    assert neighbours.shape == nearness.shape == (rows, 5)
    assert (neighbours.dtype, nearness.dtype) == (np.int32, np.float32)
    real = max(0, rows - 1)
    assert (neighbours[:, :real] >= 0).all()
    assert (neighbours[:, real:] == -1).all()
    assert (nearness[:, real:] == 0).all()


def test_lists_find_nearly_all_and_say_the_truth_of_what_they_find():
    steps = mixture(3000, 100)
    found, nearness = nearest(steps, 10, exact=0)

    assert (found != np.arange(3000)[:, None]).all()
    true = np.take_along_axis(similarities(steps, steps), found.astype(np.int64), axis=1)
    assert np.abs(nearness - np.minimum(1, true / SCALE**2)).max() < 1e-6
    assert (np.diff(nearness, axis=1) <= 0).all()
    same = [len({*a} & {*b}) for a, b in zip(found, sorted_neighbours(steps, 10), strict=True)]
    assert np.mean(same) > 9


def test_lists_that_hold_too_few_leave_empty_places():
    found, nearness = nearest(mixture(400, 400), 300, exact=0)

    assert (nearness[found == -1] == 0).all()
    assert (found == -1).any()
    assert all(len(set(row[row >= 0])) == (row >= 0).sum() for row in found)


@pytest.mark.parametrize("exact", [0, 5000])
def test_threads_change_no_neighbour(exact: int):
    before = faiss.omp_get_max_threads()
    found = []
    for threads in (1, 2):
        faiss.omp_set_num_threads(threads)
        found.append(nearest(mixture(1500, 20), 20, exact=exact))
    faiss.omp_set_num_threads(before)

    assert (found[0][0] == found[1][0]).all()
    assert (found[0][1] == found[1][1]).all()


@pytest.mark.parametrize("references", [1, 3, 5, 60])
def test_closeness_is_the_greatest_the_mean_of_the_five_greatest_and_the_mean(references: int):
    steps, reference = draw(90), draw(references, seed=1)
    exact = np.sort(similarities(steps, reference).astype(float), axis=1)[:, ::-1] / SCALE**2

    expected = np.stack([exact[:, 0], exact[:, :5].mean(axis=1), exact.mean(axis=1)], axis=1)
    assert np.abs(closeness(steps, reference) - expected).max() < 1e-12


def test_closeness_does_not_depend_on_the_order_of_the_reference():
    """Equal documents must tie exactly, or the last bits would choose between them."""
    reference = draw(200, seed=1)

    assert (closeness(draw(50), reference) == closeness(draw(50), reference[::-1])).all()


def test_closeness_to_nothing_is_an_error():
    with pytest.raises(ValueError, match="no rows"):
        closeness(draw(3), draw(3)[:0])
