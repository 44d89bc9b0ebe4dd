"""Figures beside the rows: a map of whole numbers, and labels that say who agrees."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from longhop.publishing.figures.agreeing import measure_labels
from longhop.publishing.figures.mapping import draw_map
from longhop.records.calibration import Agreement, Labels


def clouds() -> np.ndarray:
    """Three groups of vectors, far from each other, as an embedder quantises them."""
    rng = np.random.default_rng(7)
    centres = rng.normal(size=(3, 64))
    rows = np.repeat(centres, 30, axis=0) + 0.15 * rng.normal(size=(90, 64))
    return np.rint(2047 * rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.int16)


def test_groups_lie_apart_on_the_map():
    places = np.array(draw_map(clouds()))
    middles = places.reshape(3, 30, 2).mean(axis=1)
    widths = places.reshape(3, 30, 2).std(axis=1).max()
    apart = min(np.linalg.norm(middles[a] - middles[b]) for a, b in ((0, 1), (0, 2), (1, 2)))

    assert apart > 4 * widths
    assert places.min() == -1000 and places.max() == 1000


def test_axes_are_those_of_the_greatest_spread():
    """The two directions that a library of statistics finds, up to their sign."""
    rows = clouds().astype(float)
    found = np.array(draw_map(clouds()), float)
    _, _, axes = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    for axis in (0, 1):
        wanted = (rows - rows.mean(axis=0)) @ axes[axis]
        assert abs(np.corrcoef(wanted, found[:, axis])[0, 1]) > 0.999


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(-2047, 2047), min_size=4, max_size=4), min_size=0, max_size=12)
)
def test_any_vectors_have_a_place(rows: list[list[int]]):
    """Equal ones the same; one alone in the middle; none at all none."""
    steps = np.array(rows, np.int16).reshape(len(rows), 4)
    places = draw_map(steps)

    assert len(places) == len(rows)
    assert all(-1000 <= each <= 1000 for place in places for each in place)
    for one, here in zip(rows, places, strict=True):
        assert all(here == there for other, there in zip(rows, places, strict=True) if one == other)
    if len(rows) == 1:
        assert places == [(0, 0)]


def test_the_largest_corpora_stay_within_whole_numbers():
    """Vectors of thousands of parts, all of them at the edge of what they can be."""
    steps = np.full((1500, 4096), 2047, np.int16)
    steps[::2] = -2047
    places = draw_map(steps)

    assert {x for x, _ in places} == {-1000, 1000}


def test_people_are_held_against_the_judge_where_both_saw_a_row():
    agreement = Agreement(
        one="kim", other="lee", asked="good", rows=9, agreed=8, kappa=0.7, disagreed=("m-1",)
    )
    labels = Labels(labels=(), unlabelled=0, agreements=(agreement,))
    good = {f"m-{at}": at < 6 for at in range(10)} | {"m-unseen": True}
    kept = {f"m-{at}": at != 0 and at < 8 for at in range(10)}
    judge, people = measure_labels(labels, good, kept)

    assert (judge.rows, judge.agreed) == (10, 7)
    assert (judge.precision, judge.recall) == (round(5 / 7, 4), round(5 / 6, 4))
    assert judge.precision_lower is not None and judge.precision_lower < 5 / 7
    assert (people.who, people.kappa) == ("two people", 0.7)
    assert "kim" not in people.model_dump_json(), "who labelled is nobody's business"


def test_without_labels_nothing_is_measured():
    labels = Labels(labels=(), unlabelled=0, agreements=())

    assert list(measure_labels(labels, {}, {"m-1": True})) == []
