"""Rounds are few, grow, and take every document once."""

from hypothesis import given
from hypothesis import strategies as st

from longhop.selection.rounds import MOST_ROUNDS, next_size


@given(st.integers(1, 2_000_000), st.integers(1, 20_000))
def test_rounds_are_few_and_take_all_there_is_room_for(room: int, first: int):
    sizes: list[int] = []
    while sum(sizes) < room:
        sizes.append(next_size(first, room, sum(sizes), len(sizes)))
        assert sizes[-1] > 0

    assert sum(sizes) == room
    assert len(sizes) <= MOST_ROUNDS
    assert sizes[0] == min(first, room)


def test_rounds_grow_where_equal_ones_would_be_too_many():
    sizes: list[int] = []
    while sum(sizes) < 20_000:
        sizes.append(next_size(200, 20_000, sum(sizes), len(sizes)))

    assert sizes == sorted(sizes)
    assert len(sizes) == MOST_ROUNDS
    assert sizes[-1] < 20_000 / 4
