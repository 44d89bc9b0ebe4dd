"""The data files of a version on their way: written once, hashed as they are written."""

import hashlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from longhop.errors import StorageError
from longhop.records.base import Record
from longhop.records.corpus import Split
from longhop.records.examples import Example
from longhop.records.manifest import PublishedFile
from longhop.records.pairs import Pair
from longhop.storage.row_groups import RowGroups

R = TypeVar("R", bound=Record)
P = TypeVar("P", bound=Example | Pair)

# A row group of published rows ends after so many of them or so many characters. What is smaller
# than one group, as most splits are, is one group.
GROUP_ROWS = 16_384
GROUP_CHARACTERS = 32_000_000


class Draft(io.RawIOBase):
    """A file that is written from its beginning to its end and knows its hash and size."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.rows = 0
        self._sha256 = hashlib.sha256()
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise self._told(error) from error

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Take the next bytes."""
        try:
            self._file.write(data)
        except OSError as error:
            raise self._told(error) from error
        self._sha256.update(data)
        size = memoryview(data).nbytes
        self.size += size
        return size

    def close(self) -> None:
        """Nothing more will come."""
        try:
            self._file.close()
        except OSError as error:
            raise self._told(error) from error
        finally:
            super().close()

    @property
    def sha256(self) -> str:
        """The hash of what was written."""
        return self._sha256.hexdigest()

    def _told(self, error: OSError) -> StorageError:
        return StorageError(f"draft {self.path}: {error.strerror or error}")


class Drafts(ExitStack):
    """The files of a version before it is published; they are gone at the end of the block.

    `new` opens an empty local file, where the store can take it over.
    """

    def __init__(self, new: Callable[[], AbstractContextManager[Path]]) -> None:
        super().__init__()
        self._new = new
        self._drafts: dict[str, Draft] = {}

    def open(self, path: str) -> Draft:
        """A draft of the file at a path of the version."""
        draft = Draft(self.enter_context(self._new()))
        self.callback(draft.close)
        self._drafts[path] = draft
        return draft

    def parquet(self, path: str, kind: type[R]) -> "ParquetDraft[R]":
        """A draft of a Parquet file of records."""
        draft = ParquetDraft(self.open(path), kind)
        self.callback(draft.let_go)
        return draft

    @property
    def files(self) -> tuple[PublishedFile, ...]:
        """Hash, size and rows of each file."""
        return tuple(
            PublishedFile(path=path, sha256=each.sha256, bytes=each.size, rows=each.rows)
            for path, each in sorted(self._drafts.items())
        )

    @property
    def contents(self) -> dict[str, Path]:
        """Where each file lies until it is published."""
        return {path: each.path for path, each in self._drafts.items()}


class ParquetDraft(Generic[R]):
    """Records on their way into a Parquet file of a version."""

    def __init__(self, draft: Draft, kind: type[R]) -> None:
        self.draft = draft
        self._groups = RowGroups(
            # pyarrow asks for no more than `write` of a file.
            cast(Any, draft), kind, rows=GROUP_ROWS, characters=GROUP_CHARACTERS
        )  # fmt: skip
        self.add = self._groups.add

    def close(self) -> None:
        """Write what is left."""
        self._groups.close()
        self.draft.close()

    def let_go(self) -> None:
        """Nothing more will come, and what was not closed is of no use."""
        if not self.draft.closed:
            with suppress(StorageError):
                self._groups.close(whole=False)


class Rendering(Generic[P]):
    """Rows of a version on their way into its canonical files, one of Parquet for each split.

    They come in the order of their ids.
    """

    def __init__(self, drafts: Drafts, kind: type[P]) -> None:
        self._drafts = drafts
        self._kind = kind
        self._open: dict[Split, ParquetDraft[P]] = {}
        self._last = ""

    def add(self, row: P) -> None:
        """Take one row."""
        if row.id < self._last:
            raise AssertionError(f"{row.id} comes after {self._last}: rows are out of order")
        self._last = row.id
        if row.split not in self._open:
            path = f"data/{row.split}.parquet"
            self._open[row.split] = self._drafts.parquet(path, self._kind)
        table = self._open[row.split]
        table.add(row)
        table.draft.rows += 1

    def finish(self) -> dict[str, int]:
        """End the files; how many rows each split has, those without any left out."""
        for each in self._open.values():
            each.close()
        return {str(each): self._open[each].draft.rows for each in Split if each in self._open}
