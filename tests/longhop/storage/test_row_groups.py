"""Row groups: decided by the rows alone, whatever pieces they are gathered in."""

from io import BytesIO

import pyarrow.parquet as pq
import pytest

from longhop.records.verification import MultiHop
from longhop.storage import row_groups
from longhop.storage.columns import from_parquet, to_parquet
from longhop.storage.row_groups import RowGroups
from tests.fakes import BORN, FOUNDED, STUDIED, multi_hop

ROWS = [
    multi_hop(*hops).model_copy(update={"id": f"m-{n:04}", "answer": "Orlin " * (n % 7)})
    for n, hops in enumerate([(BORN, FOUNDED), (BORN, FOUNDED, STUDIED), (BORN,)] * 1000)
]


def written(rows: int, characters: int = 10**9) -> bytes:
    sink = BytesIO()
    groups = RowGroups(sink, MultiHop, rows=rows, characters=characters)
    for row in ROWS:
        groups.add(row)
    groups.close()
    return sink.getvalue()


@pytest.mark.parametrize("piece", [1, 7, 256, 5000])
def test_pieces_show_nowhere(monkeypatch: pytest.MonkeyPatch, piece: int):
    """What is one group has the bytes of a table that was in memory whole."""
    monkeypatch.setattr(row_groups, "_SLICE_ROWS", piece)

    assert written(rows=len(ROWS) + 1) == to_parquet(ROWS, MultiHop)


def test_long_texts_wait_in_smaller_pieces(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(row_groups, "_SLICE_CHARACTERS", 100)

    assert written(rows=len(ROWS) + 1) == to_parquet(ROWS, MultiHop)


@pytest.mark.parametrize(("rows", "characters"), [(1000, 10**9), (10**6, 10**5), (70, 7000)])
def test_a_group_ends_after_so_many_rows_or_characters(rows: int, characters: int):
    data = written(rows, characters)
    sizes, count, total = [], 0, 0
    for row in ROWS:
        texts = (row.id, row.group_id, row.question, row.answer, row.composition, row.scope)
        count += 1
        total += sum(map(len, (*texts, row.composer, row.proof)))
        if count == rows or total >= characters:
            sizes, count, total = [*sizes, count], 0, 0

    file = pq.ParquetFile(BytesIO(data))
    found = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
    assert found == ([*sizes, count] if count else sizes)
    assert len(found) > 2 and from_parquet(data, MultiHop) == ROWS
