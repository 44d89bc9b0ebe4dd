"""Artifacts: immutable Parquet objects, named by their content."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from longhop.errors import StorageError
from longhop.records.artifacts import Artifact
from longhop.records.base import Record
from longhop.storage.columns import from_rows, schema_version
from longhop.storage.files import Files
from longhop.storage.row_groups import RowGroups

R = TypeVar("R", bound=Record)

# A row group ends after this many rows or characters, whichever comes first. What is fixed by the
# rows alone gives the same bytes for the same rows; what is small is read and written in little
# memory.
_GROUP_ROWS = 4096
_GROUP_CHARACTERS = 4_000_000
_BATCH = 256


class ArtifactStore:
    """Writes records once and reads them back whole or not at all."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def writer(self, name: str, kind: type[R]) -> "ArtifactWriter[R]":
        """A writer to enter: records go in one by one, and after the block it has the artifact."""
        return ArtifactWriter(self.files, name, kind)

    def write(self, name: str, records: Iterable[R], kind: type[R]) -> Artifact:
        """Store the records under the hash of their bytes; equal rows make one object."""
        with self.writer(name, kind) as writer:
            for record in records:
                writer.add(record)
        return writer.artifact

    def read(self, artifact: Artifact, kind: type[R]) -> list[R]:
        """The records of an artifact; raises as `iterate` does."""
        return list(self.iterate(artifact, kind))

    def read_all(self, artifacts: Iterable[Artifact], kind: type[R]) -> list[R]:
        """The records of several artifacts, one after the other."""
        return [record for artifact in artifacts for record in self.iterate(artifact, kind)]

    def iterate(self, artifact: Artifact, kind: type[R]) -> Iterator[R]:
        """The records of an artifact one by one, in little memory.

        Raises:
            StorageError: The object is gone, its bytes are not those it is named for, or it was
                written with other columns.
        """
        with self.opened(artifact, kind) as records:
            yield from records

    @contextmanager
    def opened(self, artifact: Artifact, kind: type[R]) -> Iterator["OpenArtifact[R]"]:
        """An artifact to read as often as wanted: fetched and verified once; raises so, too."""
        with self._verified(artifact) as path:
            yield OpenArtifact(artifact, kind, path)

    def batches(
        self, artifact: Artifact, kind: type[R], columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Some columns of an artifact, or all, in batches; raises as `iterate` does."""
        if artifact.schema_version != schema_version(kind):
            raise StorageError(f"artifact {artifact.path} was written with other columns")
        with self._verified(artifact) as path, pq.ParquetFile(path) as file:
            yield from file.iter_batches(_BATCH, columns=list(columns) if columns else None)

    @contextmanager
    def _verified(self, artifact: Artifact) -> Iterator[Path]:
        with ExitStack() as held:
            try:
                path = held.enter_context(self.files.local_copy(artifact.path))
                hashed = _hash_of(path)
            except FileNotFoundError as error:
                raise StorageError(
                    f"artifact {artifact.path} is gone from {self.files.root}"
                ) from error
            if hashed != artifact.hash:
                raise StorageError(
                    f"artifact {artifact.path} does not hold the bytes it is named for; remove it,"
                    " and the next build makes it again"
                )
            yield path


class OpenArtifact(Generic[R]):
    """An artifact whose bytes are whole and lie on this machine for as long as it is open."""

    def __init__(self, artifact: Artifact, kind: type[R], path: Path) -> None:
        self.artifact = artifact
        self.kind = kind
        self._path = path

    def __iter__(self) -> Iterator[R]:
        """The records; those that an earlier release wrote as far as they are whole.

        Fields that came later and have a default take it; nothing else is guessed.
        """
        as_now = self.artifact.schema_version == schema_version(self.kind)
        with pq.ParquetFile(self._path) as file:
            for batch in file.iter_batches(_BATCH):
                try:
                    records = from_rows(batch.to_pylist(), self.kind)
                except (ValidationError, KeyError) as error:
                    if as_now:
                        raise
                    raise self._other_columns() from error
                yield from records

    def values(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Some columns alone, row by row; an earlier release may have written them."""
        with pq.ParquetFile(self._path) as file:
            if not set(names) <= set(file.schema_arrow.names):
                raise self._other_columns()
            for batch in file.iter_batches(_GROUP_ROWS, columns=list(names)):
                yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)

    def _other_columns(self) -> StorageError:
        return StorageError(
            f"artifact {self.artifact.path} was written with other columns, by another release;"
            " build from scratch with base none"
        )


class ArtifactWriter(Generic[R]):
    """Records on their way into an artifact, in row groups; nothing is stored before the end."""

    artifact: Artifact

    def __init__(self, files: Files, name: str, kind: type[R]) -> None:
        self.files = files
        self.name = name
        self.kind = kind
        self._held = ExitStack()

    def __enter__(self) -> "ArtifactWriter[R]":
        self._draft = self._held.enter_context(self.files.draft())
        self._groups = RowGroups(
            self._draft, self.kind, rows=_GROUP_ROWS, characters=_GROUP_CHARACTERS
        )
        return self

    @property
    def rows(self) -> int:
        """How many records there are so far."""
        return self._groups.rows

    def add(self, record: R) -> None:
        """Take one record."""
        with self._told():
            self._groups.add(record)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._held:
            if kind is not None:
                self._groups.close(whole=False)
                return
            with self._told():
                self._groups.close()
            self.artifact = Artifact(
                kind=self.name,
                hash=_hash_of(self._draft),
                rows=self.rows,
                bytes=self._draft.stat().st_size,
                schema_version=schema_version(self.kind),
            )
            if not self.files.exists(self.artifact.path):
                self.files.adopt(self.artifact.path, self._draft)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            raise StorageError(f"store {self.files.root}: {why}: {self._draft}") from error


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
