"""Where input files lie: in local folders and in buckets, by the names that specs give them."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from longhop.errors import ConfigError
from longhop.storage.buckets import open_client, told

_MAGIC = frozenset("*?[")
_BUFFER = 1 << 20
# The folders of a store of ours. Where the first lies beside one of the next two, it is one.
_OURS = frozenset({"artifacts", "receipts", "memo", "journals", "datasets"})


class FileSources:
    """Input files of this machine, and those of buckets where a name begins with `s3://`."""

    def __init__(self, *, endpoint_url: str | None = None) -> None:
        self.endpoint_url = endpoint_url

    def find(self, path: str) -> list[str]:
        """The names of the files that a path stands for, sorted: itself, a folder's, a glob's.

        What lies at the path itself wins over reading it as a glob. Inside folders, names that
        begin with a dot or an underscore are passed over, and so is what is no regular file. Of a
        store of ours, which would feed a build its own rows, only the names of its folders are
        given, each with a slash at its end.

        Raises:
            ConfigError: There is none, or it cannot be looked at.
        """
        if not path:
            raise ConfigError("a path is empty, and stands for no file")
        tree = self._tree(path)
        try:
            if tree.is_file(path):
                return [path]
            found = tree.below(path) if tree.is_folder(path) else _match(tree, path)
        except (OSError, ValueError) as error:
            raise _refusal(path, error) from error
        if not found:
            raise ConfigError(f"{path}: no file is found there{_looked_from(path)}")
        return sorted(set(found))

    def open(self, name: str) -> BinaryIO:
        """A file, open for reading from its start, in bytes as they lie there.

        Raises:
            ConfigError: It cannot be opened.
        """
        try:
            return self._tree(name).open(name)
        except (OSError, ValueError) as error:
            raise _refusal(name, error) from error

    def size(self, name: str) -> int:
        """The bytes of a file.

        Raises:
            ConfigError: It is not there.
        """
        try:
            return self._tree(name).size(name)
        except (OSError, ValueError) as error:
            raise _refusal(name, error) from error

    def fingerprint(self, name: str) -> str:
        """A hash that changes when the file's bytes do.

        A local file is read and its SHA-256 taken. Of one in a bucket it is the ETag and the size
        that the server tells: the same bytes, sent again in other parts, have another ETag.

        Raises:
            ConfigError: It is not there, or cannot be read.
        """
        try:
            return self._tree(name).fingerprint(name)
        except (OSError, ValueError) as error:
            raise _refusal(name, error) from error

    def _tree(self, name: str) -> "_Tree":
        if name.startswith("s3://"):
            return self._bucket
        if "://" in name:
            raise ConfigError(f"{name}: only local paths and s3:// addresses are understood")
        return _LOCAL

    @cached_property
    def _bucket(self) -> "_BucketTree":
        return _BucketTree(self.endpoint_url)


class _Tree(Protocol):
    """Folders of one kind. Paths are as given, and so are the names made from them."""

    def is_file(self, path: str) -> bool: ...

    def is_folder(self, path: str) -> bool: ...

    def children(self, folder: str) -> list[str]:
        """The paths of what lies in a folder, hidden names included."""

    def below(self, folder: str) -> list[str]:
        """The paths of all files under a folder at any depth, hidden names left out.

        The folders of a store are named, with a slash at the end, and not gone into.
        """

    def open(self, name: str) -> BinaryIO: ...

    def size(self, name: str) -> int: ...

    def fingerprint(self, name: str) -> str: ...


class _LocalTree:
    """Folders of this machine. A folder that links lead to twice is walked once."""

    def is_file(self, path: str) -> bool:
        try:
            mode = Path(path).stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return False
        if stat.S_ISREG(mode):
            return True
        if stat.S_ISDIR(mode):
            return False
        raise ConfigError(f"{path}: neither a file nor a folder but a pipe, a socket or a device")

    def is_folder(self, path: str) -> bool:
        return Path(path).is_dir()

    def children(self, folder: str) -> list[str]:
        return [_join(folder, each.name) for each in sorted(Path(folder or ".").iterdir())]

    def below(self, folder: str) -> list[str]:
        return list(self._walk(folder))

    def open(self, name: str) -> BinaryIO:
        self.is_file(name)  # opening a pipe would wait for its other end
        return Path(name).open("rb")

    def size(self, name: str) -> int:
        return Path(name).stat().st_size

    def fingerprint(self, name: str) -> str:
        self.is_file(name)
        with Path(name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _walk(self, folder: str) -> Iterator[str]:
        seen = set()
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            status = (Path(here) if here else Path()).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            children = [each for each in self.children(here) if not _is_hidden(each)]
            ours = _ours_of(children)
            for path in children:
                if path in ours:
                    yield f"{path}/"
                elif Path(path).is_dir():
                    waiting.append(path)
                elif Path(path).is_file():
                    yield path


class _BucketTree:
    """Folders of buckets: what keys have in common up to a slash."""

    def __init__(self, endpoint_url: str | None) -> None:
        self.endpoint_url = endpoint_url

    @cached_property
    def _s3(self) -> Any:
        return open_client(self.endpoint_url)

    def is_file(self, path: str) -> bool:
        with told(path):
            return bool(self._s3.isfile(path))

    def is_folder(self, path: str) -> bool:
        with told(path):
            return bool(self._s3.isdir(path))

    def children(self, folder: str) -> list[str]:
        with told(folder):
            found: list[str] = self._s3.ls(folder, detail=False)
        return [f"s3://{each}" for each in sorted(found) if each != _key(folder)]

    def below(self, folder: str) -> list[str]:
        with told(folder):
            found: list[str] = self._s3.find(folder)
        start = len(_key(folder)) + 1
        shown = [
            each
            for each in found
            if not each.endswith("/")
            and not any(_is_hidden(part) for part in each[start:].split("/"))
        ]
        return [f"s3://{each}" for each in _without_stores(shown, start)]

    def open(self, name: str) -> BinaryIO:
        with told(name):
            file = self._s3.open(name, "rb", block_size=4 * _BUFFER, cache_type="readahead")
        return cast(BinaryIO, BufferedReader(_ToldReader(file, name), _BUFFER))

    def size(self, name: str) -> int:
        with told(name):
            return int(self._s3.info(name)["size"])

    def fingerprint(self, name: str) -> str:
        with told(name):
            found = self._s3.info(name)
        tag = str(found["ETag"]).strip('"')
        return f"{tag}:{found['size']}"


class _ToldReader(RawIOBase):
    """A bucket's file, whose reads fail as ours do: a lost connection is no broken file."""

    def __init__(self, file: Any, name: str) -> None:
        self._file = file
        self._name = name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any, /) -> int:
        with told(self._name):
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


