"""What selection saves: calls until 80% and 90% of the relevant pairs are found, by policy.

    python benchmarks/selection_cost.py [--seeds 10] [--quick] [--large] [--grid] [--only NAME]
        [--picture FILE]

On made-up corpora (`selection/generator.py`) whose documents look more or less like the pairs they
give, and on the mixed corpus of ../shared/data (`selection/real_text.py`), if it is there. Seeds
from 100 on: settings were chosen on those below. All that a policy asks is counted, its warm-up
too; policies see a proxy of relevance, and the truth is for the score alone. `equal` is not charged
the contrastive warm-up that it has in its paper, nor given what that would do. `--grid` tries it in
all its settings (50 to 400 clusters, 5 to 50 arms a round, 3 or 10 documents a pull), and `--only`
measures the conditions alone whose names begin so: synthetic, robustness, gsm8k, grid, large …

One process a core, about ten minutes on two; the first time, embedding the mixed corpus takes
another quarter of an hour, and its vectors are kept under ~/.cache/longhop/benchmarks. The figures
of bounds are a line before the last. The last line is one JSON object: by condition and policy the
calls and speed-ups (the calls that asking in any order would take, over those taken), and the ends
of the 95% interval of the mean of the calls.
"""

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

for _each in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_each, "1")

import numpy as np  # noqa: E402
from selection.bounds import bounds_of, interval  # noqa: E402
from selection.embedding import DATA  # noqa: E402
from selection.jobs import (  # noqa: E402
    GRID,
    MISALIGNMENTS,
    measure_grid,
    measure_real,
    measure_robustness,
    measure_synthetic,
)
from selection.plot import draw_curves  # noqa: E402
from selection.real_text import read_texts  # noqa: E402

_FIRST_SEED = 100
_DOCUMENTS, _LARGE = 20_000, 100_000
_REAL: dict[str, dict[str, Any]] = {
    "": {},
    "_ten_references": {"references": 10},
    "_one_reference": {"references": 1},
    "_rare": {"prevalence": 0.01},
    "_shuffled": {"shuffled": True},
}

Told = dict[str, dict[str, Any]]
Results = dict[str, list[Told]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--quick", action="store_true", help="three seeds")
    parser.add_argument("--large", action="store_true", help="100,000 made-up documents too")
    parser.add_argument("--grid", action="store_true", help="equal in all its settings too")
    parser.add_argument("--only", default="", help="conditions whose names begin so")
    parser.add_argument("--picture", type=Path, help="where to draw the curves, as SVG")
    options = parser.parse_args()
    seeds = range(_FIRST_SEED, _FIRST_SEED + (3 if options.quick else options.seeds))
    wanted = {
        name: measure
        for name, measure in conditions(options.large, options.grid)
        if name.startswith(options.only)
    }
    results = run_all(wanted, seeds)
    if options.picture:
        options.picture.write_text(draw_curves(mean_curves(results["synthetic_0.50"]), GRID))
    table = {name: told_of(runs) for name, runs in results.items()}
    for name, policies in table.items():
        for policy, each in policies.items():
            speeds = f"{each['speedup_80']:6.2f} {each['speedup_90']:6.2f}"
            print(f"{name:28} {policy:20} {speeds}  {each['recall_at_5pct']:.2f}")
    print(json.dumps({"bounds": bounds_of(results)}))
    print(json.dumps(table))


def conditions(large: bool, grid: bool) -> Iterable[tuple[str, Callable[..., Told]]]:
    """What is measured, by name: a function of the seed."""
    for each in MISALIGNMENTS:
        yield f"synthetic_{each:.2f}", partial(measure_synthetic, each, _DOCUMENTS)
    yield "robustness", partial(measure_robustness, _DOCUMENTS)
    for each in MISALIGNMENTS if grid else ():
        yield f"grid_{each:.2f}", partial(measure_grid, each, _DOCUMENTS)
    for each in MISALIGNMENTS if large else ():
        yield f"large_{each:.2f}", partial(measure_synthetic, each, _LARGE)
    if not DATA.is_dir():
        print(f"{DATA} is not there: no real text is measured")
        return
    read_texts()  # embedded once, and remembered for all processes
    for name in ("gsm8k", "code", "history"):
        for suffix, how in _REAL.items():
            yield f"{name}{suffix}", partial(measure_real, name, **how)


def run_all(measures: dict[str, Callable[..., Told]], seeds: Sequence[int]) -> Results:
    """What each condition gave with each seed, in the order of the seeds."""
    results: Results = defaultdict(list)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = {
            name: [pool.submit(measure, seed=seed) for seed in seeds]
            for name, measure in measures.items()
        }
        for name, runs in waiting.items():
            results[name] = [each.result() for each in runs]
            print(f"{name}: {len(runs)} seeds", flush=True)
    return dict(results)


def told_of(runs: Sequence[Told]) -> dict[str, dict[str, Any]]:
    """By policy, the means over seeds and the 95% intervals of the means."""
    return {policy: _summary([run[policy] for run in runs]) for policy in runs[0]}


def _summary(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for share in (80, 90):
        calls = [each[str(share)] for each in runs]
        told[f"calls_at_{share}"], told[f"calls_at_{share}_interval"] = interval(calls)
        every = np.mean([each["documents"] for each in runs]) * share / 100
        told[f"speedup_{share}"] = round(every / np.mean(calls), 2)
    told["recall_at_5pct"] = round(float(np.mean([each["at_5"] for each in runs])), 3)
    return told


def mean_curves(runs: Sequence[Told]) -> dict[str, np.ndarray]:
    """The mean share found by each policy, on the grid, as far as all seeds go."""
    return {
        policy: np.mean([run[policy]["curve"] for run in runs], axis=0)
        for policy in runs[0]
        if policy not in ("exhaustive", "equal_400x50", "equal_100x50", "epsilon_greedy_100")
    }


if __name__ == "__main__":
    main()
