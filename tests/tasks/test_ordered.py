"""Streams in the order of ids, and what lies beside each other in them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.records.corpus import Chunk
from longhop.records.verification import MultiHop
from longhop.resources import entered
from longhop.storage.artifacts import OpenArtifact
from tasks import ordered
from tasks.ordered import beside, in_order, look_up_evidence
from tests.fakes import BORN, FOUNDED, STUDIED, chunk, multi_hop
from tests.world import make_live

ROWS = [
    multi_hop(BORN, FOUNDED).model_copy(update={"id": f"m-{n:03}", "answer": f"Answer {n}"})
    for n in range(60)
]


@pytest.mark.parametrize("run", [16_000_000, 2_000])
def test_rows_of_several_shards_come_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: int
):
    """Whether they fit in memory or are sorted on disk."""
    sort = ordered.sort_on_disk
    monkeypatch.setattr(ordered, "sort_on_disk", lambda *a, **more: sort(*a, **more, run=run))
    with entered(make_live(tmp_path)) as live:
        shards = [live.store.write("multi_hop", ROWS[at::3][::-1], MultiHop) for at in range(3)]
        with in_order(shards, MultiHop) as found:
            assert list(found) == list(found) == ROWS
            assert [each for (each,) in found.values("id")] == [row.id for row in ROWS]


def test_what_is_in_order_is_read_where_it_lies(tmp_path: Path):
    with entered(make_live(tmp_path)) as live:
        whole = live.store.write("multi_hop", ROWS, MultiHop)
        with in_order([whole], MultiHop) as found:
            assert isinstance(found, OpenArtifact)
            assert list(found) == ROWS
        mixed = live.store.write("multi_hop", [*ROWS[30:], *ROWS[:30]], MultiHop)
        with in_order([mixed], MultiHop) as found:
            assert list(found) == ROWS


def test_nothing_in_order_is_nothing(tmp_path: Path):
    with entered(make_live(tmp_path)), in_order([], MultiHop) as found:
        assert list(found) == []


@given(
    st.lists(st.integers(0, 9)).map(sorted),
    st.lists(st.tuples(st.integers(0, 9), st.integers()), max_size=12),
)
def test_each_has_the_one_beside_it_that_a_mapping_would_give(
    items: list[int], others: list[tuple[int, int]]
):
    others = sorted(others, key=lambda each: each[0])
    known = {each[0]: each for each in others}

    found = beside(items, others, key=lambda it: it, other_key=lambda it: it[0])
    assert list(found) == [(each, known.get(each)) for each in items]


def test_rows_are_shown_the_chunks_that_they_rest_on(tmp_path: Path):
    """Those of all spans of evidence, as far as they are there, and no others."""
    pages = [
        chunk(each.chunk_id, each.quote, of=each.document_id) for each in (BORN, FOUNDED, STUDIED)
    ]
    lost = FOUNDED.model_copy(update={"evidence": (*FOUNDED.evidence, *STUDIED.evidence)})
    rows = [multi_hop(BORN, FOUNDED), multi_hop(BORN, lost)]
    with entered(make_live(tmp_path)) as live:
        parts = [live.store.write("chunks", [page], Chunk) for page in pages[:2]]
        with look_up_evidence(parts, rows) as shown:
            assert shown(rows[0]) == shown(rows[1]) == {page.id: page for page in pages[:2]}
