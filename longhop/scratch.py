"""Files for what does not fit in memory: without a name, gone with the process."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from longhop.errors import StorageError


def scratch_file() -> IO[bytes]:
    """A new file in the machine's folder for temporary ones.

    Raises:
        StorageError: There is no room, or no such folder.
    """
    with scratch_told():
        return tempfile.TemporaryFile(prefix="longhop-", buffering=1 << 16)


@contextmanager
def scratch_told() -> Iterator[None]:
    """What goes wrong with such a file is one message that says where it lies."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"temporary files in {tempfile.gettempdir()}: {error.strerror or error}; TMPDIR names"
            " another folder"
        ) from error
