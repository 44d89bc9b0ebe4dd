"""Calibrating: the lowest score at which what a judge keeps is as good as was asked for.

A threshold that was picked because it looked best on some labels looks better than it is. So none
is picked: from strict to lenient, in an order that no label decides, each is tested against the
chance that it misses the wanted precision, and the search ends at a failure (fixed-sequence
testing, as in Learn then Test, arXiv 2110.01052). The doubt of one test is then the doubt of a
whole search, however many scores it passes; and it is shared out among all searches that may be
made, of cells and pools, so that all thresholds of a calibration hold together.

A test is Clopper-Pearson's, which errs no more often than it says; Wilson's does near 1.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from longhop.errors import ConfigError
from longhop.records.calibration import Calibration, Cell, CellStatus, Mode, Scored
from longhop.verification.statistics import (
    cohen_kappa,
    exact_lower,
    exact_upper,
    precision_recall,
)

_Place = tuple[str, int]

# Fewer rows show next to nothing: all 32 of them good is just enough for a precision of 0.91.
_FIRST = 32
# A judge that keeps fewer than one row of so many is of no use, and is not looked for: else its few
# strictest rows would leave everything undecided, however many rows are labelled.
_STRICTEST = 20


def fit_calibration(
    rows: Iterable[Scored],
    *,
    wanted_precision: float,
    model: str,
    guidelines: str,
    mode: Mode = Mode.SCORING,
    confidence: float = 0.95,
    edges: Sequence[int] = (),
) -> Calibration:
    """The lowest threshold of each language and length bucket that reaches the wanted precision.

    The rows must be a random sample of what the judge is given, turned away or not. Those of cells
    that are not met by themselves are pooled and tested again, by language, then over all. A cell
    of a met pool takes its threshold, whose precision then holds for the rows of those cells taken
    together; except where the cell's own rows show that it misses. The pool is of the cells that
    failed and of no others: good rows of one that does well would hide the bad ones of another, and
    having failed can only make a pool look worse than it is, never better.

    Raises:
        ConfigError: A row stands there twice, a score is none of the mode's, or what is wanted
            cannot be tested.
    """
    labelled = list(rows)
    _check(labelled, wanted_precision, confidence, mode, edges)
    empty = Calibration(
        wanted_precision=wanted_precision,
        confidence=confidence,
        model=model,
        mode=mode,
        guidelines=guidelines,
        edges=tuple(edges),
        cells=(),
    )
    cells: dict[_Place, list[Scored]] = defaultdict(list)
    for row in labelled:
        cells[row.language, empty.bucket_of(row.length)].append(row)
    search = _Search(wanted_precision, (1 - confidence) / max(1, _searches(cells)))
    return empty.model_copy(update={"cells": tuple(_fit(cells, search))})


def even_edges(lengths: Iterable[int], buckets: int) -> tuple[int, ...]:
    """The edges that cut lengths into so many buckets of about as many rows; fewer where they tie.

    They may come from the labelled rows, since lengths tell nothing of labels.
    """
    ordered = sorted(lengths)
    cuts = {ordered[len(ordered) * each // buckets] for each in range(1, buckets) if ordered}
    return tuple(sorted(each for each in cuts if each > ordered[0]))


@dataclass(frozen=True)
class _Found:
    """The threshold of some rows, if one is met, and what is known where none is."""

    threshold: float | None
    shown_at: float | None
    lower: float | None
    hopeless: bool


@dataclass(frozen=True)
class _Search:
    """What every search wants, and the chance that it may take of being wrong."""

    wanted: float
    doubt: float

    def find(self, rows: Sequence[Scored]) -> _Found:
        """The lowest score that is reached without a failure since the search began.

        One that began at few rows would end at the first bad label, and one that began at many
        would pass over all strict thresholds. So it begins anew at each doubling of the rows kept,
        each time with its part of the doubt, and hands on what it has as long as nothing fails (a
        fallback procedure). Where it begins depends on scores alone.
        """
        least = ceil(len(rows) / _STRICTEST)
        first = max(_FIRST, least)
        steps = [each for each in _steps(rows) if each[1] >= first]
        if not steps:
            return _Found(None, None, None, hopeless=False)
        starts = _starts([kept for _, kept, _ in steps], first)
        part = self.doubt / len(starts)
        risk = 0.0
        lowers: list[float] = []
        met: int | None = None
        for at, (_, kept, good) in enumerate(steps):
            risk += part if at in starts else 0.0
            lowers.append(exact_lower(good, kept, confidence=1 - (risk or part)))
            if risk and lowers[at] >= self.wanted:
                met = at
            else:
                risk = 0.0
        shown = max(range(len(steps)), key=lowers.__getitem__) if met is None else met
        return _Found(
            threshold=None if met is None else steps[met][0],
            shown_at=steps[shown][0],
            lower=lowers[shown],
            # The strictest thresholds keep too few to be met, but an excellent judge shows there.
            hopeless=all(
                self._misses(kept, good) for _, kept, good in _steps(rows) if kept >= least
            ),
        )

    def is_missed(self, rows: Sequence[Scored], threshold: float) -> bool:
        """Whether the rows show that a threshold does not reach what is wanted."""
        kept = [each for each in rows if each.score >= threshold]
        return self._misses(len(kept), sum(each.good for each in kept))

    def _misses(self, kept: int, good: int) -> bool:
        return kept > 0 and exact_upper(good, kept, confidence=1 - self.doubt) < self.wanted


def _fit(cells: dict[_Place, list[Scored]], search: _Search) -> list[Cell]:
    """The cells in order, each language's pool after them, that of all languages last."""
    found = {place: search.find(rows) for place, rows in cells.items()}
    fitted: dict[_Place, Cell] = {}
    pools: list[Cell] = []
    # A pool of all languages takes what no pool of one language could help.
    left: list[_Place] = []
    for language in sorted({each for each, _ in cells}):
        failed = sorted(it for it in cells if it[0] == language and found[it].threshold is None)
        pool = _pool(language, failed, cells, search)
        pools += [pool] if pool else []
        left += [] if pool and pool.status is CellStatus.MET else failed
    everything = _pool("", left, cells, search) if len({each for each, _ in left}) > 1 else None
    pools += [everything] if everything else []
    met = {each.language: each for each in pools if each.status is CellStatus.MET}
    for place, rows in sorted(cells.items()):
        pool = met.get(place[0]) or met.get("")
        hopeless = found[place].hopeless
        if pool and pool.threshold is not None:
            hopeless = search.is_missed(rows, pool.threshold)
        fitted[place] = _cell(*place, rows, found[place], hopeless=hopeless)
    return [*fitted.values(), *pools]


