"""Where supporting documents begin."""

from hypothesis import given
from hypothesis import strategies as some

from longhop.contexts.placing import Weight, place


def test_evidence_is_put_at_its_depth():
    assert place([Weight(100, 40), Weight(50, 10)], [0.8, 0.2], 1000) == [(1, 190), (0, 760)]


def test_at_the_end_a_document_moves_back_until_it_is_whole():
    assert place([Weight(100, 90)], [0.999], 1000) == [(0, 900)]


def test_at_the_start_a_document_stands_first():
    assert place([Weight(100, 90)], [0.0], 1000) == [(0, 0)]


@given(
    some.lists(some.tuples(some.integers(1, 250), some.floats(0, 0.999)), min_size=1, max_size=4),
)
def test_none_overlap_and_all_are_within(drawn: list[tuple[int, float]]):
    """Whatever the depths, as long as the total holds them all."""
    weights = [Weight(tokens, tokens // 2) for tokens, _ in drawn]
    free = 0
    for at, start in place(weights, [depth for _, depth in drawn], 1000):
        assert start >= free
        free = start + weights[at].tokens
    assert free <= 1000
