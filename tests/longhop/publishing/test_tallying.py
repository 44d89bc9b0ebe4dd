"""What the pages show is drawn by hash, whatever order rows come in."""

from hypothesis import given
from hypothesis import strategies as st

from longhop.identity import digest, keyed_first, keyed_order
from longhop.publishing.tallying import Shown


@given(st.lists(st.text(), unique=True), st.integers(1, 9))
def test_the_first_in_keyed_order_are_found_without_sorting_all(names: list[str], most: int):
    shown = Shown[str](most)
    for name in names:
        shown.add(name, digest("report", name), name)

    first = keyed_order(names, str, "report")[:most]
    assert shown.items == keyed_first(names, most, str, "report") == first
