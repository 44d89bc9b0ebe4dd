"""Why a row is other than in the version before."""

from collections import Counter
from typing import Any

import pytest

from longhop.publishing.changes import Difference, Known, RowLook, side_by_side
from longhop.publishing.explaining import Explainer
from longhop.records.changes import What, Why
from longhop.records.takedowns import mark_of

BOTH = {"a": ("w-a", 10), "b": ("w-b", 20)}


def look(name: str = "m-1", **changes: Any) -> RowLook:
    return RowLook.model_validate(
        {
            "id": name,
            "group": "g-1",
            "documents": ("a", "b"),
            "members": ("q-1", "q-2", "c-1", "c-2"),
            "parts": {"context": "1", "wording": "1", "probes": "1"},
            **changes,
        }
    )


def explain(found: Difference, **changes: Any) -> tuple[Why, str]:
    explainer = Explainer(
        before=changes.get("before", Known(read=BOTH)),
        after=changes.get("after", Known(read=BOTH)),
        refused_before=changes.get("refused_before", {}).get,
        refused_after=changes.get("refused_after", {}).get,
        groups_before=changes.get("groups_before", frozenset()).__contains__,
        groups_after=changes.get("groups_after", frozenset()).__contains__,
    )
    said = explainer.explain(found)
    return said.why, said.detail


REMOVED = Difference(before=look(), after=None)
ADDED = Difference(before=None, after=look())


def test_rows_are_counted_and_those_that_are_other_are_handed_on():
    counts: Counter[str] = Counter()
    before = [look("m-1"), look("m-2"), look("m-3")]
    after = [look("m-2", parts={"context": "2"}), look("m-3"), look("m-4")]
    found = [*side_by_side(before, after, counts)]

    assert counts == {"added": 1, "removed": 1, "changed": 1, "kept": 1}
    ids = [(each.before and each.before.id, each.after and each.after.id) for each in found]
    assert ids == [("m-1", None), ("m-2", "m-2"), (None, "m-4")]


def test_nothing_against_nothing_is_nothing():
    counts: Counter[str] = Counter()
    assert [*side_by_side([], [], counts)] == []
    assert counts == {"added": 0, "removed": 0, "changed": 0, "kept": 0}


@pytest.mark.parametrize(
    ("changes", "why", "detail"),
    [
        ({}, Why.NOT_MADE, ""),
        ({"after": Known(read={"a": BOTH["a"]})}, Why.DOCUMENT_GONE, "b"),
        (
            {"after": Known(read={"a": BOTH["a"]}, dropped=frozenset({"b"}))},
            Why.DOCUMENT_TURNED_AWAY,
            "b",
        ),
        (
            {
                "after": Known(read={"a": BOTH["a"]}),
                "refused_after": {"b": ("clean", "too_short")},
            },
            Why.DOCUMENT_TURNED_AWAY,
            "b: clean too_short",
        ),
        ({"after": Known(read={**BOTH, "b": ("other", 20)})}, Why.DOCUMENT_CHANGED, "b"),
        ({"after": Known(read=BOTH, draws={"a": ""})}, Why.NOT_DRAWN, "b"),
        ({"groups_after": frozenset({"g-1"})}, Why.REWORDED, "g-1"),
        (
            {"refused_after": {"q-2": ("check", "answer_leak")}},
            Why.NOW_TURNED_AWAY,
            "check answer_leak q-2",
        ),
        (
            {"after": Known(read={}, takedowns=frozenset({mark_of("a")}))},
            Why.TAKEN_DOWN,
            mark_of("a"),
        ),
    ],
)
def test_a_row_is_removed_for_what_the_new_version_says_of_it(changes: Any, why: Why, detail: str):
    assert explain(REMOVED, **changes) == (why, detail)


@pytest.mark.parametrize(
    ("changes", "why", "detail"),
    [
        ({}, Why.NEW_GROUP, "g-1"),
        ({"before": Known(read={"a": BOTH["a"]})}, Why.NEW_DOCUMENT, "b"),
        (
            {
                "before": Known(read={"a": BOTH["a"]}),
                "refused_before": {"b": ("deduplicate", "near_duplicate")},
            },
            Why.NOW_ACCEPTED,
            "b: deduplicate near_duplicate",
        ),
        ({"before": Known(read={**BOTH, "a": ("w-a", 11)})}, Why.DOCUMENT_CHANGED, "a"),
        ({"before": Known(read=BOTH, draws={"b": ""})}, Why.NEWLY_DRAWN, "a"),
        ({"groups_before": frozenset({"g-1"})}, Why.REWORDED, "g-1"),
        (
            {"refused_before": {"g-1": ("prove", "not_answered")}},
            Why.NOW_ACCEPTED,
            "prove not_answered g-1",
        ),
    ],
)
def test_a_row_is_added_for_what_the_old_version_says_of_it(changes: Any, why: Why, detail: str):
    assert explain(ADDED, **changes) == (why, detail)


@pytest.mark.parametrize(
    ("after", "known", "why", "detail"),
    [
        ({"parts": {"context": "2", "wording": "1", "probes": "1"}}, {}, Why.CONTEXT, ""),
        ({"parts": {"context": "2", "wording": "1", "probes": "2"}}, {}, Why.CONTEXT, "probes"),
        ({"parts": {"context": "1", "wording": "2", "probes": "1"}}, {}, Why.WORDING, ""),
        (
            {"parts": {"context": "2", "wording": "1", "probes": "1"}},
            {"after": Known(read={**BOTH, "a": ("other", 10)})},
            Why.DOCUMENT_CHANGED,
            "a",
        ),
    ],
)
def test_a_row_is_changed_by_the_first_of_what_is_other(
    after: Any, known: Any, why: Why, detail: str
):
    """The rest stands in the detail, so that the counts by reason add up to the rows."""
    assert explain(Difference(before=look(), after=look(**after)), **known) == (why, detail)


def test_a_written_document_is_there_although_no_corpus_has_it():
    after = Known(read={"a": BOTH["a"]}, written=frozenset({"b"}), draws={"a": ""})
    assert explain(REMOVED, after=after) == (Why.NOT_MADE, "")


def test_what_was_taken_out_of_a_context_is_named_by_its_mark():
    parts = {"context": "2", "wording": "1", "probes": "1"}
    found = Difference(before=look(beside=("f",)), after=look(beside=(), parts=parts))
    after = Known(read=BOTH, takedowns=frozenset({mark_of("f")}))
    assert explain(found, after=after) == (Why.CONTEXT, f"taken_down {mark_of('f')}")


def test_what_a_change_is_called_is_one_of_three():
    assert {str(each) for each in What} == {"added", "removed", "changed"}