def _pool(
    language: str, places: Sequence[_Place], cells: dict[_Place, list[Scored]], search: _Search
) -> Cell | None:
    """The cells tested together; None where there is but one, which was tested before."""
    if len(places) < 2:
        return None
    rows = [row for place in places for row in cells[place]]
    found = search.find(rows)
    return _cell(language, None, rows, found, hopeless=found.hopeless)


def _cell(
    language: str, bucket: int | None, rows: Sequence[Scored], found: _Found, *, hopeless: bool
) -> Cell:
    status = CellStatus.UNREACHABLE if hopeless else CellStatus.TOO_FEW
    at = found.shown_at
    kept = [at is not None and each.score >= at for each in rows]
    good = [each.good for each in rows]
    precision, recall = precision_recall(kept, good)
    return Cell(
        language=language,
        bucket=bucket,
        status=status if found.threshold is None else CellStatus.MET,
        threshold=found.threshold,
        rows=len(rows),
        shown_at=at,
        kept=sum(kept),
        precision=precision,
        lower_bound=found.lower,
        recall=None if at is None else recall,
        kappa=None if at is None else cohen_kappa(kept, good),
    )


def _searches(cells: dict[_Place, list[Scored]]) -> int:
    """How many searches there may be at most, by what is known without a label."""
    languages: dict[str, list[int]] = defaultdict(list)
    for (language, _), rows in cells.items():
        languages[language].append(len(rows))
    sizes = [len(rows) for rows in cells.values()]
    sizes += [sum(each) for each in languages.values() if len(each) > 1]
    sizes += [sum(map(sum, languages.values()))] if len(languages) > 1 else []
    return sum(each >= _FIRST for each in sizes)


def _steps(rows: Sequence[Scored]) -> list[tuple[float, int, int]]:
    """Each score as a threshold, the strictest first, with the rows it keeps and the good ones."""
    steps: list[tuple[float, int, int]] = []
    kept = good = 0
    ordered = sorted(rows, key=lambda each: -each.score)
    for score, same in groupby(ordered, key=lambda each: each.score):
        labels = [each.good for each in same]
        kept, good = kept + len(labels), good + sum(labels)
        steps.append((score, kept, good))
    return steps


def _starts(kept: Sequence[int], first: int) -> frozenset[int]:
    """Where a search begins: the strictest thresholds that keep so many rows, doubled each time.

    And where all rows are kept, which may be good enough as they are.
    """
    starts = set()
    size = first
    while size <= kept[-1]:
        starts.add(next(at for at, each in enumerate(kept) if each >= size))
        size *= 2
    starts.add(len(kept) - 1)
    return frozenset(starts)


def _check(
    rows: Sequence[Scored], wanted: float, confidence: float, mode: Mode, edges: Sequence[int]
) -> None:
    for name, value in (("precision", wanted), ("confidence", confidence)):
        if not 0 < value < 1:
            raise ConfigError(f"a {name} of {value:g} cannot be tested; it lies between 0 and 1")
    if list(edges) != sorted(set(edges)):
        raise ConfigError(f"the edges of lengths do not rise: {', '.join(map(str, edges))}")
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise ConfigError(f"{row.id} is labelled twice; one row counts once")
        seen.add(row.id)
        if mode is Mode.SCORING and row.score < 1:
            raise ConfigError(f"{row.id} is scored {row.score:g}; a score is from 1 to 10")
        if mode is Mode.CLASSIFICATION and row.score not in (0, 1):
            raise ConfigError(f"{row.id} is classified {row.score:g}; it is 1 for good, else 0")
