"""Some columns of all objects of a kind, whichever stage wrote them."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from longhop.storage.files import Files


def columns_of(files: Files, folder: str, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The values of the columns, row by row; an object that lacks one, or is broken, is passed."""
    for path in files.list(folder):
        try:
            with files.local_copy(path) as copy, pq.ParquetFile(copy) as file:
                if not set(names) <= set(file.schema_arrow.names):
                    continue
                for batch in file.iter_batches(1024, columns=list(names)):
                    columns = (batch.column(each).to_pylist() for each in names)
                    yield from zip(*columns, strict=True)
        except (pa.ArrowException, FileNotFoundError):
            continue
