"""The rows of the memo: what is fresh, which segments there are, where in them an entry lies.

Of a key that lies in several segments every place is kept, so that the order of indexing cannot
matter, and dropping a segment uncovers what another holds.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from longhop.storage.memo.database import Database

_AT_ONCE = 500
# A line that is fresh, or the places of the key; the best place comes last.
_PLACES = """
SELECT key, name, start, stop, rank FROM entries JOIN segments ON id = segment
WHERE key IN ({}) ORDER BY gone DESC, rank DESC, segment
"""
_PUT = """
INSERT OR IGNORE INTO fresh SELECT ?1, ?2
WHERE NOT EXISTS (SELECT 1 FROM entries WHERE key = ?1)
"""


class Place(NamedTuple):
    """Where a line lies, and what its hash begins with."""

    segment: str
    start: int
    stop: int
    rank: bytes


class Entry(NamedTuple):
    """A line of a segment, as it is indexed."""

    key: bytes
    rank: bytes
    start: int
    stop: int


class Segment(NamedTuple):
    """A segment that is indexed; one that is gone was not in the store when that was listed."""

    size: int
    gone: bool


class Index:
    """The tables of a kind's SQLite file, changed by whole steps alone."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, key: bytes) -> bytes | Place | None:
        """The line of a key if it is fresh, or its place."""
        return self.find_many((key,)).get(key)

    def find_many(self, keys: Sequence[bytes]) -> dict[bytes, bytes | Place]:
        """The lines and places of those keys that are known."""

        def work(connection: sqlite3.Connection) -> dict[bytes, bytes | Place]:
            found: dict[bytes, bytes | Place] = {}
            for start in range(0, len(keys), _AT_ONCE):
                some = keys[start : start + _AT_ONCE]
                marks = ",".join("?" * len(some))
                for key, *place in connection.execute(_PLACES.format(marks), some):
                    found[key] = Place(*place)
                fresh = f"SELECT key, line FROM fresh WHERE key IN ({marks})"
                found.update(connection.execute(fresh, some))
            return found

        return self.database.read(work)

    def put(self, rows: Sequence[tuple[bytes, bytes]], claimed: Iterable[bytes] = ()) -> int:
        """How many of these lines are fresh now; a key that is known keeps what it has.

        Claims on the keys that are claimed end in the same moment.
        """
        ended = [(key,) for key in claimed]

        def work(connection: sqlite3.Connection) -> int:
            before = connection.total_changes
            connection.executemany(_PUT, rows)
            fresh = connection.total_changes - before
            if ended:
                connection.executemany("DELETE FROM claims WHERE key = ?", ended)
            return fresh

        return self.database.write(work)

    def fresh(self, size: int) -> dict[bytes, bytes]:
        """Fresh lines by key, the oldest first, up to that many bytes or one line."""

        def work(connection: sqlite3.Connection) -> dict[bytes, bytes]:
            lines: dict[bytes, bytes] = {}
            left = size
            for key, line in connection.execute("SELECT key, line FROM fresh ORDER BY rowid"):
                lines[key] = line
                left -= len(line)
                if left < 0:
                    break
            return lines

        return self.database.read(work)

    def add(self, name: str, size: int, entries: Sequence[Entry], *, flushed: bool = False) -> None:
        """Index a segment that is in the store, and what was flushed to it is fresh no more."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO segments (name, size) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET gone = 0",
                (name, size),
            )
            found = connection.execute("SELECT id FROM segments WHERE name = ?", (name,))
            (number,) = found.fetchone()
            connection.executemany(
                f"INSERT OR IGNORE INTO entries VALUES (?, ?, {number}, ?, ?)", entries
            )
            if flushed:
                keys = ((each.key,) for each in entries)
                connection.executemany("DELETE FROM fresh WHERE key = ?", keys)

        self.database.write(work)

    def segments(self) -> dict[str, Segment]:
        """Every segment that is indexed, by name."""

        def work(connection: sqlite3.Connection) -> dict[str, Segment]:
            found = connection.execute("SELECT name, size, gone FROM segments ORDER BY name")
            return {name: Segment(size, bool(gone)) for name, size, gone in found}

        return self.database.read(work)

    def mark(self, gone: Mapping[str, bool]) -> None:
        """Note which segments have gone from the store, and which are back."""
        rows = [(value, name) for name, value in gone.items()]
        if rows:
            self.database.write(
                lambda connection: connection.executemany(
                    "UPDATE segments SET gone = ? WHERE name = ?", rows
                )
            )

    def drop(self, names: Iterable[str]) -> None:
        """Forget segments and their entries: one walk through the index for all of them."""
        rows = [(name,) for name in names]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany("UPDATE segments SET gone = 2 WHERE name = ?", rows)
            connection.execute(
                "DELETE FROM entries WHERE segment IN (SELECT id FROM segments WHERE gone = 2)"
            )
            connection.execute("DELETE FROM segments WHERE gone = 2")

        if rows:
            self.database.write(work)
