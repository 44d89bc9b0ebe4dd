"""Records in scratch files: read again in their order, or found again by their ids."""

import hashlib
import os
from array import array
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import numpy as np

from longhop.records.base import Record
from longhop.scratch import scratch_file, scratch_told

R = TypeVar("R", bound=Record)

_BLOCK = 1 << 20


class _Scratch(Generic[R]):
    """Lines of JSON, a record each, in a file that is gone with the process."""

    def __init__(self, kind: type[R]) -> None:
        self.kind = kind
        self.size = 0

    def __enter__(self) -> Self:
        self._file = scratch_file()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, line: bytes) -> None:
        """Take the JSON of one record."""
        with scratch_told():
            self._file.write(line + b"\n")
        self.size += len(line) + 1

    def __iter__(self) -> Iterator[R]:
        at = 0
        while at < self.size:
            with scratch_told():
                self._file.seek(at)
                lines = self._file.readlines(_BLOCK)
            at += sum(map(len, lines))
            for line in lines:
                yield self.kind.model_validate_json(line)


class Spool(_Scratch[R]):
    """Records that are read as often as wanted, in the order in which they came.

    All are added before the first is read.
    """

    def add(self, record: R) -> None:
        """Take one record."""
        self.write(record.model_dump_json().encode())

    def values(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Some fields alone, record by record."""
        return (tuple(getattr(record, name) for name in names) for record in self)


class Lookup(_Scratch[R]):
    """Records that are found again by their ids; memory holds some 30 bytes for each.

    All are added before the first is looked for. Of two with one id the later is found.
    """

    def __init__(self, kind: type[R], name: Callable[[R], str]) -> None:
        super().__init__(kind)
        self._name = name
        self._keys = array("Q")
        self._ends = array("Q")
        self._order: np.ndarray | None = None

    def add(self, record: R) -> None:
        """Take one record."""
        self.write(record.model_dump_json().encode())
        self._keys.append(short_key(self._name(record)))
        self._ends.append(self.size)

    def __len__(self) -> int:
        return len(self._keys)

    def take(self, names: Iterable[str]) -> dict[str, R]:
        """The records of these ids, as far as they are there."""
        found = ((name, self._find(name)) for name in names)
        return {name: record for name, record in found if record is not None}

    def _find(self, name: str) -> R | None:
        keys = np.frombuffer(self._keys, np.uint64)
        if self._order is None:
            with scratch_told():
                self._file.flush()
            self._order = np.argsort(keys, kind="stable")
        key = np.uint64(short_key(name))
        first = int(np.searchsorted(keys, key, "left", sorter=self._order))
        last = int(np.searchsorted(keys, key, "right", sorter=self._order))
        for place in reversed(self._order[first:last].tolist()):
            record = self._read(place)
            if self._name(record) == name:
                return record
        return None

    def _read(self, place: int) -> R:
        start = self._ends[place - 1] if place else 0
        with scratch_told():
            line = os.pread(self._file.fileno(), self._ends[place] - start, start)
        return self.kind.model_validate_json(line)


class KeySet:
    """Which names there are, by 64 bits of each: one of 10^14 others is taken for one of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._keys = np.unique(np.frombuffer(array("Q", map(short_key, names)), np.uint64))

    def __contains__(self, name: str) -> bool:
        key = np.uint64(short_key(name))
        at = int(np.searchsorted(self._keys, key))
        return at < len(self._keys) and bool(self._keys[at] == key)


def short_key(name: str) -> int:
    """64 bits of a hash: what is remembered of a name where names are too many to keep."""
    hashed = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(hashed.digest(), "big")
