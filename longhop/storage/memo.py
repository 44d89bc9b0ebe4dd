"""The memo: what is dear is kept under a content key, below all stages.

An entry is in the local journal before anyone sees it, so a kill loses only what was in flight.
The journal is flushed to the store as immutable segments, so a lost machine loses at most one
flush interval. A journal left behind by a killed process is taken over by the next one.
"""

import fcntl
import hashlib
import json
import os
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from longhop.errors import StorageError
from longhop.storage.files import Files

# Whatever was paid for can be kept, lone surrogates too.
_TEXT = ("utf-8", "surrogatepass")
FLUSH_SECONDS = 5.0
FLUSH_ENTRIES = 200


class _Place(NamedTuple):
    segment: str
    start: int
    end: int


class Memo:
    """A store of JSON values by key, for one kind of thing, shared by all builds of a store."""

    def __init__(self, files: Files, kind: str, journals: Path) -> None:
        self.files = files
        self.folder = f"memo/{kind}"
        self._index: dict[str, _Place] = {}
        self._fresh: dict[str, str] = {}
        self._segments: dict[str, bytes] = {}
        self._lock = threading.RLock()
        self._flushed_at = time.monotonic()
        for path in files.list(self.folder):
            self._index_segment(path)
        self._journals = journals / kind
        self._journal_path = self._journals / f"{uuid.uuid4().hex}.jsonl"
        try:
            self._journals.mkdir(parents=True, exist_ok=True)
            self._adopt_orphans()
            self._journal = _locked(self._journal_path)
        except OSError as error:
            raise StorageError(
                f"journals {self._journals}: {error.strerror}; LONGHOP_JOURNALS names the folder"
            ) from error

    def get(self, key: str) -> object | None:
        """The value under a key, or None."""
        with self._lock:
            line = self._fresh.get(key)
            if line is None:
                place = self._index.get(key)
                if place is None:
                    return None
                line = self._segment(place.segment)[place.start : place.end].decode(*_TEXT)
        value: object = json.loads(line)["value"]
        return value

    def __contains__(self, key: str) -> bool:
        with self._lock:
            return key in self._fresh or key in self._index

    def put(self, key: str, value: object) -> None:
        """Keep a value. Returns once it is in the journal; the first value of a key stays."""
        line = json.dumps({"key": key, "value": value}, ensure_ascii=False, separators=(",", ":"))
        with self._lock:
            if key in self:
                return
            self._write_journal(line.encode(*_TEXT) + b"\n")
            self._fresh[key] = line
            due = time.monotonic() - self._flushed_at > FLUSH_SECONDS
            if due or len(self._fresh) >= FLUSH_ENTRIES:
                self.flush()

    def flush(self) -> None:
        """Write what is fresh as one immutable segment, then empty the journal."""
        with self._lock:
            self._flushed_at = time.monotonic()
            if not self._fresh:
                return
            self._write_segment([self._fresh[key] for key in sorted(self._fresh)])
            self._fresh.clear()
            self._journal.seek(0)
            self._journal.truncate()

    def close(self) -> None:
        """Flush, and leave no journal behind."""
        with self._lock:
            if self._journal.closed:
                return
            self.flush()
            self._journal_path.unlink(missing_ok=True)
            self._journal.close()

    def _write_journal(self, line: bytes) -> None:
        try:
            while line:
                line = line[self._journal.write(line) :]
        except OSError as error:
            raise StorageError(f"journal {self._journal_path}: {error.strerror}") from error

    def _write_segment(self, lines: list[str]) -> None:
        data = b"".join(line.encode(*_TEXT) + b"\n" for line in lines)
        path = f"{self.folder}/{hashlib.sha256(data).hexdigest()}.jsonl"
        if not self.files.exists(path):
            self.files.write(path, data)
        self._segments[path] = data
        self._index_segment(path)

    def _index_segment(self, path: str) -> None:
        """Two segments may hold one key, asked by two builds at once: the smaller hash holds."""
        for key, start, end in _entries(self._segment(path)):
            place = _Place(path, start, end)
            known = self._index.get(key)
            if known is None or self._rank(place) < self._rank(known):
                self._index[key] = place

    def _rank(self, place: _Place) -> str:
        line = self._segment(place.segment)[place.start : place.end]
        return hashlib.sha256(line).hexdigest()

    def _segment(self, path: str) -> bytes:
        if path not in self._segments:
            data = self.files.read(path)
            if hashlib.sha256(data).hexdigest() not in path:
                raise StorageError(
                    f"memo segment {path} does not hold the bytes it is named for; without the"
                    " file its answers are asked for again"
                )
            self._segments[path] = data
        return self._segments[path]

    def _adopt_orphans(self) -> None:
        for path in sorted(self._journals.glob("*.jsonl")):
            try:
                journal = _locked(path)
            except (BlockingIOError, FileNotFoundError):
                continue
            with journal:
                journal.seek(0)
                data = journal.read()
                lines = [data[start:end].decode(*_TEXT) for _, start, end in _entries(data)]
                if lines:
                    self._write_segment(sorted(set(lines)))
                path.unlink(missing_ok=True)


def _entries(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Key, start and end of every whole line; a torn last line is passed over."""
    start = 0
    while (end := data.find(b"\n", start)) >= 0:
        try:
            entry = json.loads(data[start:end])
            key = entry["key"] if "value" in entry else None
        except (ValueError, KeyError, TypeError, RecursionError):
            key = None
        if isinstance(key, str):
            yield key, start, end
        start = end + 1


def _locked(path: Path) -> IO[bytes]:
    """The file, open for appending and held by this process until it is closed or killed."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), "r+b", buffering=0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    return file
