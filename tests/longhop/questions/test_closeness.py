"""Neighbours are the same whatever the order, and their number grows with the questions alone."""

from random import Random

import numpy as np

from longhop.questions.linking.closeness import VectorCloseness, WordCloseness, nearest
from longhop.selection.vectors import to_steps

TEXTS = [
    "Where was Ada Holm born?",
    "Where was Ben Roke born?",
    "Who founded the salt works of Orlin?",
    "Who owns the salt works of Orlin?",
]


def test_texts_that_share_rare_words_are_near():
    table = WordCloseness(TEXTS).table(range(4))

    assert np.allclose(table, table.T)
    assert np.allclose(np.diag(table), 1)
    assert table[2, 3] > table[2, 0]
    assert table[0, 1] > table[0, 3]


def test_no_text_and_no_word_are_no_error():
    assert WordCloseness([]).table([]).shape == (0, 0)
    assert WordCloseness(["", "?"]).table([0, 1]).shape == (2, 2)


def test_neighbours_do_not_depend_on_the_order():
    rows = to_steps(np.random.default_rng(1).random((50, 8)).astype(np.float32))
    ids = [f"q-{n}" for n in range(50)]
    order = list(range(50))
    Random(1).shuffle(order)

    found = {(ids[a], ids[b]) for a, b, _ in nearest(VectorCloseness(rows), range(50), ids, most=3)}
    mixed_ids = [ids[each] for each in order]
    mixed = nearest(VectorCloseness(rows[order]), range(50), mixed_ids, most=3)

    assert found == {(mixed_ids[a], mixed_ids[b]) for a, b, _ in mixed}


def test_very_many_are_compared_in_parts():
    rows = to_steps(np.random.default_rng(1).random((5000, 4)).astype(np.float32))
    ids = [f"q-{n}" for n in range(5000)]

    found = list(nearest(VectorCloseness(rows), range(5000), ids, most=2))

    assert len(found) == 10_000
    assert all(one != other for one, other, _ in found)
