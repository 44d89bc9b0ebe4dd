"""What labels and a calibration come to, in lines for a person: a table, and what to do."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log
from pathlib import Path

from longhop.records.calibration import Agreement, Calibration, Cell, CellStatus, Labels
from longhop.records.verification import MultiHop

_NAMES = ("language", "length", "status")
_FIGURES = ("threshold", "rows", "kept", "precision", "lower bound", "recall", "kappa")
_NONE = "–"
_SHOWN = 5


@dataclass(frozen=True)
class Place:
    """A language and a length bucket, with its own cell and the one whose threshold counts."""

    language: str
    length: str
    own: Cell | None
    counts: Cell | None

    @property
    def is_met(self) -> bool:
        """Whether any row of it can be kept."""
        return self.counts is not None and self.counts.status is CellStatus.MET

    @property
    def status(self) -> str:
        """In one or two words."""
        if self.own is None:
            return "no label"
        if self.is_met and self.counts is not self.own:
            return "met, pooled"
        return _in_words(self.own.status)


def places_of(calibration: Calibration) -> list[Place]:
    """Each length of each labelled language, whether or not any row of it was labelled."""
    cells = {(each.language, each.bucket): each for each in calibration.cells}
    return [
        Place(
            language,
            _length(bucket, calibration.edges),
            cells.get((language, bucket)),
            calibration.cell_of(language, shortest),
        )
        for language in sorted({language for language, bucket in cells if bucket is not None})
        for bucket, shortest in enumerate((0, *calibration.edges))
    ]


def tell_labels(
    rows: Mapping[str, MultiHop], labels: Labels, good: Mapping[str, bool]
) -> Iterator[str]:
    """How many rows are labelled and by whom, and how far those agree."""
    people = Counter(each.labeller for each in labels.labels)
    by = ", ".join(f"{name} {count:,}" for name, count in sorted(people.items()))
    yield (
        f"labels       {len(good):,} of {counted(len(rows), 'row')} ({by}): {sum(good.values()):,}"
        f" good and multi-hop; {len(rows) - len(good):,} without a label"
    )
    for pair in labels.agreements:
        yield f"agreement    {_agreed(pair)}"
    if all(each.proof == "complete" for each in rows.values()):
        yield "note         all rows are published: they cannot tell what a lower threshold lets in"


def tell_calibration(calibration: Calibration, out: Path) -> Iterator[str]:
    """The table of cells and pools, what is refused and why, and in the last line the upshot."""
    places = places_of(calibration)
    yield from _table(calibration, places)
    yield f"wrote        {out}"
    missed = [each for each in places if not each.is_met]
    for each in missed:
        yield f"refused      {each.language} {each.length}: {_why(each, calibration)}"
    wanted, cells = f"precision {calibration.wanted_precision:g}", counted(len(places), "cell")
    if not places:
        yield "not met: the judge scored none of the labelled rows"
    elif missed:
        named = "; ".join(f"{each.language} {each.length}" for each in missed)
        yield (
            f"not met: {wanted} in {len(missed)} of {cells} ({named}); with {out} a build keeps no"
            " row there"
        )
    else:
        yield f"met: {wanted} in {cells}; set verification.calibration to {out} in the spec"


def counted(count: int, unit: str) -> str:
    """A count with its unit."""
    return f"{count:,} {unit}" + ("" if count == 1 else "s")


def _table(calibration: Calibration, places: Sequence[Place]) -> Iterator[str]:
    pools = [each for each in calibration.cells if each.bucket is None]
    table: list[tuple[str, ...]] = [(*_NAMES, *_FIGURES)]
    table += [(each.language, each.length, each.status, *_figures(each.own)) for each in places]
    table += [
        (each.language or "all", "pooled", _in_words(each.status), *_figures(each))
        for each in pools
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        padded = [
            cell.ljust(width) if at < len(_NAMES) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        yield "  ".join(padded).rstrip()
    if any(cells[len(_NAMES)].startswith("(") for cells in table):
        yield "in brackets: no threshold, but the score that came nearest, and what holds there"


def _figures(cell: Cell | None) -> tuple[str, ...]:
    if cell is None:
        return tuple(_NONE for _ in _FIGURES)
    at = _number(cell.shown_at, 2)
    is_threshold = cell.status is CellStatus.MET or cell.shown_at is None
    return (
        at if is_threshold else f"({at})",
        f"{cell.rows:,}",
        f"{cell.kept:,}",
        *(_number(each, 3) for each in (cell.precision, cell.lower_bound, cell.recall)),
        _number(cell.kappa, 2),
    )


def _why(place: Place, calibration: Calibration) -> str:
    """Why there is no threshold, and what could help."""
    own, wanted = place.own, calibration.wanted_precision
    if own is None:
        return "none of its rows is labelled; label some"
    if own.status is CellStatus.UNREACHABLE:
        return (
            f"{counted(own.rows, 'label')} show that the judge's scores do not reach {wanted:g}"
            " here; take another judge, mend its prompt, or want a lower --precision"
        )
    # What a single test would take: several share the doubt, so it is never fewer.
    least = ceil(log(1 - calibration.confidence) / log(wanted))
    takes = f"to show {wanted:g} takes at least {least:,} good rows above a score without a bad one"
    return (
        f"{counted(own.rows, 'label')} can tell neither way; label more ({takes}, and more with"
        " some), take fewer --buckets, or want a lower --precision"
    )


def _agreed(pair: Agreement) -> str:
    kappa = "none: both say one thing throughout" if pair.kappa is None else f"{pair.kappa:.2f}"
    said = f"{pair.one} and {pair.other}, {pair.asked}: {pair.agreed:,} of {pair.rows:,} alike"
    more = f" and {len(pair.disagreed) - _SHOWN:,} more" if len(pair.disagreed) > _SHOWN else ""
    apart = f"; not {', '.join(pair.disagreed[:_SHOWN])}{more}" if pair.disagreed else ""
    return f"{said}, kappa {kappa}{apart}"


def _length(bucket: int, edges: Sequence[int]) -> str:
    """The lengths of a bucket, in characters."""
    if not edges:
        return "any length"
    if bucket == 0:
        return f"under {edges[0]}"
    if bucket == len(edges):
        return f"{edges[-1]} and more"
    return f"{edges[bucket - 1]} to {edges[bucket] - 1}"


def _in_words(status: CellStatus) -> str:
    return status.replace("_", " ")


def _number(value: float | None, digits: int) -> str:
    return _NONE if value is None else f"{value:.{digits}f}"
