"""Claims: who of a machine's processes is asking for a key at this moment.

Whoever holds a claim asks; whoever is refused looks into the memo again a little later, for the
value or for the claim. The value is put before the claim is released, so whoever gets a claim
after a refusal looks into the memo once more before asking.
"""

import os
import sqlite3
import uuid
from collections.abc import Iterable
from pathlib import Path

from longhop.errors import StorageError
from longhop.storage.memo.database import Database
from longhop.storage.memo.locks import held, is_held, locked, told


class Claims:
    """The claims that this memo holds, and those of others.

    A memo holds a lock on a file of its own for as long as it is open; the kernel lets go of it
    when the process dies, and from then on its claims are void. The file says which store the
    memo is of: builds of two stores cannot share a journals folder at the same time, since what
    one has flushed the other would not find.
    """

    def __init__(self, database: Database, store: str) -> None:
        self.database = database
        self.live = database.folder / "live"
        self.holder = uuid.uuid4().hex
        self._held: set[bytes] = set()
        this = os.fsencode(store if "://" in store else Path(store).resolve())
        with told(self.live):
            self.live.mkdir(exist_ok=True)
            with locked(database.folder / "live.lock"):
                self._tidy(this)
                self._file = held(self.live / self.holder)
                assert self._file is not None
                self._file.write(this)

    def claim(self, keys: Iterable[bytes], owner: str) -> set[bytes]:
        """Those of the keys that are this owner's now: nobody alive had claimed them, or it had."""
        wanted = list(keys)

        def work(connection: sqlite3.Connection) -> set[bytes]:
            return {key for key in wanted if self._claim(connection, key, owner)}

        claimed = self.database.write(work)
        self._held |= claimed
        return claimed

    def _claim(self, connection: sqlite3.Connection, key: bytes, owner: str) -> bool:
        query = "SELECT holder, owner FROM claims WHERE key = ?"
        found = connection.execute(query, (key,)).fetchone()
        if found is not None and (found[0] == self.holder or is_held(self.live / found[0])):
            return bool(found == (self.holder, owner))
        connection.execute(
            "INSERT OR REPLACE INTO claims VALUES (?, ?, ?)", (key, self.holder, owner)
        )
        return True

    def held(self, keys: Iterable[bytes]) -> list[bytes]:
        """Those of the keys that this memo has claimed; their claims end with what is put now."""
        found = [key for key in keys if key in self._held] if self._held else []
        self._held.difference_update(found)
        return found

    def release(self, key: bytes) -> None:
        """Let go of a key, if this memo holds it."""
        if key not in self._held:
            return
        self._held.discard(key)
        self.database.write(
            lambda connection: connection.execute(
                "DELETE FROM claims WHERE key = ? AND holder = ?", (key, self.holder)
            )
        )

    def others(self) -> int:
        """How many other memos of this machine are open, in this process or another."""
        with locked(self.database.folder / "live.lock"):
            paths = [each for each in self.live.iterdir() if each.name != self.holder]
            return sum(is_held(each) for each in paths)

    def close(self) -> None:
        """Let go of all keys."""
        try:
            self._drop(self.holder)
        finally:
            (self.live / self.holder).unlink(missing_ok=True)
            if self._file is not None:
                self._file.close()

    def _tidy(self, this: bytes) -> None:
        for path in self.live.iterdir():
            if not is_held(path):
                self._drop(path.name)
                path.unlink(missing_ok=True)
            elif (other := path.read_bytes()) != this:
                raise StorageError(
                    f"journals {self.database.folder}: a build of the store {os.fsdecode(other)}"
                    f" is using them; LONGHOP_JOURNALS must name another folder for"
                    f" {os.fsdecode(this)}"
                )

    def _drop(self, holder: str) -> None:
        self.database.write(
            lambda connection: connection.execute("DELETE FROM claims WHERE holder = ?", (holder,))
        )
