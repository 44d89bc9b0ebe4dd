"""The memo of one kind: the one way in and out of its journal, index and segments."""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from longhop.errors import LongHopError
from longhop.storage.files import Files
from longhop.storage.memo.claims import Claims
from longhop.storage.memo.compacting import compact_small
from longhop.storage.memo.database import Database
from longhop.storage.memo.erasing import Doomed, erase_entries, require_alone
from longhop.storage.memo.flushing import Flusher, flush_fresh
from longhop.storage.memo.index import Index, Place
from longhop.storage.memo.lines import key_of, line_of, value_of
from longhop.storage.memo.locks import locked, told
from longhop.storage.memo.orphans import adopt_orphans
from longhop.storage.memo.segments import Mismatch, Segments, index_entries

LISTED_SECONDS = 5.0
_TRIES = 4
_log = logging.getLogger(__name__)


class Memo:
    """A store of JSON values by key, for one kind of thing, shared by all builds of a store.

    Several threads may use it, and several processes of a machine by the same journals folder.
    It does not survive a fork.
    """

    def __init__(self, files: Files, kind: str, journals: Path) -> None:
        self.folder = journals / kind
        with told(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as undone:
            self._database = Database(journals / f"{kind}.sqlite")
            undone.callback(self._database.close)
            self._index = Index(self._database)
            self._claims = Claims(self._database, files.root)
            undone.callback(self._claims.close)
            self._segments = Segments(files, kind, self.folder / "segments")
            self._flusher = Flusher(self.flush)
            self._refreshing = threading.Lock()
            self._closing = threading.Lock()
            self._closed = False
            self._refresh(opening=True)
            adopt_orphans(self.folder, self._index)
            self._flusher.note(len(self._index.fresh(0)))
            undone.pop_all()

    def get(self, key: str) -> object | None:
        """The value under a key, or None.

        Raises:
            StorageError: Its segment has gone or is damaged; or the store cannot be listed.
        """
        line = self._line(key_of(key))
        return None if line is None else value_of(line)

    def get_many(self, keys: Iterable[str]) -> dict[str, object]:
        """The values under those of the keys that there are; raises as `get` does."""
        names = {key_of(key): key for key in keys}
        found = self._index.find_many(list(names))
        if len(found) < len(names) and self._refreshed():
            found |= self._index.find_many([key for key in names if key not in found])
        values: dict[str, object] = {}
        for key in sorted(found, key=lambda key: _by_place(found[key])):
            line = self._line(key, found[key])
            if line is not None:
                values[names[key]] = value_of(line)
        return values

    def __contains__(self, key: str) -> bool:
        return self._find(key_of(key)) is not None

    def put(self, key: str, value: object) -> None:
        """Keep a value. Returns once it is in the journal; the first value of a key stays.

        Raises:
            StorageError: It cannot be kept; or it is, but the store refuses what is flushed.
        """
        self.put_many({key: value})

    def put_many(self, values: Mapping[str, object]) -> None:
        """Keep several values, all or none of them; else as `put`. Claims on their keys end."""
        rows = [(key_of(key), line_of(key, value)) for key, value in values.items()]
        self._flusher.note(self._index.put(rows, self._claims.held(key for key, _ in rows)))
        self._flusher.check()

    def flush(self) -> None:
        """Bring what is fresh into the store, that of other processes too."""
        with locked(self.folder / "flush.lock"):
            flush_fresh(self._index, self._segments)

    def compact(self) -> None:
        """Merge small segments, if there are many."""
        with locked(self.folder / "flush.lock"):
            compact_small(self._index, self._segments)

    def erase(self, doomed: Doomed) -> int:
        """Erase the entries of which this is true, by key and line; how many there were.

        Raises:
            StorageError: Another process of this machine has the memo open.
        """
        self.require_alone()
        with locked(self.folder / "flush.lock"):
            return erase_entries(self._index, self._segments, self._database, doomed)

    def require_alone(self) -> None:
        """Raises StorageError where another process of this machine has the memo open."""
        require_alone(self._claims.others())

    def claim(self, key: str, owner: str) -> bool:
        """Whether this owner may ask for the key: no living process of the machine is at it.

        Claims are between processes: an owner who is told no looks into the memo again a little
        later, for the value or for the claim. One who is told yes after a no looks once more
        before asking, since the value is put before the claim is released. A claim whose process
        was killed is void. Within a memo a claim is its owner's until it is released.
        """
        return key in self.claim_many((key,), owner)

    def claim_many(self, keys: Iterable[str], owner: str) -> set[str]:
        """Those of the keys that this owner may ask for, else as `claim`."""
        names = {key_of(key): key for key in keys}
        return {names[each] for each in self._claims.claim(names, owner)}

    def release(self, key: str) -> None:
        """Let go of a claim of this memo."""
        self._claims.release(key_of(key))

    def close(self) -> None:
        """Flush, compact, and let go of claims and files. No thread is left.

        What cannot be flushed stays in the journal, for whoever opens the memo next.
        """
        with self._closing, ExitStack() as parts:
            if self._closed:
                return
            self._closed = True
            parts.callback(self._database.close)
            parts.callback(self._segments.close)
            parts.callback(self._claims.close)
            self._flusher.stop()
            self.flush()
            try:
                self.compact()
            except LongHopError as error:
                _log.warning("memo %s is left with many small segments: %s", self.folder, error)

    def _find(self, key: bytes) -> bytes | Place | None:
        found = self._index.find(key)
        if found is None and self._refreshed():
            found = self._index.find(key)
        return found

    def _line(self, key: bytes, found: bytes | Place | None = None) -> bytes | None:
        """The line of a key, read where it was found or else where it is found now."""
        for attempt in range(_TRIES):
            found = found or self._find(key)
            if not isinstance(found, Place):
                return found
            try:
                return self._segments.read(found)
            except FileNotFoundError:
                self._refresh()
            except Mismatch:
                self._mend(found.segment, again=attempt > 0)
            place, found = found, None
        raise self._segments.gone(place.segment)

    def _mend(self, segment: str, *, again: bool) -> None:
        """A line was not where it should be: find out who is wrong, the segment or the index."""
        try:
            self._segments.load(segment)
        except FileNotFoundError:
            self._refresh()
            return
        if again:
            self._database.set_aside(f"its places in {segment} are wrong")
            self._refresh()

    def _refreshed(self) -> bool:
        """Whether the store was listed just now: it was some time ago, or the index is new.

        While another thread lists it, this one does without, but not without any index.
        """
        recent = time.monotonic() - self._listed < LISTED_SECONDS or self._refreshing.locked()
        if recent and self._listed_in == self._database.opened:
            return False
        self._refresh()
        return True

    def _refresh(self, *, opening: bool = False) -> None:
        """List the store, and index the segments that are new.

        Those that have gone are dropped when a memo is opened; later they are passed over where
        another segment has the entry. What is indexed is looked up before the store is listed:
        a segment is indexed only once it is there, so one that the listing lacks has gone, even
        if another process flushes meanwhile.
        """
        with self._refreshing:
            opened = self._database.opened
            known = self._index.segments()
            there = self._segments.names()
            new = sorted(there - known.keys())
            self._segments.fetch(new)
            for name in new:
                try:
                    data = self._segments.load(name)
                except FileNotFoundError:
                    continue
                self._index.add(name, len(data), index_entries(data))
            gone = {name: name not in there for name in known}
            self._index.mark({name: now for name, now in gone.items() if now != known[name].gone})
            if opening:
                self._index.drop(name for name, now in gone.items() if now)
                self._segments.keep_only(self._index.segments())
            self._listed, self._listed_in = time.monotonic(), opened


def _by_place(found: bytes | Place) -> tuple[str, int]:
    return (found.segment, found.start) if isinstance(found, Place) else ("", 0)
