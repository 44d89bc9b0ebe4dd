"""Rows on their way into the page and the files beside it: each within a fixed size."""

import base64
import json
from array import array
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from longhop.publishing.drafting import Drafts
from longhop.publishing.report.escaping import embedded_json
from longhop.scratch import scratch_file, scratch_told

# What a page of rows ends at, and a file of whole contexts.
PAGE_ROWS, PAGE_BYTES = 2000, 10_000_000
CONTEXT_BYTES = 4_000_000
# Whole contexts of a large set stay in its Parquet files: here they would be a second copy of it.
ALL_CONTEXTS = 400_000_000


def folder_of(version: str) -> str:
    """Where the files beside a page lie: named for the version, so that pages of two get along."""
    return f"report/{version}"


class Shelf:
    """Rows with what their folds hold, in a scratch file until all of them are there.

    Memory holds a few numbers for each.
    """

    def __init__(self, places: int) -> None:
        self._starts = array("q", [-1] * places)
        self._middles = array("q", [0] * places)
        self._ends = array("q", [0] * places)

    def __enter__(self) -> Self:
        self._file = scratch_file()
        self._size = 0
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def put(self, place: int, entry: dict[str, Any], folds: list[Any]) -> None:
        """Take the row of a place."""
        row, held = embedded_json(entry).encode(), embedded_json(folds).encode()
        self._starts[place], self._middles[place] = self._size, self._size + len(row)
        with scratch_told():
            self._file.write(row)
            self._file.write(held)
        self._size += len(row) + len(held)
        self._ends[place] = self._size

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        """The JSON of each row and of its folds, in the order of the places."""
        for start, middle, end in zip(self._starts, self._middles, self._ends, strict=True):
            if start < 0:
                continue
            with scratch_told():
                self._file.seek(start)
                both = self._file.read(end - start)
            yield both[: middle - start], both[middle - start :]


class Shelved:
    """The rows of the first page, and the files of the other pages and of whole contexts.

    A row has `at`, the number of the file of its context and its place in it, where it is in one.
    """

    def __init__(self, drafts: Drafts, version: str) -> None:
        self.first: list[bytes] = []
        self.pages: list[dict[str, Any]] = []
        self.contexts: list[str] = []
        self.rows = 0
        self.folder = folder_of(version)
        self._drafts = drafts
        self._version = version
        self._page: list[bytes] = []
        self._page_bytes = 0
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._all_held = 0

    def fill(self, shelf: Shelf) -> None:
        """Take all rows of a shelf."""
        for row, folds in shelf:
            if folds != b"[]" and self._all_held + len(folds) <= ALL_CONTEXTS:
                row = row[:-1] + f',"at":[{len(self.contexts)},{len(self._held)}]}}'.encode()
                self._hold(folds)
            full = len(self._page) >= PAGE_ROWS or self._page_bytes + len(row) > PAGE_BYTES
            if full and self._page:
                self._end_page()
            self._page.append(row)
            self._page_bytes += len(row)
            self.rows += 1
        self._end_page()
        self._end_contexts()

    def _hold(self, folds: bytes) -> None:
        self._held.append(folds)
        self._held_bytes += len(folds)
        self._all_held += len(folds)
        if self._held_bytes >= CONTEXT_BYTES:
            self._end_contexts()

    def _end_page(self) -> None:
        if not self.pages:
            self.first = self._page
            self.pages.append({"rows": len(self._page), "hash": ""})
        elif self._page:
            hashed = self._write(f"rows-{len(self.pages):03}", self._page)
            self.pages.append({"rows": len(self._page), "hash": hashed})
        self._page, self._page_bytes = [], 0

    def _end_contexts(self) -> None:
        if self._held:
            self.contexts.append(self._write(f"contexts-{len(self.contexts):03}", self._held))
        self._held, self._held_bytes = [], 0

    def _write(self, name: str, parts: list[bytes]) -> str:
        """A file that hands its parts to the page once it is loaded; its hash, for browsers."""
        draft = self._drafts.open(f"{self.folder}/{name}.js")
        draft.write(f"longhop({json.dumps(self._version)},{json.dumps(name)},[\n".encode())
        for at, each in enumerate(parts):
            draft.write(b",\n" + each if at else each)
        draft.write(b"\n])\n")
        draft.close()
        return "sha256-" + base64.b64encode(bytes.fromhex(draft.sha256)).decode()
