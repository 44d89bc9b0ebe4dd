"""What a part of the page is: words, and figures that each have their table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from longhop.publishing.report.drawing import Spec

_NUMBER = re.compile(r"(?:[\d.,]+ ?%?)?")
Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """Rows under their heads; numbers stand to the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[Any]]

    @property
    def numeric(self) -> list[bool]:
        """Which columns hold numbers, or shares, and nothing else."""
        columns = list(zip(*self.rows, strict=True)) if self.rows else [() for _ in self.head]
        return [any(map(_counts, each)) and all(map(_fits, each)) for each in columns]


@dataclass(frozen=True)
class Figure:
    """A chart with its name, what it shows, and the table behind it; or a table alone."""

    name: str
    title: str
    table: Table
    chart: Spec | None = None
    note: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Part:
    """A part of the page under a heading."""

    name: str
    title: str
    said: Sequence[str] = ()
    figures: Sequence[Figure] = field(default_factory=tuple)


def share_of(count: int, total: int) -> str:
    """A share in words, where there is something to share."""
    return f"{count / total:.1%}" if total else ""


def _counts(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(cell and _NUMBER.fullmatch(cell))
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _fits(cell: Cell) -> bool:
    return (
        cell is None or _counts(cell) or (isinstance(cell, str) and bool(_NUMBER.fullmatch(cell)))
    )
