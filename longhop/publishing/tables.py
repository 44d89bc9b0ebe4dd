"""Rendered rows on their way into files: a line each, or Parquet in small groups of rows."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from longhop.errors import StorageError
from longhop.publishing.drafting import Draft
from longhop.records.renderings import Format

# Many files may be open at once, a file for each format, split and bucket: their groups are small.
GROUP_ROWS = 1_024
GROUP_CHARACTERS = 2_000_000

_ROLES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
_SAID = pa.list_(pa.struct([("from", pa.string()), ("value", pa.string())]))
_DOCUMENTS = pa.list_(
    pa.struct([("id", pa.string()), ("title", pa.string()), ("content", pa.string())])
)
_COLUMNS: dict[Format, list[tuple[str, pa.DataType]]] = {
    Format.MESSAGES: [("messages", _ROLES)],
    Format.PROMPT_COMPLETION: [("prompt", _ROLES), ("completion", _ROLES)],
    Format.SHAREGPT: [("conversations", _SAID)],
    Format.LONGMIT: [
        ("all_docs", _DOCUMENTS),
        ("clue_docs", _DOCUMENTS),
        *((name, pa.string()) for name in ("question", "answer", "type", "language")),
        ("hop", pa.int64()),
        ("prompt", pa.string()),
        ("output", pa.string()),
    ],
}


def schema_of_format(name: Format, tokenizers: Iterable[str]) -> pa.Schema:
    """The columns of a format; with tokenizers those of the counts and the weight, too."""
    counted = [(each, pa.int64()) for each in tokenizers]
    told = [("tokens", pa.struct(counted)), ("loss_weight", pa.float64())] if counted else []
    return pa.schema([("id", pa.string()), *_COLUMNS[name], *told])


class LinesFile:
    """Rows as lines of JSON."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._draft.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
        self._draft.rows += 1

    def close(self) -> None:
        """Nothing more will come."""
        self._draft.close()


class ParquetFile:
    """Rows as Parquet, whose groups the rows of the file alone decide."""

    def __init__(self, draft: Draft, schema: pa.Schema) -> None:
        self._draft = draft
        self._schema = schema
        self._waiting: list[dict[str, Any]] = []
        self._characters = 0
        # pyarrow asks for no more than `write` of a file.
        sink = cast(Any, draft)
        self._parquet = pq.ParquetWriter(sink, schema, compression="zstd", store_schema=False)

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._waiting.append(row)
        self._characters += _characters(row)
        self._draft.rows += 1
        if len(self._waiting) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self._end_group()

    def close(self) -> None:
        """Write what is left."""
        if self._waiting:
            self._end_group()
        self._parquet.close()
        self._draft.close()

    def let_go(self) -> None:
        """Nothing more will come, and what was not closed is of no use."""
        if not self._draft.closed:
            with suppress(StorageError):
                self._parquet.close()

    def _end_group(self) -> None:
        self._parquet.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
        self._waiting, self._characters = [], 0


def _characters(value: object) -> int:
    """The characters of all texts in a row."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list) else 0
