"""Which rows stay where a kind of them may be only so many."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from longhop.identity import digest
from longhop.spec.sections.caps import ANY, Caps


class Kind(NamedTuple):
    """What caps look at in a row, and whether the base has it already."""

    row_id: str
    composition: str
    domains: tuple[str, ...]
    language: str
    incumbent: bool


class Full(NamedTuple):
    """Why a row does not stay: the cap that was reached before it."""

    axis: str
    value: str
    most: int

    @property
    def told(self) -> str:
        """In words."""
        return f"there are {self.most} rows of {self.axis} {self.value} already, as caps allow"


def cap_rows(rows: Sequence[Kind], caps: Caps, dataset: str) -> dict[str, Full]:
    """The rows that do not stay, by id, each with the cap that kept it out.

    Those of the base are taken first, the others by hash, each one that no cap of its kinds
    forbids. A share is one of all rows that stay: it is brought down with them until it holds.
    """
    order = sorted(
        rows,
        key=lambda each: (not each.incumbent, digest("cap", dataset, each.row_id), each.row_id),
    )
    total = len(order)
    while True:
        full = _filled(order, caps, total)
        kept = len(order) - len(full)
        if kept >= total:
            return full
        total = kept


def _filled(order: Sequence[Kind], caps: Caps, total: int) -> dict[str, Full]:
    """What does not stay where shares are of so many rows in all."""
    counts: Counter[tuple[str, str]] = Counter()
    full: dict[str, Full] = {}
    for row in order:
        kinds = list(_kinds(row))
        reached = (
            Full(axis, value, most)
            for axis, value in kinds
            if (most := _most(getattr(caps, axis), value, total)) is not None
            and counts[axis, value] >= most
        )
        if (found := next(reached, None)) is not None:
            full[row.row_id] = found
        else:
            counts.update(kinds)
    return full


def _kinds(row: Kind) -> Iterator[tuple[str, str]]:
    yield "composition", row.composition
    for each in row.domains:
        yield "domain", each
    yield "language", row.language


def _most(caps: Mapping[str, int | float], value: str, total: int) -> int | None:
    cap = caps.get(value, caps.get(ANY))
    # 0.29 of 100 is 29, and not the 28.999 that a product of floats is.
    return int(Fraction(str(cap)) * total) if isinstance(cap, float) else cap
