"""Where in its context something lies, and whether a set has it evenly at all depths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TENTHS = 10
# Below so many in each tenth the test says nothing (Cochran's rule).
_EXPECTED = 5


@dataclass(frozen=True)
class Evenness:
    """Pearson's χ² of ten counts against equal ones; no p where there are too few."""

    pieces: int
    chi2: float
    p: float | None


def depth_of(start: int, end: int, characters: int) -> float:
    """The share of the context before the middle of a piece."""
    return (start + end) / 2 / max(1, characters)


def tenth_of(depth: float) -> int:
    """The tenth that a depth lies in, from 0."""
    return min(TENTHS - 1, int(depth * TENTHS))


def count_tenths(tenths: Mapping[int, int]) -> tuple[int, ...]:
    """Ten counts."""
    return tuple(tenths.get(at, 0) for at in range(TENTHS))


def measure_evenness(counts: Sequence[int]) -> Evenness:
    """How far counts are from equal ones, and how likely that is by chance alone."""
    from scipy.special import chdtrc

    total = sum(counts)
    if not total:
        return Evenness(0, 0.0, None)
    wanted = total / len(counts)
    chi2 = sum((each - wanted) ** 2 for each in counts) / wanted
    p = float(chdtrc(len(counts) - 1, chi2)) if wanted >= _EXPECTED else None
    return Evenness(total, round(chi2, 4), p)
