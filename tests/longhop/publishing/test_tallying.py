"""What the pages show is drawn by hash, whatever order rows come in."""

from hypothesis import given
from hypothesis import strategies as st

from longhop.identity import digest, keyed_first, keyed_order
from longhop.publishing.tallying import PairsTally, Shown
from longhop.records.corpus import Split
from longhop.records.pairs import Pair
from longhop.records.questions import AnswerKind


@given(st.lists(st.text(), unique=True), st.integers(1, 9))
def test_the_first_in_keyed_order_are_found_without_sorting_all(names: list[str], most: int):
    shown = Shown[str](most)
    for name in names:
        shown.add(name, digest("report", name), name)

    first = keyed_order(names, str, "report")[:most]
    assert shown.items == keyed_first(names, most, str, "report") == first


def pair(name: str, *, relevant: bool) -> Pair:
    return Pair(
        id=name,
        question=f"Who is {name}?",
        answer="Ada",
        kind=AnswerKind.PERSON,
        subject=name,
        relation="",
        document_id=f"d-{name[-1]}",
        title="",
        evidence=(),
        language="en",
        split=Split.TRAIN,
        license="",
        relevant=relevant,
        closeness=0.5,
        reference="",
        drawn_by="",
    )


def test_relevant_pairs_are_shown_first():
    pairs = [pair(f"q-{n}", relevant=n % 3 == 0) for n in range(30)]
    tally = PairsTally()
    for each in pairs:
        tally.add(each)

    drawn = keyed_order(pairs, lambda each: each.id, "report")
    assert tally.shown.items == sorted(drawn, key=lambda each: not each.relevant)
    assert (tally.total, tally.relevant, len(tally.documents)) == (30, 10, 10)
