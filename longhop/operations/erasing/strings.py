"""Every string that an object of the store holds, whatever form it is stored in."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_REFERENCE = re.compile(r"&#(\d+);")


def strings_of(name: str, path: Path) -> Iterator[str]:
    """The strings of an object: cells of Parquet, values of JSON, the text of pages.

    A string that is JSON itself, as a model's answer is, gives its values too. What is none of
    these is read as text; a damaged object as its bytes.
    """
    if name.endswith(".parquet"):
        try:
            yield from _of_parquet(path)
        except (pa.ArrowException, OSError):
            yield path.read_bytes().decode("utf-8", "replace")
    elif name.endswith(".jsonl"):
        with path.open("rb") as file:
            for line in file:
                yield from strings_in_json(line.decode("utf-8", "replace"))
    elif name.endswith(".json"):
        yield from strings_in_json(path.read_text("utf-8", "replace"))
    else:
        text = path.read_text("utf-8", "replace")
        yield text
        if name.endswith((".html", ".md")):
            yield html.unescape(_REFERENCE.sub(lambda found: chr(int(found.group(1))), text))


def strings_in_json(text: str) -> Iterator[str]:
    """The strings of a JSON text, or the text where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        yield text
        return
    yield from strings_in(value)


def strings_in(value: Any) -> Iterator[str]:
    """The strings of a JSON value, keys too, and those of strings that are JSON."""
    if isinstance(value, str):
        yield value
        if value[:1] in ("{", "["):
            yield from strings_in_json(value)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from strings_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings_in(each)


def _of_parquet(path: Path) -> Iterator[str]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(1024):
            for column in batch.columns:
                yield from _of_array(column)


def _of_array(array: pa.Array) -> Iterator[str]:
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield from (each for each in array.unique().to_pylist() if each)
    elif pa.types.is_struct(kind):
        for at in range(kind.num_fields):
            yield from _of_array(array.field(at))
    elif pa.types.is_map(kind):
        yield from _of_array(array.keys)
        yield from _of_array(array.items)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _of_array(array.flatten())
