"""Siblings: documents written for other pairs of the same task, each used as often as the others.

The documents of a task stand in a ring, in an order that their ids decide. Everyone looks the same
distances ahead: so whoever takes the first few siblings of every document takes each equally often,
and no two twice together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from longhop.identity import digest, keyed_rng
from longhop.records.corpus import Split
from longhop.records.seeds import Origin

_Shelf = tuple[Split, str, str]


class Siblings:
    """The rings of one dataset: one for each split, language and task.

    Memory holds some 80 bytes for each document.
    """

    def __init__(self, origins: Iterable[Origin], dataset: str) -> None:
        shelves: dict[_Shelf, _Drawn] = defaultdict(_Drawn)
        for each in origins:
            shelves[_shelf(each)].add(each, dataset)
        self._rings = {
            shelf: _Ring(found, ("siblings", dataset, *shelf)) for shelf, found in shelves.items()
        }

    def of(self, origin: Origin) -> Iterator[str]:
        """All other documents of its split, language and task that are of another seed, in turn."""
        return self._rings[_shelf(origin)].ahead_of(origin)


def siblings_of(origin: Origin, origins: Iterable[Origin], dataset: str) -> Iterator[str]:
    """The siblings of one document, which is among the origins; `Siblings` has those of all."""
    return Siblings(origins, dataset).of(origin)


@dataclass
class _Drawn:
    """The documents of a shelf as they come: where each stands in the ring, its name, its seed."""

    places: bytearray = field(default_factory=bytearray)
    names: list[bytes] = field(default_factory=list)
    seeds: bytearray = field(default_factory=bytearray)

    def add(self, origin: Origin, dataset: str) -> None:
        self.places += bytes.fromhex(digest("siblings", dataset, origin.document_id))
        self.names.append(origin.document_id.encode())
        self.seeds += _seed_of(origin)


class _Ring:
    """Documents in a circle, each known by where it stands and by its seed."""

    def __init__(self, drawn: _Drawn, key: tuple[str, ...]) -> None:
        places = np.frombuffer(bytes(drawn.places), ">u8").reshape(-1, 4)
        order = np.lexsort((places[:, 1], places[:, 0]))
        self._firsts = places[order, 0].astype(np.uint64)
        self._names = np.array(drawn.names)[order]
        self._seeds = np.frombuffer(bytes(drawn.seeds), np.uint64)[order]
        self._dataset = key[1]
        steps = list(range(1, len(order)))
        keyed_rng(*key).shuffle(steps)
        self._steps: NDArray[np.int32] = np.array(steps, np.int32)

    def ahead_of(self, origin: Origin) -> Iterator[str]:
        """The documents of other seeds, at the distances that all look ahead."""
        place, own = self._place(origin.document_id), np.frombuffer(_seed_of(origin), np.uint64)[0]
        for step in self._steps:
            at = (place + int(step)) % len(self._names)
            if self._seeds[at] != own:
                yield self._names[at].decode()

    def _place(self, document_id: str) -> int:
        first = np.uint64(int(digest("siblings", self._dataset, document_id)[:16], 16))
        at = int(np.searchsorted(self._firsts, first))
        while self._names[at].decode() != document_id:
            at += 1
        return at


def _seed_of(origin: Origin) -> bytes:
    """Eight bytes that stand for a seed."""
    return bytes.fromhex(digest(origin.seed_id)[:16])


def _shelf(origin: Origin) -> _Shelf:
    return origin.split, origin.language, origin.task
