"""Calibrated thresholds: do they hold out of sample, and when are they refused.

    python benchmarks/calibration.py [--seeds 200]

A judge is simulated whose ROC is known. A row is good or bad (60 to 40); the judge sees 8.6 for a
good one and 6.6 for a bad one, and scores four criteria, each with a noise of its own and one that
they share, rounded to whole numbers from 1 to 10; the score is their mean. Noise grows with the
length of the row, from bucket to bucket. Classification is one verdict of the same judge: good
where its impression, with the noise of one criterion, is above the middle. That a score is a mean
of four and a verdict is not is what scoring has over it here. For each seed thresholds are fitted
on labelled rows and measured on 20,000 others.

The last line is one JSON object, `calibration`, for a wanted precision of 0.9:

- met_share, refused_share: seeds with a threshold, and without one, of 300 labelled rows of one
  length; holds_share: of the seeds with one, those where the other rows reach the precision;
  kept_share, best_share: the rows that it keeps on the mean, and those that the lowest threshold
  that really reaches the precision would keep
- picked_holds_share: the same for the lowest threshold that reaches it on the labelled rows, which
  is what picking comes to
- hopeless_met_share, hopeless_unreachable_share: a judge whose scores tell nothing
- just_below_met_share: the same, of rows of which a thousandth too few are good: the most that a
  calibration can be wrong
- by_length: 2,400 rows of three lengths, with one threshold for all and with one for each. How
  often each length is met by itself, pooled or refused, and where it is not refused its precision
  on the mean and how often it reaches what is wanted (`holds`); and the share of seeds where all
  that a calibration claims is so (`claims_hold`): of each threshold for all lengths that take it
- modes: precision on the other rows of classification, and of scoring at the very same recall (two
  neighbouring thresholds in the proportion that gives it), by length: means, and the share of seeds
  where scoring is at least as good; and how often a classification's threshold is met and holds
"""

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from longhop.records.calibration import Calibration, Cell, Mode, Scored
from longhop.verification.calibrating import fit_calibration

WANTED = 0.9
GOOD_SHARE = 0.6
HELD_OUT = 20_000
LENGTHS = (100, 400, 1600)
EDGES = (200, 800)
_GOOD, _BAD = 8.6, 6.6
# By length: the noise that the criteria share; that of each comes to twice as much.
_NOISE = (0.35, 0.6, 0.9)


