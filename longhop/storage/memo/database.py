"""The SQLite file of a kind: opened, shared with other processes, set aside when it is broken."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from longhop.errors import StorageError
from longhop.storage.memo.lines import whole_lines
from longhop.storage.memo.locks import locked, told

T = TypeVar("T")

BUSY_SECONDS = 30.0
_VERSION = 1
_TABLES = """
CREATE TABLE fresh (key BLOB PRIMARY KEY, line BLOB NOT NULL);
CREATE TABLE segments (
    id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, size INTEGER NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE entries (
    key BLOB, rank BLOB, segment INTEGER, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    PRIMARY KEY (key, rank, segment)
) WITHOUT ROWID;
CREATE TABLE claims (key BLOB PRIMARY KEY, holder TEXT NOT NULL, owner TEXT NOT NULL)
    WITHOUT ROWID;
"""
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_log = logging.getLogger(__name__)


class Database:
    """One connection, for all threads of a memo; other processes have theirs to the same file.

    A commit is in the file's log, which outlives a kill, before a write returns. A file that is
    found broken is set aside, and a new one begins with what could be saved of the fresh
    entries. Whoever still had the old one open sees that its path leads elsewhere now: before
    every block, and after every commit, which is then made once more in the new file. So no
    entry goes to a file that nobody reads any more.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path.with_suffix("")
        self.opened = 0
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        with locked(self.folder / "open.lock"):
            self._open_or_replace()

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What a block of queries finds, in one state of the file."""
        return self._run("BEGIN", work)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What a block of changes returns, once all are committed. It may be run twice."""
        return self._run("BEGIN IMMEDIATE", work)

    def pack(self) -> None:
        """Write the file anew, so that nothing is left of what was deleted."""
        with self._lock:
            if self._connection is None:
                raise StorageError(f"memo {self.path}: it is closed")
            try:
                self._connection.execute("VACUUM")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                raise self._told(error) from error

    def set_aside(self, why: str) -> None:
        """Begin a new file, unless somebody else has done so already."""
        with self._lock, locked(self.folder / "open.lock"):
            if self._moved():
                self._open_or_replace()
            else:
                self._replace(why)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                with suppress(sqlite3.Error):
                    self._connection.close()
                self._connection = None

    def _run(self, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            if self._connection is None:
                raise StorageError(f"memo {self.path}: it is closed")
            replaced = False
            while True:
                if self._moved():
                    with locked(self.folder / "open.lock"):
                        self._open_or_replace()
                try:
                    result = self._block(begin, work)
                except sqlite3.Error as error:
                    if replaced or not _is_broken(error):
                        raise self._told(error) from error
                    replaced = True
                    self.set_aside(str(error))
                else:
                    if begin == "BEGIN" or not self._moved():
                        return result

    def _block(self, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection
        assert connection is not None
        connection.execute(begin)
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        return result

    def _moved(self) -> bool:
        try:
            return self.path.stat().st_ino != self._inode
        except OSError:
            return True

    def _open_or_replace(self) -> None:
        try:
            self._open()
        except sqlite3.Error as error:
            if not _is_broken(error):
                raise self._told(error) from error
            self._replace(str(error))

    def _open(self) -> None:
        self.close()
        self._connection = connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -8192")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if not version:
            connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
        elif version != _VERSION:
            raise _OtherRelease(f"its tables are of release {version}, not {_VERSION}")
        for table in ("fresh", "segments", "entries", "claims"):
            connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
        with told(self.path.parent):
            self._inode = self.path.stat().st_ino
        self.opened += 1

    def _replace(self, why: str) -> None:
        self.close()
        number = 0
        while (aside := self.path.with_name(f"{self.path.name}.broken-{number}")).exists():
            number += 1
        with told(self.path.parent):
            for suffix in ("-wal", "-shm", ""):
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{suffix}").rename(f"{aside}{suffix}")
        try:
            self._open()
            saved = _saved(aside)
            self._block("BEGIN IMMEDIATE", lambda found: _insert(found, saved))
        except sqlite3.Error as error:
            raise self._told(error) from error
        _log.warning(
            "memo %s: %s; it is set aside as %s and built anew from the store, with %d entries"
            " that were not there yet",
            self.path,
            why,
            aside.name,
            len(saved),
        )

    def _told(self, error: sqlite3.Error) -> StorageError:
        return StorageError(f"journals {self.path}: {error}; LONGHOP_JOURNALS names the folder")


class _OtherRelease(sqlite3.DatabaseError):
    sqlite_errorcode = sqlite3.SQLITE_NOTADB


def _is_broken(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN


def _insert(connection: sqlite3.Connection, rows: dict[bytes, bytes]) -> None:
    connection.executemany("INSERT OR IGNORE INTO fresh VALUES (?, ?)", rows.items())


def _saved(aside: Path) -> dict[bytes, bytes]:
    """The fresh entries of a broken file, read from both ends up to where it is broken."""
    rows: dict[bytes, bytes] = {}
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(aside)
            try:
                found = connection.execute(f"SELECT key, line FROM fresh ORDER BY rowid {order}")
                rows.update(row for row in found if _is_whole(*row))
            finally:
                connection.close()
    return rows


def _is_whole(key: bytes, line: bytes) -> bool:
    return [each for each, _, _ in whole_lines(line + b"\n")] == [key]
