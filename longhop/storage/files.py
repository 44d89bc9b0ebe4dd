"""Whole files under one root, in a local folder or a bucket, never seen half-written."""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from longhop.errors import ConfigError, StorageError
from longhop.storage.buckets import open_client, told


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


_UMASK = _umask()
_OLD = 24 * 3600.0
_DRAFT = "longhop-draft-"


class Files(Protocol):
    """A flat namespace of immutable or replaced-whole files; paths are relative, with slashes."""

    root: str

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError where there is none."""

    def write(self, path: str, data: bytes) -> None:
        """Put the file in place whole, over an earlier one if there is one."""

    def create(self, path: str, data: bytes) -> bool:
        """Put the file in place if there is none yet; false if there is one already."""

    def exists(self, path: str) -> bool:
        """Whether there is a file at the path."""

    def list(self, folder: str) -> list[str]:
        """The paths of all files below a folder, sorted; none if the folder is not there."""

    def delete(self, path: str) -> None:
        """Remove a file; nothing happens if there is none."""

    def tidy(self, older: float = _OLD) -> None:
        """Remove the drafts of processes that were killed so many seconds ago."""

    def draft(self) -> AbstractContextManager[Path]:
        """A new empty local file to write to, gone at the end unless it was adopted."""

    def adopt(self, path: str, draft: Path) -> None:
        """Put a draft in place whole, over an earlier file if there is one."""

    def local_copy(self, path: str) -> AbstractContextManager[Path]:
        """The file as a local one to read from. Raises FileNotFoundError where there is none."""


def open_files(root: str, *, endpoint_url: str | None = None) -> Files:
    """The files under a local folder or an `s3://bucket/prefix`."""
    if root.startswith("s3://"):
        return BucketFiles(root, endpoint_url=endpoint_url)
    if "://" in root:
        raise ConfigError(f"store {root!r}: only a folder or an s3:// address is understood")
    return LocalFiles(Path(root).absolute())


class LocalFiles:
    """Files in a folder. A file appears by an atomic rename or link, after it is on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = str(folder)

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return (self.folder / path).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        """Put the file in place whole."""
        with self._written_beside(path, data) as beside:
            beside.replace(self.folder / path)

    def create(self, path: str, data: bytes) -> bool:
        """Put the file in place if there is none yet."""
        with self._written_beside(path, data) as beside:
            try:
                os.link(beside, self.folder / path)
            except FileExistsError:
                return False
        return True

    def exists(self, path: str) -> bool:
        """Whether there is a file at the path."""
        return (self.folder / path).is_file()

    def list(self, folder: str) -> list[str]:
        """The paths of all files below a folder, sorted."""
        found = (self.folder / folder).rglob("*")
        return sorted(
            str(each.relative_to(self.folder))
            for each in found
            if each.is_file() and not each.name.startswith(".tmp-")
        )

    def delete(self, path: str) -> None:
        """Remove a file; nothing happens if there is none."""
        (self.folder / path).unlink(missing_ok=True)

    def tidy(self, older: float = _OLD) -> None:
        """Remove the drafts that nobody has written to for a day, or for so many seconds.

        With none, also those of files that were to be written beside others.
        """
        if self.folder.is_dir():
            drafts = self.folder.glob(".tmp-*") if older else self.folder.rglob(".tmp-*")
            _remove_old(drafts, older)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A new empty file in the store's own folder, so that adopting it is a rename."""
        with self._told(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".tmp-")
            os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def adopt(self, path: str, draft: Path) -> None:
        """Put a draft in place whole, once it is on disk."""
        target = self.folder / path
        with self._told(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.chmod(0o666 & ~_UMASK)
            draft.replace(target)

    @contextmanager
    def local_copy(self, path: str) -> Iterator[Path]:
        """The file itself."""
        target = self.folder / path
        if not target.is_file():
            raise FileNotFoundError(target)
        yield target

    @contextmanager
    def _told(self, target: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(f"store {self.root}: {error.strerror}: {target}") from error

    @contextmanager
    def _written_beside(self, path: str, data: bytes) -> Iterator[Path]:
        target = self.folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=".tmp-")
            beside = Path(name)
        except OSError as error:
            raise StorageError(f"store {self.root}: {error.strerror}: {target}") from error
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(0o666 & ~_UMASK)  # a temporary file is for its owner alone
            yield beside
        except FileExistsError:
            raise
        except OSError as error:
            raise StorageError(f"store {self.root}: {error.strerror}: {target}") from error
        finally:
            beside.unlink(missing_ok=True)


class BucketFiles:
    """Files in an S3 bucket. A put is whole or not there; a create asks the server to refuse."""

    def __init__(self, root: str, *, endpoint_url: str | None = None) -> None:
        self.root = root.rstrip("/")
        self.prefix = self.root.removeprefix("s3://")
        self._s3 = open_client(endpoint_url)

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        with self._told(path):
            data: bytes = self._s3.cat_file(self._at(path))
        return data

    def write(self, path: str, data: bytes) -> None:
        """Put the file in place whole."""
        try:
            with self._told(path):
                self._s3.pipe_file(self._at(path), data)
        except FileNotFoundError as error:
            raise StorageError(f"store {self.root}: there is no such bucket") from error

    def create(self, path: str, data: bytes) -> bool:
        """Put the file in place if there is none yet: for small files, in a single put."""
        try:
            with self._told(path):
                self._s3.pipe_file(self._at(path), data, mode="create")
        except FileExistsError:
            return False
        except StorageError:
            # Some servers answer the refused put with a plain error (412) instead.
            if self.exists(path):
                return False
            raise
        return True

    def exists(self, path: str) -> bool:
        """Whether there is a file at the path."""
        with self._told(path):
            return bool(self._s3.isfile(self._at(path)))

    def list(self, folder: str) -> list[str]:
        """The paths of all files below a folder, sorted."""
        with self._told(folder):
            try:
                found: list[str] = self._s3.find(self._at(folder))
            except FileNotFoundError:
                return []
        return sorted(each.removeprefix(self.prefix + "/") for each in found)

    def delete(self, path: str) -> None:
        """Remove a file; nothing happens if there is none."""
        with self._told(path):
            try:
                self._s3.rm_file(self._at(path))
            except FileNotFoundError:
                return

    def tidy(self, older: float = _OLD) -> None:
        """Remove the drafts of this machine that nobody has written to for a day, or so long."""
        _remove_old(Path(tempfile.gettempdir()).glob(f"{_DRAFT}*"), older)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A new empty file in the machine's folder for temporary ones."""
        handle, name = tempfile.mkstemp(prefix=_DRAFT)
        os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def adopt(self, path: str, draft: Path) -> None:
        """Send a draft; a large one goes in parts, and is there once all of them are."""
        with self._told(path):
            self._s3.put_file(str(draft), self._at(path))

    @contextmanager
    def local_copy(self, path: str) -> Iterator[Path]:
        """A copy of the file, fetched, and gone at the end."""
        with self.draft() as copy:
            with self._told(path):
                self._s3.get_file(self._at(path), str(copy))
            yield copy

    def _at(self, path: str) -> str:
        return f"{self.prefix}/{path}"

    def _told(self, path: str) -> AbstractContextManager[None]:
        return told(f"store {self.root}/{path}")


def _remove_old(drafts: Iterable[Path], older: float) -> None:
    for each in drafts:
        with suppress(OSError):
            if time.time() - each.stat().st_mtime >= older:
                each.unlink()
