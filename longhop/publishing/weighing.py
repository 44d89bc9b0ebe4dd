"""What each row should weigh in a loss: rare kinds more, so that common ones do not drown them.

A weight follows from the counts of the published rows of a split alone: not from what was published
before, not from the order of rows. A night that adds rows gives all rows of their split new ones.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from longhop.records.corpus import Split
from longhop.records.examples import ComposedContext, Example
from longhop.records.pairs import Pair
from longhop.records.renderings import Axis, Weighed
from longhop.records.verification import MultiHop

Kind = tuple[str, ...]


def kind_of_example(row: Example, axes: Sequence[Axis]) -> Kind:
    """The kind of a published row."""
    return _kind(
        axes,
        {
            Axis.COMPOSITION: row.composition,
            Axis.HOPS: row.hop_count,
            Axis.SCOPE: row.scope,
            Axis.LENGTH: row.layout.tokens if row.layout else row.tokens,
            Axis.LANGUAGE: row.language,
        },
    )


def kind_of_row(row: MultiHop, context: ComposedContext, axes: Sequence[Axis]) -> Kind:
    """The kind that a row will be published as, told before its text is made."""
    return _kind(
        axes,
        {
            Axis.COMPOSITION: row.composition,
            Axis.HOPS: len(row.hops),
            Axis.SCOPE: row.scope,
            Axis.LENGTH: context.layout.tokens,
            Axis.LANGUAGE: row.language,
        },
    )


def kind_of_pair(pair: Pair, axes: Sequence[Axis]) -> Kind:
    """The kind of a pair; there are no hops, scopes and lengths to tell it by."""
    return _kind(axes, {Axis.COMPOSITION: pair.kind, Axis.LANGUAGE: pair.language})


class Weights:
    """The loss weight of each row of a version; they average 1 over a split."""

    def __init__(self, kinds: Iterable[tuple[Split, Kind]], evenness: float) -> None:
        self._counts = Counter(kinds)
        self._of: dict[tuple[Split, Kind], float] = {}
        for split in {each for each, _ in self._counts}:
            counts = {kind: n for (at, kind), n in self._counts.items() if at == split}
            shares = {kind: n**-evenness for kind, n in counts.items()}
            total = fsum(shares[kind] * n for kind, n in counts.items())
            rows = sum(counts.values())
            for kind, share in shares.items():
                self._of[split, kind] = round(share * rows / total, 6)

    def of(self, split: Split, kind: Kind) -> float:
        """The weight of a row; its kind must have been counted."""
        return self._of[split, kind]

    @property
    def told(self) -> tuple[Weighed, ...]:
        """What each kind weighs."""
        return tuple(
            Weighed(split=split, kind=kind, rows=rows, weight=self._of[split, kind])
            for (split, kind), rows in sorted(self._counts.items())
        )


def _kind(axes: Sequence[Axis], traits: Mapping[Axis, object]) -> Kind:
    return tuple(str(traits[each]) for each in axes if each in traits)
