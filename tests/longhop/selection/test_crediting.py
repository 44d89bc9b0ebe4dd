"""A document is credited for what is relevant and new, and for nothing twice."""

import numpy as np

from longhop.records.corpus import Draw
from longhop.selection.crediting import Pairs, credit_documents, measure_pairs, of_warm_up

AXES = np.eye(12, dtype=np.float32)
NONE = np.zeros((0, 12), dtype=np.float32)


def pairs(*vectors: np.ndarray, documents: str = "abcdefgh") -> Pairs:
    stacked = np.stack(vectors)
    names = documents[: len(vectors)]
    return Pairs([f"q{n}" for n in range(len(vectors))], names, stacked)


def around(axis: int, share: float = 0.9) -> np.ndarray:
    """A unit vector with this cosine to an axis, and to no other of the first ten."""
    return share * AXES[axis] + np.float32((1 - share**2) ** 0.5) * AXES[11]


def reference() -> np.ndarray:
    """Ten items that lie .81 from each other."""
    return np.stack([around(axis, 0.9) for axis in range(10)])


def measured(found: Pairs, earlier: np.ndarray = NONE):
    return measure_pairs(found, reference(), threshold=0.8, earlier=earlier)


def test_a_pair_counts_where_it_is_close():
    near, far = measured(pairs(reference()[3], AXES[10]))

    assert (near.relevant, near.new, near.reference) == (True, True, 3)
    assert not far.relevant and far.closeness < 0.19


def test_what_was_found_before_is_not_new():
    (again,) = measured(pairs(reference()[3]), earlier=reference()[3:4])

    assert again.relevant and not again.new


def test_of_the_same_pair_twice_in_a_round_the_first_counts():
    first, second = measured(pairs(reference()[3], reference()[3]))

    assert first.new and not second.new


def test_without_a_reference_all_that_is_new_counts():
    found = measure_pairs(pairs(AXES[0], AXES[1], AXES[1]), None, threshold=0.0, earlier=NONE)

    assert [each.new for each in found] == [True, True, False]
    assert {each.reference for each in found} == {-1}


def test_a_round_without_pairs_measures_none():
    empty = Pairs([], [], np.zeros((0, 0), dtype=np.float32))

    assert measure_pairs(empty, reference(), threshold=0.8, earlier=NONE) == []


def test_a_document_has_the_credit_of_its_pairs():
    found = measured(pairs(reference()[1], reference()[2], AXES[10], documents="aab"))
    told = credit_documents("abcd", found, {"c", "a"})

    assert [(each.pairs, each.reward, each.failed) for each in told] == [
        (2, 2.0, False),  # a part of it failed, and the rest has told what it gives
        (1, 0.0, False),
        (0, 0.0, True),
        (0, 0.0, False),
    ]


def drawn(document: str, number: int, reason: str) -> Draw:
    return Draw(document_id=document, policy="hybrid", score=1.0, round=number, reason=reason)


def test_what_few_references_are_cut_by_stays_that_of_the_first_night():
    """In a later night all that was asked is the first round, with the audits of later ones."""
    asked = [
        drawn("a", 1, "warm-up"),
        drawn("b", 1, "audit"),
        drawn("c", 2, "chosen"),
        drawn("d", 2, "audit"),
    ]

    assert of_warm_up(asked, "abcd", AXES[:4]).tolist() == AXES[:2].tolist()
    assert of_warm_up(asked[:2], "ab", AXES[:2]).tolist() == AXES[:2].tolist()


def test_where_no_first_round_is_told_all_pairs_cut():
    assert len(of_warm_up([drawn("a", 1, "chosen")], "aab", AXES[:3])) == 3
