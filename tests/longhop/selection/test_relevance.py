"""What counts as relevant: near enough, new, and decided by references however few."""

import numpy as np
import pytest

from longhop.selection.relevance import (
    FEW,
    LEFT_OUT_SHARE,
    distinct,
    first_of_each,
    nearest_items,
    new_relevant,
    relevance_threshold,
)

Rows = np.ndarray


def directions(number: int, *, dimensions: int = 32, seed: int = 0) -> Rows:
    rows = np.random.default_rng(seed).normal(size=(number, dimensions))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def around(centre: Rows, number: int, *, noise: float = 0.5, seed: int = 1) -> Rows:
    rng = np.random.default_rng(seed)
    rows = centre + rng.normal(size=(number, len(centre))) * noise / np.sqrt(len(centre))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


TARGET = directions(1)[0]


def test_the_threshold_is_how_near_all_but_a_tenth_of_the_reference_are_to_another():
    reference = around(TARGET, 100)
    cosines = reference @ reference.T
    np.fill_diagonal(cosines, -1)
    short = (cosines.max(axis=1) < relevance_threshold(reference)).mean()

    assert short == pytest.approx(LEFT_OUT_SHARE, abs=0.02)


def test_repeated_references_count_once():
    """Each would be the nearest of the other, and nothing but copies would be relevant."""
    reference = around(TARGET, 40)
    repeated = np.concatenate([reference, reference, reference[:7]])

    assert relevance_threshold(repeated) == pytest.approx(relevance_threshold(reference))


@pytest.mark.parametrize("number", [1, 2, 3, 10])
def test_few_references_divide_what_the_warm_up_found(number: int):
    """Few are further from each other than most relevant pairs are from one of them."""
    reference = around(TARGET, number)
    near, far = around(TARGET, 30, seed=2), directions(300, seed=3)
    threshold = relevance_threshold(reference, np.concatenate([far, near]))

    assert new_relevant(near, reference, threshold).mean() > 0.9
    assert new_relevant(far, reference, threshold).mean() < 0.02


def test_ten_references_of_ten_kinds_do_not_make_everything_relevant():
    """None is like another, so how near they are to each other is how near anything is."""
    reference = directions(10, seed=5)
    near = np.concatenate([around(each, 4, seed=n) for n, each in enumerate(reference)])
    far = directions(400, seed=6)
    threshold = relevance_threshold(reference, np.concatenate([near, far]))

    assert new_relevant(near, reference, threshold).mean() > 0.8
    assert new_relevant(far, reference, threshold).mean() < 0.1


@pytest.mark.parametrize("found", [None, np.zeros((0, 32), np.float32), directions(1)])
@pytest.mark.parametrize("number", [1, 2, FEW - 1])
def test_where_nothing_tells_the_threshold_is_a_number_still(found: Rows | None, number: int):
    assert -1 < relevance_threshold(directions(number), found) < 1


@pytest.mark.parametrize("kind", [around(TARGET, 50), np.repeat(TARGET[None], 50, axis=0)])
def test_where_the_warm_up_found_one_kind_alone_there_is_a_threshold(kind: Rows):
    assert -1 <= relevance_threshold(TARGET[None], kind) <= 1


def test_identical_references_are_one():
    assert len(distinct(np.repeat(TARGET[None], 3000, axis=0))) == 1


def test_a_near_duplicate_earns_nothing():
    reference = around(TARGET, 60)
    pairs = around(TARGET, 5, seed=4)
    again = around(pairs[2], 1, noise=0.01)
    relevant = new_relevant(np.concatenate([pairs, again]), reference, 0.3)

    assert relevant.tolist() == [True] * 5 + [False]


def test_a_near_duplicate_of_an_earlier_round_earns_nothing():
    reference, pairs = around(TARGET, 60), around(TARGET, 5, seed=4)

    assert new_relevant(pairs, reference, 0.3, earlier=pairs[1:3]).tolist() == [
        True,
        False,
        False,
        True,
        True,
    ]


def test_a_pair_like_an_irrelevant_one_is_judged_by_itself():
    """What earned nothing is no reason that another earns nothing."""
    reference, far = around(TARGET, 60), directions(1, seed=9)

    assert not new_relevant(far, reference, 0.6)[0]
    assert new_relevant(np.concatenate([far, far]), far, 0.6).tolist() == [True, False]


def test_blocks_do_not_show():
    """New pairs are the same whether they are looked at in one round or in two."""
    reference, pairs = around(TARGET, 60), around(TARGET, 2600, noise=0.15, seed=4)
    whole = new_relevant(pairs, reference, 0.3)
    first = new_relevant(pairs[:1300], reference, 0.3)
    second = new_relevant(pairs[1300:], reference, 0.3, earlier=pairs[:1300][first])

    assert 0 < whole.sum() < len(pairs)
    assert whole.tolist() == [*first, *second]


def test_the_nearest_item_is_the_first_of_those_that_are_as_near():
    """Which one it is must not hang on a last digit."""
    items = np.stack([-TARGET, TARGET, TARGET])
    near, places = nearest_items(TARGET[None], items)

    assert (near.tolist(), places.tolist()) == ([1.0], [1])
    assert [each.tolist() for each in nearest_items(TARGET[None], items[:0])] == [[-1.0], [-1]]


def test_what_is_not_relevant_keeps_nothing_from_being_new():
    rows = np.stack([TARGET, TARGET, TARGET])

    assert first_of_each(rows, np.asarray([False, True, True])).tolist() == [False, True, False]
