"""More than fits in memory is sorted all the same."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from longhop.sorting import sort_on_disk


@given(st.lists(st.tuples(st.integers(0, 9), st.text())), st.integers(1, 40), st.integers(2, 5))
def test_the_order_is_that_of_a_sort_in_memory(
    items: Sequence[tuple[int, str]], run: int, most: int
):
    """Items of equal keys keep their order, however many runs there are."""
    found = sort_on_disk(items, key=lambda each: each[0], size=lambda _: 3, run=run, most=most)

    assert list(found) == sorted(items, key=lambda each: each[0])


def test_a_sort_that_is_given_up_leaves_no_file_open():
    rows = sort_on_disk(range(100, 0, -1), key=lambda each: each, size=lambda _: 1, run=10)

    assert next(rows) == 1
    rows.close()
