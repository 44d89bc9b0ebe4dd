"""Parquet written row group by row group: the same bytes for the same rows, in little memory."""

from pathlib import Path
from typing import IO, Generic, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from longhop.records.base import Record
from longhop.storage.columns import schema_of, to_batch

R = TypeVar("R", bound=Record)

# Records wait for their columns no longer than this: as columns they take a fraction of the memory.
_SLICE_ROWS = 256
_SLICE_CHARACTERS = 1_000_000


class RowGroups(Generic[R]):
    """Records on their way into a Parquet file, in groups that the rows alone decide.

    A group ends after so many rows or characters of text, whichever comes first.
    """

    def __init__(
        self, sink: Path | IO[bytes], kind: type[R], *, rows: int, characters: int
    ) -> None:
        self.rows = 0
        self._kind = kind
        self._most = (rows, characters)
        self._in_group = (0, 0)
        self._waiting: list[R] = []
        self._characters = 0
        self._slices: list[pa.RecordBatch] = []
        self._parquet = pq.ParquetWriter(
            sink, schema_of(kind), compression="zstd", store_schema=False
        )

    def add(self, record: R) -> None:
        """Take one record."""
        characters = sum(len(each) for _, each in record if isinstance(each, str))
        self.rows += 1
        self._waiting.append(record)
        self._characters += characters
        rows, total = self._in_group
        self._in_group = (rows + 1, total + characters)
        if any(now >= most for now, most in zip(self._in_group, self._most, strict=True)):
            self._end_group()
        elif len(self._waiting) >= _SLICE_ROWS or self._characters >= _SLICE_CHARACTERS:
            self._end_slice()

    def close(self, *, whole: bool = True) -> None:
        """Write what is left, and the end of the file; what is not whole is only let go of."""
        if whole and (self._waiting or self._slices):
            self._end_group()
        self._parquet.close()

    def _end_slice(self) -> None:
        self._slices.append(to_batch(self._waiting, self._kind))
        self._waiting.clear()
        self._characters = 0

    def _end_group(self) -> None:
        if self._waiting:
            self._end_slice()
        # In one piece, since where pieces meet would show in the file's pages.
        table = pa.Table.from_batches(self._slices).combine_chunks()
        self._slices.clear()
        self._parquet.write_table(table)
        self._in_group = (0, 0)
