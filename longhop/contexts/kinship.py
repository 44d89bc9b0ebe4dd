"""Which documents say for the most part what an evidence document says, and are no distractors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from longhop.corpus.shingles import Hashes, shingle_hashes
from longhop.records.corpus import Document

# Two texts are kin if they share so much of all their runs of five words (Jaccard).
_KIN, _WIDTH = 0.5, 5
# Of kin the smallest hashes are mostly the same: fewer in common of so many, less than one time in
# a million.
_SMALLEST, _COMMON = 64, 12
# So many documents' smallest hashes are kept; the oldest are made again when they are wanted again.
_KEPT = 20_000


class _Sketch(NamedTuple):
    runs: int
    smallest: frozenset[int]


@dataclass
class Kinship:
    """What documents are compared by, made once for all rows."""

    documents: Mapping[str, Document]
    _known: dict[str, _Sketch] = field(default_factory=dict)

    def of(self, names: Collection[str]) -> "Kin":
        """The kin of some documents, as far as they are there."""
        own = [shingle_hashes(self.documents[it].text, _WIDTH) for it in names if self._has(it)]
        return Kin(self, own)

    def sketch(self, name: str) -> _Sketch:
        """How many runs a document has, and the smallest of their hashes."""
        found = self._known.get(name)
        if found is None:
            if len(self._known) >= _KEPT:
                del self._known[next(iter(self._known))]
            found = self._known[name] = sketch_of(self.runs(name))
        return found

    def runs(self, name: str) -> Hashes:
        """All runs of a document's words."""
        return shingle_hashes(self.documents[name].text, _WIDTH)

    def _has(self, name: str) -> bool:
        return name in self.documents and bool(self.documents[name].text)


class Kin:
    """Tells for one row whether a document is kin of one that holds its evidence."""

    def __init__(self, kinship: Kinship, own: list[Hashes]) -> None:
        self._kinship = kinship
        self._own = [(sketch_of(each), each) for each in own]

    def has(self, name: str) -> bool:
        """Whether a document is."""
        other = self._kinship.sketch(name)
        for sketch, runs in self._own:
            if min(other.runs, sketch.runs) < _KIN * max(other.runs, sketch.runs):
                continue
            common = len(other.smallest & sketch.smallest)
            if common < _COMMON and min(other.runs, sketch.runs) > _SMALLEST:
                continue
            if jaccard(self._kinship.runs(name), runs) >= _KIN:
                return True
        return False


def sketch_of(runs: Hashes) -> _Sketch:
    """The sketch of runs in rising order."""
    return _Sketch(len(runs), frozenset(runs[:_SMALLEST].tolist()))


def jaccard(one: Hashes, other: Hashes) -> float:
    """The share of all runs of two texts that both have."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)
