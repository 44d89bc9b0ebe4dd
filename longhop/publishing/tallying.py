"""What the card says of a version's rows, counted as they go by; and the first of many by a key."""

from bisect import insort
from collections import Counter
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Generic, TypeVar

from longhop.records.examples import Example
from longhop.records.pairs import Pair
from longhop.records.verification import ProbeKind

T = TypeVar("T")

# A context that is shorter than this share of its layout had too few documents to be filled with.
_FILLED = 0.97


class Shown(Generic[T]):
    """The first so many of the items in the order of their keys, whatever order they come in."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[tuple[object, ...], T]] = []

    def add(self, item: T, *key: object) -> None:
        """Take one item."""
        insort(self._kept, (key, item), key=itemgetter(0))
        del self._kept[self._most :]

    @property
    def items(self) -> list[T]:
        """Those that are shown, in their order."""
        return [item for _, item in self._kept]


@dataclass
class Tally:
    """The counts of multi-hop rows."""

    total: int = 0
    shorter: int = 0
    asked: int = 0
    stale: int = 0
    languages: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    proofs: Counter[str] = field(default_factory=Counter)

    def add(self, row: Example, *, wanted: int) -> None:
        """Count one row, whose context was to have so many tokens."""
        self.total += 1
        self.shorter += row.tokens < _FILLED * wanted
        self.asked += sum(
            each.kind is ProbeKind.DISTRACTORS and each.kind not in row.stale for each in row.probes
        )
        self.stale += bool(row.stale)
        self.languages.add(row.language)
        self.documents |= {each.document_id for each in row.segments}
        self.proofs[row.proof] += 1

    @property
    def probes(self) -> dict[str, int]:
        """How many rows were asked with their distractors alone, and with others than they have."""
        counts = {"distractors_asked": self.asked, "distractors_stale": self.stale}
        return {name: count for name, count in counts.items() if count}


@dataclass
class PairsTally:
    """The counts of pairs."""

    total: int = 0
    relevant: int = 0
    languages: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)

    def add(self, pair: Pair) -> None:
        """Count one pair."""
        self.total += 1
        self.relevant += pair.relevant
        self.languages.add(pair.language)
        self.documents.add(pair.document_id)
