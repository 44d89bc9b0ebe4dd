"""Segments: immutable files of lines in the store, read by offset from a local disk."""

import hashlib
import os
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from longhop.errors import StorageError
from longhop.storage.files import Files, LocalFiles
from longhop.storage.memo.index import Entry, Place
from longhop.storage.memo.lines import rank_of, whole_lines
from longhop.storage.memo.locks import told

_OPEN_FILES = 64
_FETCHED_AT_ONCE = 4
_NAME = re.compile(r"[0-9a-f]{64}")


class Mismatch(Exception):
    """Where the index says a line is, another line is: the index or the segment is damaged."""


class Segments:
    """The segments of a kind. Those of a bucket are mirrored in a local folder.

    A name is the hash of the bytes, and stands for the file `<name>.jsonl`. The bytes are checked
    against it when they are loaded, a line against its own hash whenever it is read.
    """

    def __init__(self, files: Files, kind: str, mirror: Path) -> None:
        self.files = files
        self.folder = f"memo/{kind}"
        self.mirrored = not isinstance(files, LocalFiles)
        self.home = files.folder / self.folder if isinstance(files, LocalFiles) else mirror
        if self.mirrored:
            with told(mirror):
                mirror.mkdir(parents=True, exist_ok=True)
        self._open: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.RLock()

    def names(self) -> set[str]:
        """Those in the store now."""
        found = {Path(path).stem for path in self.files.list(self.folder) if path.endswith("jsonl")}
        return {name for name in found if _NAME.fullmatch(name)}

    def write(self, lines: Mapping[bytes, bytes]) -> tuple[str, int, list[Entry]]:
        """Put lines, by key, into the store as one segment: its name, its size, its entries."""
        entries, start = [], 0
        for key in sorted(lines):
            stop = start + len(lines[key])
            entries.append(Entry(key, rank_of(lines[key]), start, stop))
            start = stop + 1
        data = b"".join(lines[entry.key] + b"\n" for entry in entries)
        name = hashlib.sha256(data).hexdigest()
        if not self.files.exists(self._path(name)):
            self.files.write(self._path(name), data)
        if self.mirrored:
            self._keep(name, data)
        return name, len(data), entries

    def load(self, name: str) -> bytes:
        """The whole of a segment. A mirror's copy that is missing or damaged is fetched again.

        Raises:
            FileNotFoundError: It is not in the store.
            StorageError: It does not hold the bytes it is named for.
        """
        self._forget(name)
        if self.mirrored:
            try:
                data = self._at(name).read_bytes()
            except OSError:
                data = b""
            if hashlib.sha256(data).hexdigest() == name:
                return data
        data = self.files.read(self._path(name))
        if hashlib.sha256(data).hexdigest() != name:
            raise StorageError(
                f"memo segment {self._path(name)} does not hold the bytes it is named for; without"
                " the file its answers are asked for again"
            )
        if self.mirrored:
            self._keep(name, data)
        return data

    def fetch(self, names: Iterable[str]) -> None:
        """Bring the mirror's copies of these up to date, a few at once."""
        if self.mirrored:
            with ThreadPoolExecutor(_FETCHED_AT_ONCE) as pool:
                for _ in pool.map(self._fetched, names):
                    pass

    def read(self, place: Place) -> bytes:
        """The line at a place.

        Raises:
            FileNotFoundError: The segment is not in the store any more.
            Mismatch: Another line is there.
        """
        with self._lock:
            line = os.pread(self._opened(place.segment), place.stop - place.start, place.start)
        if rank_of(line) != place.rank:
            raise Mismatch
        return line

    def delete(self, name: str) -> None:
        """Remove a segment from the store."""
        self.files.delete(self._path(name))

    def keep_only(self, names: Iterable[str]) -> None:
        """Remove the mirror's copies of all other segments."""
        if self.mirrored:
            kept = set(names)
            with told(self.home):
                for path in self.home.glob("*.jsonl"):
                    if path.stem not in kept:
                        path.unlink(missing_ok=True)

    def gone(self, name: str) -> StorageError:
        """The error of a segment that was there and is no more."""
        return StorageError(
            f"memo segment {self._path(name)} is not in the store any more; build again, and its"
            " answers are asked for again"
        )

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            for name in list(self._open):
                self._forget(name)

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}.jsonl"

    def _at(self, name: str) -> Path:
        return self.home / f"{name}.jsonl"

    def _fetched(self, name: str) -> None:
        try:
            self.load(name)
        except FileNotFoundError:
            return

    def _keep(self, name: str, data: bytes) -> None:
        with told(self.home):
            handle, beside = tempfile.mkstemp(dir=self.home, prefix=".tmp-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(beside).replace(self._at(name))
            finally:
                Path(beside).unlink(missing_ok=True)

    def _opened(self, name: str) -> int:
        if name in self._open:
            self._open.move_to_end(name)
            return self._open[name]
        if self.mirrored and not self._at(name).exists():
            self.load(name)
        self._open[name] = os.open(self._at(name), os.O_RDONLY)
        if len(self._open) > _OPEN_FILES:
            os.close(self._open.popitem(last=False)[1])
        return self._open[name]

    def _forget(self, name: str) -> None:
        with self._lock:
            if name in self._open:
                os.close(self._open.pop(name))


def index_entries(data: bytes) -> list[Entry]:
    """An entry for every whole line of a segment."""
    return [
        Entry(key, rank_of(data[start:end]), start, end) for key, start, end in whole_lines(data)
    ]
