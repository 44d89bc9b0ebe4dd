"""No cap is overrun, nobody is kept out without one, and the base's rows come first."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from longhop.publishing.capping import Kind, cap_rows
from longhop.spec.sections import Caps

KINDS = st.builds(
    Kind,
    row_id=st.uuids().map(str),
    composition=st.sampled_from(["bridge", "temporal"]),
    domains=st.sets(st.sampled_from(["law", "art", "sea"]), max_size=2).map(
        lambda found: tuple(sorted(found))
    ),
    language=st.sampled_from(["en", "zh"]),
    incumbent=st.booleans(),
)
CAPS = st.sampled_from(
    [
        Caps(language={"zh": 3}),
        Caps(language={"zh": 0.3}, domain={"any": 0.5}),
        Caps(domain={"law": 2, "any": 4}, composition={"bridge": 0.6}),
        Caps(composition={"bridge": 0.4, "temporal": 5}),
    ]
)


def kind(number: int, language: str = "en", *, incumbent: bool = False) -> Kind:
    return Kind(f"m-{number:03}", "bridge", (), language, incumbent)


@given(st.lists(KINDS, max_size=60), CAPS)
def test_no_cap_is_overrun_and_whoever_stands_back_met_one(rows: list[Kind], caps: Caps):
    out = cap_rows(rows, caps, "test")
    kept = [each for each in rows if each.row_id not in out]
    counts = Counter(
        pair
        for each in kept
        for pair in [
            ("composition", each.composition),
            ("language", each.language),
            *(("domain", domain) for domain in each.domains),
        ]
    )

    for (axis, value), count in counts.items():
        cap = getattr(caps, axis).get(value, getattr(caps, axis).get("any"))
        assert cap is None or count <= (cap * len(kept) if isinstance(cap, float) else cap)
    for found in out.values():
        assert counts[found.axis, found.value] == found.most


def test_without_a_cap_all_stay():
    assert cap_rows([kind(number) for number in range(9)], Caps(), "test") == {}


def test_a_share_is_one_of_the_rows_that_stay():
    """60 of 100 are English, and no more than a half may be: 40 and 40 stay."""
    rows = [kind(number, "en" if number < 60 else "zh") for number in range(100)]
    out = cap_rows(rows, Caps(language={"en": 0.5}), "test")

    assert len(out) == 20
    assert {rows[int(each[2:])].language for each in out} == {"en"}


def test_a_share_is_counted_without_what_floats_lose():
    rows = [kind(number, "en" if number < 29 else "zh") for number in range(100)]

    assert cap_rows(rows, Caps(language={"en": 0.29}), "test") == {}


def test_rows_of_the_base_stay_before_new_ones():
    rows = [kind(number, incumbent=number % 2 == 0) for number in range(20)]
    out = cap_rows(rows, Caps(language={"en": 10}), "test")

    assert set(out) == {each.row_id for each in rows if not each.incumbent}


def test_the_order_of_rows_changes_nothing():
    rows = [kind(number) for number in range(50)]
    caps = Caps(language={"en": 7})

    assert cap_rows(rows, caps, "test") == cap_rows(rows[::-1], caps, "test")


@pytest.mark.parametrize(
    ("caps", "told"),
    [
        ({"composition": {"bridges": 3}}, "'bridges' is none of"),
        ({"language": {"english": 3}}, "no ISO 639-1 code"),
        ({"domain": {"law": 0}}, "greater than"),
        ({"domain": {"law": 1.5}}, "less than 1"),
        ({"domain": {"law": True}}, "law"),
    ],
)
def test_a_cap_that_means_nothing_is_refused(caps: dict, told: str):
    with pytest.raises(ValidationError, match=told):
        Caps.model_validate(caps)
