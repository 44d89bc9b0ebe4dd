"""Artifacts: immutable Parquet objects, named by their content."""

import hashlib
from collections.abc import Iterable
from typing import TypeVar

from longhop.errors import StorageError
from longhop.records.artifacts import Artifact
from longhop.records.base import Record
from longhop.storage.columns import from_parquet, schema_version, to_parquet
from longhop.storage.files import Files

R = TypeVar("R", bound=Record)


class ArtifactStore:
    """Writes records once and reads them back whole or not at all."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def write(self, name: str, records: Iterable[R], kind: type[R]) -> Artifact:
        """Store the records under the hash of their bytes; equal rows make one object."""
        data, rows = to_parquet(records, kind)
        artifact = Artifact(
            kind=name,
            hash=hashlib.sha256(data).hexdigest(),
            rows=rows,
            bytes=len(data),
            schema_version=schema_version(kind),
        )
        if not self.files.exists(artifact.path):
            self.files.write(artifact.path, data)
        return artifact

    def read(self, artifact: Artifact, kind: type[R]) -> list[R]:
        """The records of an artifact.

        Raises:
            StorageError: The object is gone, its bytes are not those it is named for, or it was
                written with other columns.
        """
        try:
            data = self.files.read(artifact.path)
        except FileNotFoundError as error:
            raise StorageError(
                f"artifact {artifact.path} is gone from {self.files.root}"
            ) from error
        if hashlib.sha256(data).hexdigest() != artifact.hash:
            raise StorageError(
                f"artifact {artifact.path} does not hold the bytes it is named for; remove it, and"
                " the next build makes it again"
            )
        if artifact.schema_version != schema_version(kind):
            raise StorageError(f"artifact {artifact.path} was written with other columns")
        return from_parquet(data, kind)

    def read_all(self, artifacts: Iterable[Artifact], kind: type[R]) -> list[R]:
        """The records of several artifacts, one after the other."""
        return [record for artifact in artifacts for record in self.read(artifact, kind)]
