"""Compressed files as streams that stop in time: where they break off, and where they explode."""

import gzip
import zlib
from collections.abc import Callable
from io import SEEK_SET, BufferedReader, RawIOBase
from typing import Any, BinaryIO

from longhop.corpus.reading.decoding import BUFFER
from longhop.corpus.reading.kinds import compression_of
from longhop.corpus.reading.rows import Broken, BrokenArchive, in_mebibytes

# A file may become as much as this, or as many times its own bytes.
_FREE = 256 << 20
_TIMES = 200
# What is read at a time, and so the most that is lost before a break.
_PIECE = 16 << 10


class Metered(RawIOBase):
    """A file as it lies, and how far into it reading has come."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0
        self.taken = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """As the file is."""
        return self._file.seekable()

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        """Go to a place."""
        self._at = self._file.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._file.tell()

    def readinto(self, buffer: Any, /) -> int:
        """The next bytes."""
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        self.taken = max(self.taken, self._at)
        return len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class Allowance:
    """What one level of a file's compression may still give."""

    def __init__(self, source: Metered) -> None:
        self._source = source
        self._given = 0

    def spend(self, size: int) -> None:
        """Note that so many bytes came out.

        Raises:
            BrokenArchive: They are too many for what was taken in: nobody writes such a corpus.
        """
        self._given += size
        if self._given > _FREE and self._given > _TIMES * self._source.taken:
            raise BrokenArchive(
                f"it grew to {in_mebibytes(self._given)} from {in_mebibytes(self._source.taken)}:"
                f" more than {_TIMES} times is not read"
            )


class Guarded(RawIOBase):
    """A stream that fills what it is asked for, tells breaks as ours, and keeps to an allowance.

    What came before a break is given out; the break comes with the next read, and each after it.
    """

    def __init__(
        self,
        read: Callable[[int], bytes],
        allowance: Allowance,
        *,
        breaks: Callable[[str], Broken] = Broken,
        also: tuple[type[Exception], ...] = (),
    ) -> None:
        self._read = read
        self._allowance = allowance
        self._breaks = breaks
        self._expected: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error, *also)
        self._broken: Broken | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """The next bytes, as many as are wanted unless there are no more."""
        filled = 0
        while filled < len(buffer) and self._broken is None:
            try:
                data = self._read(min(_PIECE, len(buffer) - filled))
                self._allowance.spend(len(data))
            except BrokenArchive as error:
                self._broken = error
            except Broken as error:
                self._broken = self._breaks(str(error))
            except self._expected as error:
                self._broken = self._breaks(_why(error))
            else:
                if not data:
                    break
                buffer[filled : filled + len(data)] = data
                filled += len(data)
        if self._broken is not None and not filled:
            raise self._broken
        return filled


def decompress(file: BufferedReader, source: Metered) -> BufferedReader:
    """What a file holds, once it is decompressed; the file itself where it is not compressed.

    Raises:
        Broken: It is compressed twice over.
    """
    compression = compression_of(file.peek(4))
    if compression is None:
        return file
    read = gzip.GzipFile(fileobj=file).read1 if compression == "gzip" else _zstd(file)
    inside: BufferedReader = BufferedReader(Guarded(read, Allowance(source)), BUFFER)
    if compression_of(inside.peek(4)):
        raise Broken("it is compressed twice over")
    return inside


def _zstd(file: BufferedReader) -> Callable[[int], bytes]:
    import pyarrow as pa

    read: Callable[[int], bytes] = pa.CompressedInputStream(
        pa.PythonFile(file, mode="r"), "zstd"
    ).read
    return read


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
