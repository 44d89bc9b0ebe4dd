"""Whether the splits of a version are apart: read back from the files that are published."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from longhop.errors import StorageError
from longhop.matching import normalise
from longhop.records.corpus import Split

_BATCH = 256


def check_splits(files: Mapping[str, Path], groups: Mapping[str, str]) -> dict[str, int]:
    """How many documents, near-duplicate groups and questions the rows of all splits have.

    `files` are the drafts of a version by their paths, `groups` the group of each document; one
    without is a group of its own. `questions_twice` counts those that stand in two splits, word
    for word: on other documents they may.

    Raises:
        StorageError: A document or a group stands in two splits. What was to be published is not.
    """
    split_of: dict[str, Split] = {}
    split_of_group: dict[str, Split] = {}
    asked: dict[tuple[str, ...], Split] = {}
    twice: set[tuple[str, ...]] = set()
    for split in Split:
        if (path := files.get(f"data/{split}.parquet")) is None:
            continue
        for question, documents in _rows(path):
            for each in documents:
                _claim(split_of, each, split, "document")
                _claim(split_of_group, groups.get(each, each), split, "near-duplicate group")
            words = normalise(question)
            if asked.setdefault(words, split) is not split:
                twice.add(words)
    return {
        "documents": len(split_of),
        "groups": len(split_of_group),
        "questions": len(asked),
        "questions_twice": len(twice),
    }


def _claim(owners: dict[str, Split], item: str, split: Split, what: str) -> None:
    owner = owners.setdefault(item, split)
    if owner is not split:
        raise StorageError(
            f"the {what} {item} stands in rows of {owner} and of {split}; nothing is published"
        )


def _rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The question of each row, and the documents that it holds."""
    with pq.ParquetFile(path) as file:
        held = "segments.list.element.document_id"
        inside = held in {file.schema.column(at).path for at in range(len(file.schema))}
        for batch in file.iter_batches(_BATCH, columns=["question", held if inside else _ONE]):
            questions = batch.column("question").to_pylist()
            yield from zip(questions, _documents(batch), strict=True)


_ONE = "document_id"


def _documents(batch: pa.RecordBatch) -> list[list[str]]:
    if _ONE in batch.schema.names:
        return [[each] for each in batch.column(_ONE).to_pylist()]
    return [[each[_ONE] for each in row] for row in batch.column("segments").to_pylist()]
