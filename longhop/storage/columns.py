"""Records as Arrow tables: the columns follow from the record's fields and from nothing else."""

import types
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

import pyarrow as pa
import pyarrow.parquet as pq

from longhop.identity import digest
from longhop.records.base import Record

R = TypeVar("R", bound=Record)

_PLAIN: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
}


@cache
def schema_of(kind: type[Record]) -> pa.Schema:
    """The Arrow schema of a record; a field of a type that has no column is a TypeError."""
    return pa.schema([_field(name, info.annotation) for name, info in kind.model_fields.items()])


def schema_version(kind: type[Record]) -> str:
    """A short hash of the columns: two artifacts with one version can be read alike."""
    return digest(str(schema_of(kind)))[:12]


def to_batch(records: Sequence[Record], kind: type[Record]) -> pa.RecordBatch:
    """The records as one Arrow batch of their columns."""
    rows = [record.model_dump(mode="json") for record in records]
    return pa.RecordBatch.from_pylist(_storable(rows, kind), schema=schema_of(kind))


def to_parquet(records: Iterable[Record], kind: type[Record]) -> bytes:
    """The Parquet file of the records, the same bytes for the same rows."""
    return table_to_parquet(pa.Table.from_batches([to_batch(list(records), kind)]))


def table_to_parquet(table: pa.Table) -> bytes:
    """A table as one Parquet file, without times or names of machines in it."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", store_schema=False)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def from_parquet(data: bytes, kind: type[R]) -> list[R]:
    """The records of a Parquet file."""
    return from_rows(pq.read_table(pa.BufferReader(data)).to_pylist(), kind)


def from_rows(rows: list[dict[str, Any]], kind: type[R]) -> list[R]:
    """The records of Arrow rows, validated again on the way in."""
    mapped = [name for name, info in kind.model_fields.items() if _is_map(info.annotation)]
    for row in rows:
        for name in mapped:
            row[name] = dict(row[name])
    return [kind.model_validate(row) for row in rows]


def _storable(rows: Sequence[dict[str, Any]], kind: type[Record]) -> Sequence[dict[str, Any]]:
    mapped = [name for name, info in kind.model_fields.items() if _is_map(info.annotation)]
    for row in rows:
        for name in mapped:
            row[name] = sorted(row[name].items())
    return rows


def _is_map(annotation: Any) -> bool:
    return get_origin(annotation) is dict


def _field(name: str, annotation: Any) -> pa.Field:
    optional = get_origin(annotation) in (Union, types.UnionType)
    if optional:
        (annotation,) = (each for each in get_args(annotation) if each is not type(None))
    return pa.field(name, _type(annotation), nullable=optional)


def _type(annotation: Any) -> pa.DataType:
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if get_origin(annotation) is tuple:
        return pa.list_(_type(get_args(annotation)[0]))
    if get_origin(annotation) is dict:
        key, value = get_args(annotation)
        return pa.map_(_type(key), _type(value))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return pa.string()
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return pa.struct(
            [_field(name, info.annotation) for name, info in annotation.model_fields.items()]
        )
    raise TypeError(f"{annotation!r} has no column type")
