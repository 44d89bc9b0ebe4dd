"""A document or its copy in two splits is found in the files themselves."""

from pathlib import Path

import pytest

from longhop.errors import StorageError
from longhop.publishing.parting import check_splits
from longhop.records.corpus import Split
from longhop.records.examples import Example
from longhop.storage.columns import to_parquet
from tests.longhop.publishing.test_publishing import example


def written(folder: Path, **rows: list[Example]) -> dict[str, Path]:
    files = {}
    for split, some in rows.items():
        path = folder / f"{split}.parquet"
        path.write_bytes(to_parquet(some, Example))
        files[f"data/{split}.parquet"] = path
    return files


def elsewhere(row: Example, split: Split) -> Example:
    """The row in another split, on documents of its own."""
    moved = [
        each.model_copy(update={"document_id": f"{split} {each.document_id}"})
        for each in row.segments
    ]
    return row.model_copy(update={"split": split, "segments": tuple(moved)})


def test_splits_that_are_apart_are_counted(tmp_path: Path):
    row = example()
    other = elsewhere(row, Split.TEST).model_copy(update={"question": "Something else?"})
    files = written(tmp_path, train=[row, row], test=[other])
    documents = {each.document_id for each in row.segments}

    assert check_splits(files, {}) == {
        "documents": 2 * len(documents),
        "groups": 2 * len(documents),
        "questions": 2,
        "questions_twice": 0,
    }


def test_a_document_in_two_splits_stops_the_publishing(tmp_path: Path):
    row = example()
    files = written(tmp_path, train=[row], test=[row.model_copy(update={"split": Split.TEST})])

    with pytest.raises(StorageError, match="stands in rows of train and of test"):
        check_splits(files, {})


def test_a_near_duplicate_in_another_split_stops_the_publishing(tmp_path: Path):
    row = example()
    other = elsewhere(row, Split.VALIDATION)
    files = written(tmp_path, train=[row], validation=[other])
    groups = {other.segments[0].document_id: row.segments[0].document_id}

    with pytest.raises(StorageError, match="near-duplicate group"):
        check_splits(files, groups)


def test_a_question_may_stand_in_two_splits_and_is_told(tmp_path: Path):
    row = example()
    files = written(tmp_path, train=[row], test=[elsewhere(row, Split.TEST)])

    assert check_splits(files, {})["questions_twice"] == 1
