"""Rows of Parquet and Arrow files, a batch at a time, of the columns that are wanted."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from io import BufferedReader
from typing import Any

from longhop.corpus.reading.decompressing import Allowance
from longhop.corpus.reading.rows import Broken, Place, Row, in_mebibytes, turn_away
from longhop.records.accounts import Reason

_BATCH = 256
# A Parquet file is read from its end, so one that is compressed or in an archive is held whole.
_HELD = 256 << 20

# Which columns to read, of those there are, each with the names nested in it.
Wanted = Callable[[Mapping[str, Sequence[str]]], list[str]]


def read_parquet(
    file: BufferedReader, place: Place, wanted: Wanted, allowance: Allowance
) -> Iterator[Row]:
    """The rows of a Parquet file, numbered from one.

    Raises:
        Broken: It is no Parquet file, or what is left of it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    source: Any = file if file.seekable() else pa.BufferReader(_held(file))
    try:
        table = pq.ParquetFile(source, buffer_size=1 << 20, pre_buffer=False)
        batches = table.iter_batches(
            _BATCH, columns=wanted(_names(table.schema_arrow)), use_threads=False
        )
        yield from _rows(batches, place, allowance)
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        raise Broken(f"no more of its table can be read: {error}") from error


def read_arrow(
    file: BufferedReader, place: Place, wanted: Wanted, allowance: Allowance
) -> Iterator[Row]:
    """The rows of Arrow's stream or file format, numbered from one.

    The file format is the stream format between a mark and an index, and is read as that.

    Raises:
        Broken: It is no Arrow file, or what is left of it cannot be read.
    """
    import pyarrow as pa

    if file.peek(8).startswith(b"ARROW1\x00\x00"):
        file.read(8)
    try:
        start = pa.PythonFile(file, mode="r")
        stream = pa.ipc.open_stream(start)
        at = {name: number for number, name in enumerate(stream.schema.names)}  # the last of two
        chosen = [at[name] for name in wanted(_names(stream.schema))]
        yield from _rows((_checked(batch.select(chosen)) for batch in stream), place, allowance)
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        raise Broken(f"no more of its table can be read: {error}") from error


def wanted_columns(names: Collection[str]) -> Wanted:
    """Those of a table's columns that the mapped names stand for, or lead into."""

    def wanted(there: Mapping[str, Sequence[str]]) -> list[str]:
        return [
            each
            for each in there
            if any(name == each or name.startswith(f"{each}.") for name in names)
        ]

    return wanted


def all_columns(there: Mapping[str, Sequence[str]]) -> list[str]:
    """Every one."""
    return list(there)


def _names(schema: Any) -> dict[str, list[str]]:
    """The columns of a table by name, each with the names of the fields nested in it."""
    import pyarrow as pa

    return {
        field.name: [inner.name for inner in field.type] if pa.types.is_struct(field.type) else []
        for field in schema
    }


def _checked(batch: Any) -> Any:
    """The batch, if what it says of its own memory is true: Arrow believes a damaged file.

    Whether its strings are UTF-8 is left to whoever reads them, row by row.
    """
    for column in batch.columns:
        as_bytes = _bytes_of(column.type)
        (column.cast(as_bytes) if as_bytes else column).validate(full=True)
    return batch


def _bytes_of(kind: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_string(kind):
        return pa.binary()
    return pa.large_binary() if pa.types.is_large_string(kind) else None


def _rows(batches: Any, place: Place, allowance: Allowance) -> Iterator[Row]:
    number = 0
    for batch in batches:
        allowance.spend(batch.nbytes)
        for row in _values(batch):
            number += 1
            where = place.at(number)
            if isinstance(row, str):
                yield turn_away(where, Reason.BROKEN_LINE, row)
            else:
                yield Row(where, row)


def _values(batch: Any) -> Iterator[Mapping[str, object] | str]:
    """The rows of a batch; where one cannot be said in Python, why."""
    try:
        yield from batch.to_pylist()
        return
    except (ValueError, OverflowError, LookupError):
        pass  # one of its strings is not UTF-8, a date is before all dates, a time zone is unknown
    for at in range(batch.num_rows):
        try:
            yield _value(batch.slice(at, 1))
        except (ValueError, OverflowError, LookupError) as error:
            yield str(error)


def _value(one: Any) -> Mapping[str, object]:
    row: dict[str, object] = {}
    for name, column in zip(one.schema.names, one.columns, strict=True):
        as_bytes = _bytes_of(column.type)
        row[name] = (column.cast(as_bytes) if as_bytes else column)[0].as_py()
    return row


def _held(file: BufferedReader) -> bytes:
    data = file.read(_HELD + 1)
    if len(data) > _HELD:
        raise Broken(
            f"a Parquet file of more than {in_mebibytes(_HELD)} cannot be read from inside an"
            " archive or compressed; unpack it"
        )
    return data
