"""Locks between the processes of a machine, which the kernel lets go of when a process dies.

They are flocks on files of their own: they hold between two memos of one process too, and a
process that is killed leaves none behind.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from longhop.errors import StorageError

PATIENCE = 60.0


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """An error of the file system becomes one message that names the setting."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"journals {folder}: {error.strerror}; LONGHOP_JOURNALS names the folder"
        ) from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else on this machine is in a block of the same lock. Not to be entered twice.

    Raises:
        StorageError: Somebody else was, for longer than patience lasts.
    """
    with told(path.parent):
        file = path.open("ab")
    with file:
        deadline = time.monotonic() + PATIENCE
        while not _try(file, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise StorageError(
                    f"journals {path.parent}: {path.name} was held by another process for"
                    f" {PATIENCE:.0f} s; LONGHOP_JOURNALS names the folder"
                )
            time.sleep(0.01)
        yield


def held(path: Path) -> IO[bytes] | None:
    """The file, made if need be and held until it is closed; None if somebody else holds it."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0)
    if _try(file, fcntl.LOCK_EX):
        return file
    file.close()
    return None


def is_held(path: Path) -> bool:
    """Whether a living process holds the file."""
    try:
        with path.open("rb") as file:
            return not _try(file, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def _try(file: IO[bytes], mode: int) -> bool:
    try:
        fcntl.flock(file, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
