"""Texts are looked for in whatever form an object holds them."""

import html
import json
from pathlib import Path

import pytest

from longhop.operations.erasing import Trail, strings_of
from longhop.records.verification import MultiHop
from longhop.storage.columns import to_parquet
from tests.fakes import BORN, FOUNDED, multi_hop

TEXT = 'He wrote: "The mill at Varn — built by Ole Brandt & sons — burnt down in 1640."'


def test_strings_of_nested_columns_are_found(tmp_path: Path):
    row = multi_hop(BORN, FOUNDED)
    path = tmp_path / "a.parquet"
    path.write_bytes(to_parquet([row], MultiHop))
    found = {*strings_of("a.parquet", path)}

    assert {row.id, row.hops[0].quote, row.hops[0].evidence[0].chunk_id} <= found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", json.dumps({"key": "k", "value": {"text": TEXT}})),
        ("a.jsonl", json.dumps({"value": {"text": json.dumps({"quote": TEXT})}})),
        ("a.json", json.dumps({"error": [TEXT]})),
        ("a.html", html.escape(TEXT)),
        ("a.md", "".join(f"&#{ord(each)};" if each in '"&—.' else each for each in TEXT)),
        ("a.txt", TEXT),
        ("a.jsonl", f'{{"torn": "{TEXT[10:]}'),
    ],
)
def test_a_quote_is_found_in_every_form(tmp_path: Path, name: str, data: str):
    path = tmp_path / name
    path.write_text(data)
    trail = Trail(frozenset(), [TEXT], [])

    assert trail.quotes(strings_of(name, path))
    assert not Trail(frozenset(), ["Nothing of the kind was ever said here"], []).quotes(
        strings_of(name, path)
    )


def test_a_damaged_object_is_read_as_its_bytes(tmp_path: Path):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1" + TEXT.encode() + b"cut")
    assert Trail(frozenset(), [TEXT], []).quotes(strings_of("a.parquet", path))


def test_questions_are_known_whole_and_short_ones_not_at_all():
    """`Who?` was asked of others too."""
    trail = Trail(frozenset(), [], [], ["Who built the mill at Varn?", "Who?"])

    assert trail.quotes(["who built the mill at Varn"])
    assert not trail.quotes(["Who?", "Who built the mill at Varn in 1640?"])