@dataclass(frozen=True)
class Rows:
    """Simulated rows, a column each."""

    good: NDArray[np.bool_]
    bucket: NDArray[np.int64]
    score: NDArray[np.float64]
    verdict: NDArray[np.float64]

    def of(self, *buckets: int) -> "Rows":
        chosen = np.isin(self.bucket, buckets)
        return Rows(
            self.good[chosen], self.bucket[chosen], self.score[chosen], self.verdict[chosen]
        )

    def scored(self, mode: Mode = Mode.SCORING) -> list[Scored]:
        given = self.score if mode is Mode.SCORING else self.verdict
        columns = zip(given.tolist(), self.good.tolist(), self.bucket.tolist(), strict=True)
        return [
            Scored(id=f"m-{at}", score=score, good=good, language="en", length=LENGTHS[bucket])
            for at, (score, good, bucket) in enumerate(columns)
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    begun = time.monotonic()
    found = measure_calibration(parser.parse_args().seeds)
    for name in ("by_length", "modes"):
        for key, value in found[name].items():
            print(f"{name} {key}: {value}")
    print(json.dumps({"calibration": {**found, "wall_s": round(time.monotonic() - begun, 1)}}))


def measure_calibration(seeds: int) -> dict[str, Any]:
    return {
        "seeds": seeds,
        "wanted_precision": WANTED,
        **measure_one_length(seeds),
        **measure_blind(seeds),
        "by_length": measure_lengths(seeds),
        "modes": measure_modes(seeds),
    }


def simulate(
    rng: np.random.Generator,
    rows: int,
    buckets: Sequence[int],
    *,
    gap: float = 1.0,
    good_share: float = GOOD_SHARE,
) -> Rows:
    """So many rows, their lengths at random; a `gap` of 0 is a judge who sees nothing."""
    good = rng.random(rows) < good_share
    bucket = rng.choice(np.array(buckets), rows)
    noise = np.array(_NOISE)[bucket]
    middle = (_GOOD + _BAD) / 2
    seen = middle + np.where(good, 1, -1) * gap * (_GOOD - _BAD) / 2
    seen = seen + rng.normal(size=rows) * noise
    each = seen[:, None] + rng.normal(size=(rows, 4)) * 2 * noise[:, None]
    score = np.clip(np.round(each), 1, 10).mean(axis=1)
    verdict = seen + rng.normal(size=rows) * 2 * noise > middle
    return Rows(good, bucket, score, verdict.astype(float))


# One length


def measure_one_length(seeds: int) -> dict[str, float | None]:
    counts: Counter[str] = Counter()
    kept, best = [], []
    for seed in range(seeds):
        rng = np.random.default_rng([1, seed])
        labelled, others = simulate(rng, 300, (1,)), simulate(rng, HELD_OUT, (1,))
        threshold = fit(labelled).threshold_of("en", LENGTHS[1])
        counts["met" if threshold is not None else "refused"] += 1
        if threshold is not None:
            counts["holds"] += precision(others, threshold) >= WANTED
            kept.append(float((others.score >= threshold).mean()))
        picked = pick(labelled)
        if picked is not None:
            counts["picked"] += 1
            counts["picked holds"] += precision(others, picked) >= WANTED
        best.append(float((others.score >= (pick(others) or 11)).mean()))
    return {
        "met_share": share(counts["met"], seeds),
        "refused_share": share(counts["refused"], seeds),
        "holds_share": share(counts["holds"], counts["met"]),
        "kept_share": mean(kept),
        "best_share": mean(best),
        "picked_holds_share": share(counts["picked holds"], counts["picked"]),
    }


def measure_blind(seeds: int) -> dict[str, float | None]:
    counts: Counter[str] = Counter()
    for seed in range(seeds):
        for name, good_share in (("hopeless", GOOD_SHARE), ("just_below", WANTED - 0.001)):
            rng = np.random.default_rng([2, seed])
            (cell,) = fit(simulate(rng, 300, (1,), gap=0.0, good_share=good_share)).cells
            counts[f"{name} {cell.status}"] += 1
    return {
        "hopeless_met_share": share(counts["hopeless met"], seeds),
        "hopeless_unreachable_share": share(counts["hopeless unreachable"], seeds),
        "just_below_met_share": share(counts["just_below met"], seeds),
    }


def pick(rows: Rows) -> float | None:
    """The lowest threshold that reaches the precision on the very rows that it is picked by."""
    reached = (each for each in np.unique(rows.score) if precision(rows, each) >= WANTED)
    return next(reached, None)


# Several lengths


def measure_lengths(seeds: int) -> dict[str, Any]:
    return {
        name: measure_edges(seeds, edges)
        for name, edges in (("one_threshold", ()), ("by_bucket", EDGES))
    }


def measure_edges(seeds: int, edges: Sequence[int]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    buckets = range(len(LENGTHS))
    precisions: dict[int, list[float]] = {at: [] for at in buckets}
    for seed in range(seeds):
        rng = np.random.default_rng([3, seed])
        fitted = fit(simulate(rng, 2400, buckets), edges=edges)
        others = simulate(rng, HELD_OUT, buckets)
        claims: dict[Cell, list[int]] = defaultdict(list)
        for at, length in enumerate(LENGTHS):
            cell = fitted.cell_of("en", length)
            if cell is None or cell.threshold is None:
                counts[f"refused {at}"] += 1
                continue
            counts[f"{'pooled' if cell.bucket is None else 'met'} {at}"] += 1
            claims[cell].append(at)
            precisions[at].append(precision(others.of(at), cell.threshold))
            counts[f"holds {at}"] += precisions[at][-1] >= WANTED
        counts["all"] += all(
            precision(others.of(*taken), cell.threshold or 0.0) >= WANTED
            for cell, taken in claims.items()
        )
    return {
        "claims_hold": share(counts["all"], seeds),
        "precision": [mean(precisions[at]) for at in buckets],
        "holds": [share(counts[f"holds {at}"], len(precisions[at])) for at in buckets],
        **{
            end: [share(counts[f"{end} {at}"], seeds) for at in buckets]
            for end in ("met", "pooled", "refused")
        },
    }


# Scoring and classification


def measure_modes(seeds: int) -> dict[str, Any]:
    scoring: dict[int, list[float]] = {each: [] for each in range(len(LENGTHS))}
    classified: dict[int, list[float]] = {each: [] for each in range(len(LENGTHS))}
    counts: Counter[str] = Counter()
    for seed in range(seeds):
        rng = np.random.default_rng([4, seed])
        for at in range(len(LENGTHS)):
            labelled, others = simulate(rng, 300, (at,)), simulate(rng, HELD_OUT, (at,))
            chosen = others.verdict == 1
            recall = float(chosen[others.good].mean())
            classified[at].append(float(others.good[chosen].mean()))
            scoring[at].append(precision_at(others, recall))
            counts[f"better {at}"] += scoring[at][-1] >= classified[at][-1]
            threshold = fit(labelled, Mode.CLASSIFICATION).threshold_of("en", LENGTHS[at])
            if threshold is not None:
                kept = others.verdict >= threshold
                counts[f"met {at}"] += 1
                counts["met"] += 1
                counts["holds"] += float(others.good[kept].mean()) >= WANTED
    buckets = range(len(LENGTHS))
    return {
        "precision_of_classification": [mean(classified[at]) for at in buckets],
        "precision_of_scoring_at_equal_recall": [mean(scoring[at]) for at in buckets],
        "scoring_at_least_as_good": [share(counts[f"better {at}"], seeds) for at in buckets],
        "classification_met": [share(counts[f"met {at}"], seeds) for at in buckets],
        "classification_holds": share(counts["holds"], counts["met"]),
    }


def precision_at(rows: Rows, recall: float) -> float:
    """Precision where just so many good rows are kept, between the two thresholds around it."""
    order = np.unique(rows.score)[::-1]
    right = np.array([(rows.score >= each)[rows.good].sum() for each in order])
    wrong = np.array([(rows.score >= each)[~rows.good].sum() for each in order])
    wanted = recall * rows.good.sum()
    kept_wrong = np.interp(wanted, np.append(0, right), np.append(0, wrong))
    return float(wanted / (wanted + kept_wrong))


def fit(rows: Rows, mode: Mode = Mode.SCORING, edges: Sequence[int] = ()) -> Calibration:
    return fit_calibration(
        rows.scored(mode),
        wanted_precision=WANTED,
        model="simulated",
        guidelines="",
        mode=mode,
        edges=edges,
    )


def precision(rows: Rows, threshold: float) -> float:
    kept = rows.score >= threshold
    return float(rows.good[kept].mean()) if kept.any() else 1.0


def share(count: int, of: int) -> float | None:
    return round(count / of, 4) if of else None


def mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


if __name__ == "__main__":
    main()