_LOCAL = _LocalTree()


def _match(tree: _Tree, pattern: str) -> list[str]:
    """The files that a glob stands for, those of the folders that it matches among them.

    Python's own would go round in circles where links do.
    """
    parts = pattern.removeprefix("s3://").split("/")
    plain = next((n for n, part in enumerate(parts) if _MAGIC & set(part)), len(parts))
    base = pattern[: len(pattern) - len("/".join(parts[plain:]))]
    if plain == len(parts) or not tree.is_folder(base or "."):
        return []
    found: list[str] = []
    for path in _expand(tree, base, [part for part in parts[plain:] if part]):
        found += [path] if path.endswith("/") or tree.is_file(path) else tree.below(path)
    return found


def _expand(tree: _Tree, base: str, parts: list[str]) -> Iterator[str]:
    """What a pattern matches below a folder; a hidden name only where the pattern begins so."""
    if not parts:
        yield base
        return
    head, *rest = parts
    if head == "**":
        for path in tree.below(base):
            inside = path[len(base) :].strip("/").split("/")
            if _fits(inside, ["**", *(rest or ["*"])]):
                yield path
    elif not _MAGIC & set(head):
        path = _join(base, head)
        if tree.is_folder(path) or (not rest and tree.is_file(path)):
            yield from _expand(tree, path, rest)
    else:
        children = tree.children(base)
        ours = _ours_of(children)
        for path in children:
            name = path.rsplit("/", 1)[-1]
            shown = not _is_hidden(name) or name[0] == head[0]
            if not (shown and fnmatchcase(name, head)):
                continue
            if path in ours:
                yield from () if rest else (f"{path}/",)
            elif _is_there(tree, path, bool(rest)):
                yield from _expand(tree, path, rest)


def _fits(parts: list[str], pattern: list[str]) -> bool:
    """Whether a file of these names lies at, or below, what the pattern matches."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_fits(parts[n:], pattern[1:]) for n in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])


def _ours_of(children: list[str]) -> set[str]:
    """Those of a local folder's children that a store, or its journals, are made of."""
    by_name = {each.rsplit("/", 1)[-1]: each for each in children}
    folders = {name for name in _OURS & by_name.keys() if Path(by_name[name]).is_dir()}
    ours = {by_name[name] for name in folders} if _is_store(folders) else set()
    for name in by_name:
        kind = name.removesuffix(".sqlite")
        if kind != name and kind in by_name and (Path(by_name[kind]) / "live").is_dir():
            ours.add(by_name[kind])
    return ours


def _without_stores(keys: list[str], start: int) -> list[str]:
    """The keys under a folder, those of a store's folders replaced by the folders' names."""
    inside: dict[str, set[str]] = {}
    for key in keys:
        for above, name in _ours_above(key, start):
            inside.setdefault(above, set()).add(name)
    stores = {above for above, names in inside.items() if _is_store(names)}
    kept: dict[str, None] = {}
    for key in keys:
        ours = next((pair for pair in _ours_above(key, start) if pair[0] in stores), None)
        kept["/".join((*filter(None, ours), "")) if ours else key] = None
    return list(kept)


def _ours_above(key: str, start: int) -> Iterator[tuple[str, str]]:
    """The folders above a key that are named like one of a store's, each with what it lies in."""
    parts = key[start:].split("/")
    for n, part in enumerate(parts[:-1]):
        if part in _OURS:
            yield (key[:start] + "/".join(parts[:n])).rstrip("/"), part


def _is_store(folders: Iterable[str]) -> bool:
    there = set(folders)
    return "artifacts" in there and bool(there & {"receipts", "memo"})


def _is_there(tree: _Tree, path: str, must_be_folder: bool) -> bool:
    try:
        return tree.is_folder(path) or (not must_be_folder and tree.is_file(path))
    except ConfigError:
        return False  # a pipe among the matches


def _is_hidden(path: str) -> bool:
    return path.rsplit("/", 1)[-1].startswith((".", "_"))


def _join(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}" if folder not in ("", ".") else name


def _key(path: str) -> str:
    return path.removeprefix("s3://").rstrip("/")


def _refusal(path: str, error: Exception) -> ConfigError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ConfigError(f"{path}: {why}{_looked_from(path)}")


def _looked_from(path: str) -> str:
    return "" if "://" in path else f" (looked from {Path.cwd()})"
