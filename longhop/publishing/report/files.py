"""The files of a version as the page reads them: a few rows at a time."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from longhop.records.base import Record
from longhop.storage.columns import from_rows

R = TypeVar("R", bound=Record)

# Rows of 128k tokens take some megabytes each while they are read.
_BATCH = 32


class VersionFiles:
    """The data files of a version by their paths in it, with where each lies on this machine."""

    def __init__(self, places: Mapping[str, Path]) -> None:
        self._places = places

    @staticmethod
    def are_read(path: str) -> bool:
        """Whether the page is written from a file of that path."""
        return path.endswith(".parquet")

    @property
    def splits(self) -> list[str]:
        """The files of rows, a split each."""
        return sorted(each for each in self._places if each.startswith("data/"))

    def records(self, path: str, kind: type[R]) -> Iterator[R]:
        """The records of a file; none where there is no such file."""
        for batch in self._batches(path):
            yield from from_rows(batch.to_pylist(), kind)

    def chosen(self, path: str, kind: type[R], wanted: Mapping[str, int]) -> Iterator[R]:
        """The records of a file whose ids are wanted: the others are never made."""
        for batch in self._batches(path):
            ids = batch.column("id").to_pylist()
            places = [at for at, each in enumerate(ids) if each in wanted]
            if places:
                yield from from_rows(batch.take(pa.array(places)).to_pylist(), kind)

    def measured(self, path: str, text: str, without: frozenset[str]) -> Iterator[dict[str, Any]]:
        """The rows of a file with a text's length in characters in its place, less some columns."""
        names = pq.read_schema(self._places[path]).names
        for batch in self._batches(path, [each for each in names if each not in without]):
            at = batch.schema.get_field_index(text)
            if at >= 0:
                batch = batch.set_column(at, text, pc.utf8_length(batch.column(at)))
            yield from batch.to_pylist()

    def columns(self, path: str, names: list[str]) -> Iterator[dict[str, Any]]:
        """Some columns of a file's rows."""
        for batch in self._batches(path, names):
            yield from batch.to_pylist()

    def _batches(self, path: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        if path in self._places:
            with pq.ParquetFile(self._places[path]) as file:
                yield from file.iter_batches(_BATCH, columns=columns)
