"""Flushing: what is fresh goes to the store, soon after it was put, whether or not more comes."""

import logging
import threading
from collections.abc import Callable

from longhop.errors import StorageError, TransientError
from longhop.storage.memo.index import Index
from longhop.storage.memo.segments import Segments

SECONDS = 5.0
ENTRIES = 200
_BYTES = 4 << 20
_log = logging.getLogger(__name__)


def flush_fresh(index: Index, segments: Segments) -> None:
    """Move what is fresh to the store, in segments of some 4 MiB; one process at a time.

    A segment is in the store before its entries leave the journal. A kill in between leaves them
    in both; they are then flushed once more, to the same segment or to another that says the
    same.
    """
    full = True
    while full and (lines := index.fresh(_BYTES)):
        full = sum(map(len, lines.values())) > _BYTES
        index.add(*segments.write(lines), flushed=True)


class Flusher:
    """Flushes in a thread that lives only while something is fresh.

    A store that cannot be reached is told by a log line and tried again: entries are safe in the
    journal meanwhile. Any other failure stays until a flush succeeds, and `check` raises it.
    """

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._lock = threading.Lock()
        self._due = threading.Event()
        self._thread: threading.Thread | None = None
        self._fresh = 0
        self._stopped = False
        self._failure: Exception | None = None

    def note(self, entries: int) -> None:
        """So many more are fresh."""
        with self._lock:
            self._fresh += entries
            if self._fresh >= ENTRIES:
                self._due.set()
            if self._fresh and self._thread is None and not self._stopped:
                self._thread = threading.Thread(target=self._run, name="memo-flush", daemon=True)
                self._thread.start()

    def check(self) -> None:
        """Raise what keeps the store from being written, if something does."""
        if self._failure is not None:
            raise StorageError(
                f"{self._failure} (every answer so far is kept in the journal)"
            ) from self._failure

    def stop(self) -> None:
        """End the thread; what is fresh is left to the caller."""
        with self._lock:
            self._stopped = True
            self._due.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        warned = False
        while True:
            self._due.wait(SECONDS)
            with self._lock:
                if self._stopped:
                    return
                self._fresh = 0
                self._due.clear()
            try:
                self._flush()
            except TransientError as error:
                if not warned:
                    _log.warning("%s; entries stay in the journal until it can", error)
                warned, failed = True, True
            except Exception as error:
                self._failure, failed = error, True
            else:
                self._failure, warned, failed = None, False, False
            with self._lock:
                if not (self._fresh or failed):
                    self._thread = None
                    return
