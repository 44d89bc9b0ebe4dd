"""A place to try stages in: rows go into a folder that is gone afterwards, answers into the memo.

So nothing of a preview stands beside the artifacts and receipts of builds, and a second preview
works all of its stages again, from answers that are remembered.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import pyarrow.parquet as pq

from longhop.errors import StorageError
from longhop.operations.previewing.recording import Recorder
from longhop.records.artifacts import Artifact
from longhop.resources import Resources, Silence, entered
from longhop.storage.files import LocalFiles

# What lies in the store itself, and is opened anew on the folder.
_STORED = ("store", "receipts", "datasets", "activity")


@contextmanager
def trying(live: Resources, model: Recorder) -> Iterator[Resources]:
    """Resources with a store of their own and that model; memos, prompts and inputs are shared."""
    _ = live.prompts, live.sources, live.vectors, live.prices
    try:
        folder = TemporaryDirectory(prefix="longhop-preview-", ignore_cleanup_errors=True)
    except OSError as error:
        raise StorageError(
            f"temporary files in {gettempdir()}: {error.strerror or error}; TMPDIR names another"
            " folder"
        ) from error
    with folder:
        tried = copy.copy(live)
        tried.files, tried.progress = LocalFiles(Path(folder.name)), Silence()
        for name in _STORED:
            tried.__dict__.pop(name, None)
        tried.__dict__["model"] = model
        with entered(tried):
            yield tried


def read_rows(live: Resources, artifact: Artifact, most: int) -> list[dict[str, Any]]:
    """The first rows of an artifact by the names of their columns, whatever columns it has."""
    with live.files.local_copy(artifact.path) as path, pq.ParquetFile(path) as file:
        rows: list[dict[str, Any]] = []
        for batch in file.iter_batches(max(1, most)):
            rows += batch.to_pylist()
            if len(rows) >= most:
                break
        return rows[:most]
