"""The members of archives as streams, one after the other; nothing is written anywhere.

A member's name is only a name: whatever path it spells, nothing goes there.
"""

import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from typing import Any, Self

from longhop.corpus.reading.decoding import BUFFER
from longhop.corpus.reading.decompressing import Allowance, Guarded
from longhop.corpus.reading.kinds import is_about, is_hidden, pass_over
from longhop.corpus.reading.rows import Broken, BrokenArchive

_MOST_MEMBERS = 1_000_000
# A locked member is a RuntimeError, and a damaged index may be any of the others.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
    struct.error,
)
_End = tarfile.EOFHeaderError  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Member:
    """A file in an archive, opened when it is its turn."""

    name: str
    open: Callable[[], BufferedReader]


def zip_members(file: BufferedReader, allowance: Allowance) -> Iterator[Member]:
    """The data files of a zip archive. One that cannot be read leaves the others readable.

    Raises:
        Broken: It is no zip archive, is compressed itself, or has too many members.
    """
    if not file.seekable():
        raise Broken("a zip archive cannot be read from inside a compressed file; unpack it")
    try:
        archive = zipfile.ZipFile(file)
    except _ZIP_ERRORS as error:
        raise Broken(f"not a whole zip archive: {error}") from error
    with archive:
        members = [each for each in archive.infolist() if each.filename[-1:] not in ("", "/")]
        _refuse_many(len(members))
        kept = set(_data_files([each.filename for each in members]))
        for member in members:
            if member.filename in kept:
                yield Member(member.filename, partial(_open_zipped, archive, member, allowance))


def tar_members(
    file: BufferedReader, allowance: Allowance, names: Callable[[], list[str]]
) -> Iterator[Member]:
    """The data files of a tar archive, in one pass, each to be read before the next is asked for.

    `names` lists the archive's files from a pass of its own. That is done only once a file shows
    up of which it depends on the others whether it is a document.

    Raises:
        Broken: It is no tar archive, breaks off, or has too many members.
    """
    kept: set[str] | None = None
    for archive, member in _tar_files(file):
        name = member.name
        if not _data_files([name]):
            continue
        if kept is None and is_about(name):
            kept = set(_data_files(names()))
        if kept is None or name in kept:
            yield Member(name, partial(_open_tarred, archive, member, allowance))


def tar_names(file: BufferedReader) -> list[str]:
    """The names of the files of a tar archive, as far as it can be read."""
    names: list[str] = []
    with suppress(Broken):  # told when the members are read
        names.extend(member.name for _, member in _tar_files(file))
    return names


def _tar_files(file: BufferedReader) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    count = 0
    try:
        short: Any = _Short(file)
        with tarfile.open(fileobj=short, mode="r|", tarinfo=_Header) as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # else all stay in memory
                count += 1
                _refuse_many(count)
                if member.isreg() and not member.issparse():
                    yield archive, member
    except (tarfile.TarError, OSError, EOFError, ValueError, OverflowError) as error:
        raise BrokenArchive(f"its {count + 1}. member cannot be read: {error}") from error


class _Short:
    """A stream that gives what there is before a break, not the break alone."""

    def __init__(self, file: BufferedReader) -> None:
        self.read = file.read1


class _Header(tarfile.TarInfo):
    """A header that says so where it is damaged; tarfile takes one for the archive's end."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(archive)
        except _End:
            raise
        except tarfile.HeaderError as error:
            raise BrokenArchive(f"it breaks off at a member's header: {error}") from error


def _data_files(names: list[str]) -> list[str]:
    return pass_over([each for each in names if not is_hidden(each)])[0]


def _refuse_many(count: int) -> None:
    if count > _MOST_MEMBERS:
        raise BrokenArchive(f"it has more than {_MOST_MEMBERS} members")


def _open_zipped(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, allowance: Allowance
) -> BufferedReader:
    try:
        opened = archive.open(member)
    except _ZIP_ERRORS as error:
        raise Broken(str(error)) from error
    return BufferedReader(
        Guarded(opened.read, allowance, also=(zipfile.BadZipFile, lzma.LZMAError, ValueError)),
        BUFFER,
    )


def _open_tarred(
    archive: tarfile.TarFile, member: tarfile.TarInfo, allowance: Allowance
) -> BufferedReader:
    opened = archive.extractfile(member)
    if opened is None:
        raise Broken("the member is no file")
    return BufferedReader(
        Guarded(opened.read, allowance, breaks=BrokenArchive, also=(tarfile.TarError,)), BUFFER
    )
