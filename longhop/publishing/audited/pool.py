"""The rows that a page shows, before it is known how many there are: first by keyed hash."""

import heapq
import json
from typing import IO, Any

from longhop.identity import digest
from longhop.scratch import scratch_file, scratch_told

# Rows that can be looked at, and characters of whole contexts that lie beside them.
MOST_ROWS = 5_000
MOST_FOLDED = 60_000_000


class Pool:
    """Entries of rows in a scratch file; memory knows where those lie that are shown."""

    def __init__(self, most: int = MOST_ROWS) -> None:
        self._most = most
        self._file: IO[bytes] = scratch_file()
        self._kept: list[tuple[int, int, int, int]] = []
        self._found: dict[int, tuple[int, int]] = {}
        self._size = 0
        self._folded = 0

    def close(self) -> None:
        """Let go of all."""
        self._file.close()

    def wants(self, number: int) -> bool:
        """Whether a row is among those shown, as far as it is known."""
        return len(self._kept) < self._most or -_key(number) > self._kept[0][0]

    def put(self, number: int, entry: dict[str, Any], folds: list[Any]) -> None:
        """Take a row that is wanted; its folds only while there is room for them."""
        size = sum(len(str(piece)) for fold in folds for piece in fold)
        if self._folded + size > MOST_FOLDED:
            folds = []
        else:
            self._folded += size
        line = json.dumps([entry, folds], ensure_ascii=True).encode()
        with scratch_told():
            self._file.seek(self._size)
            self._file.write(line)
        place = (-_key(number), number, self._size, len(line))
        self._size += len(line)
        if len(self._kept) < self._most:
            heapq.heappush(self._kept, place)
        else:
            heapq.heapreplace(self._kept, place)

    def places(self) -> dict[int, int]:
        """The numbers of the rows that are shown, each with its place among them."""
        ordered = sorted(self._kept, reverse=True)
        self._found = {number: (start, size) for _, number, start, size in ordered}
        return {number: place for place, (_, number, *_) in enumerate(ordered)}

    def take(self, number: int) -> tuple[dict[str, Any], list[Any]]:
        """A row that is shown."""
        start, size = self._found[number]
        with scratch_told():
            self._file.seek(start)
            entry, folds = json.loads(self._file.read(size))
        return entry, folds


def _key(number: int) -> int:
    return int(digest("audited", number)[:15], 16)
