"""Siblings: documents written for other pairs of the same task, each used as often as the others.

The documents of a task stand in a ring, in an order that their ids decide. Everyone looks the same
distances ahead: so whoever takes the first few siblings of every document takes each equally often,
and no two twice together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from longhop.identity import keyed_order, keyed_rng
from longhop.records.corpus import Split
from longhop.records.seeds import Origin

_Shelf = tuple[Split, str, str]


class Siblings:
    """The rings of one dataset: one for each split, language and task."""

    def __init__(self, origins: Iterable[Origin], dataset: str) -> None:
        shelves: dict[_Shelf, list[Origin]] = defaultdict(list)
        for each in origins:
            shelves[_shelf(each)].append(each)
        self._rings = {
            shelf: keyed_order(found, lambda each: each.document_id, "siblings", dataset)
            for shelf, found in shelves.items()
        }
        self._places = {
            each.document_id: place
            for ring in self._rings.values()
            for place, each in enumerate(ring)
        }
        self._steps: dict[_Shelf, list[int]] = {}
        for shelf, ring in self._rings.items():
            steps = list(range(1, len(ring)))
            keyed_rng("siblings", dataset, *shelf).shuffle(steps)
            self._steps[shelf] = steps

    def of(self, origin: Origin) -> Iterator[Origin]:
        """All other documents of its split, language and task that are of another seed, in turn."""
        shelf = _shelf(origin)
        ring, place = self._rings[shelf], self._places[origin.document_id]
        for step in self._steps[shelf]:
            other = ring[(place + step) % len(ring)]
            if other.seed_id != origin.seed_id:
                yield other


def siblings_of(origin: Origin, origins: Iterable[Origin], dataset: str) -> Iterator[Origin]:
    """The siblings of one document, which is among the origins; `Siblings` has those of all."""
    return Siblings(origins, dataset).of(origin)


def _shelf(origin: Origin) -> _Shelf:
    return origin.split, origin.language, origin.task
