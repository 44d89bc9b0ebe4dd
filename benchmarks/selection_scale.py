"""Selection at scale: what clusters, neighbours and a round take for 10⁴, 10⁵ and 10⁶ documents.

    python benchmarks/selection_scale.py [--sizes 10000 100000 1000000] [--cores 2]

The vectors are made up, of 384 dimensions: subjects of uneven sizes, 250 documents each on average,
within which two documents have a cosine of about 0.6. Each size has a process of its own. The last
line is one JSON object: by size what `time_selection` tells.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.selection.clustering import fit_codebook, place_documents
from longhop.selection.field import Field
from longhop.selection.ledger import Ledger, Outcome, nothing_asked
from longhop.selection.neighbours import closeness, nearest
from longhop.selection.policies.hybrid import Hybrid
from longhop.selection.policies.policy import Choice
from longhop.selection.vectors import SCALE, Steps, similarities, to_steps
from longhop.spec.sections import Clustering

_DIMENSIONS = 384
_SUBJECT = 250
_SPREAD = 0.8
_NEIGHBOURS = 50
_REFERENCE = 100
_ROUND = 1000
_ROUNDS = 20
_AIMED_AT = 0.06


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--one-size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_size:
        print(json.dumps(time_selection(options.one_size)))
    else:
        print(json.dumps(measure_scale(options.sizes, options.cores)))


def measure_scale(sizes: Sequence[int], cores: int) -> dict[str, Any]:
    found = {}
    threads = {name: str(cores) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    threads["OMP_WAIT_POLICY"] = "PASSIVE"  # where others use the cores too, waiting takes them
    for size in sizes:
        command = [sys.executable, __file__, "--one-size", str(size)]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **threads}
        )
        found[str(size)] = json.loads(done.stdout.splitlines()[-1])
        print(size, found[str(size)])
    return found


def time_selection(size: int) -> dict[str, Any]:
    """Seconds by the clock and of processors, and the most memory of the process, vectors included.

    `cluster_s` for a codebook and the placements of all documents, in so many `clusters`, made by
    `method`; `neighbours_s` for the 50 nearest of each; in a sample of 200 rows,
    `neighbours_recall` is the share of the true ones among them, and `neighbours_cosine` how near
    those found are, as a share of how near the true ones are; `closeness_s` to 100 references.
    `policy_s` is the median of 20 rounds of 1000 documents that the default policy chooses;
    `policy_first_s` and `policy_last_s` are the first and the last of them, the latter null where
    not so many are left.
    """
    rng = np.random.default_rng(100)
    steps, subjects, middles = made_up(size, rng)
    ids = [f"doc-{each:07}" for each in range(size)]
    told: dict[str, Any] = {}
    with timed(told, "cluster"):
        codebook = fit_codebook(ids, steps, Clustering(), weights="made up", dataset="scale")
        placed = (each.cluster for each in place_documents(ids, steps, codebook))
        clusters = np.fromiter(placed, np.int64, size)
    told |= {"method": codebook.method, "clusters": len(codebook.centroids)}
    with timed(told, "neighbours"):
        neighbours, nearness = nearest(steps, _NEIGHBOURS)
    told |= compare_neighbours(steps, neighbours, rng)
    aimed = rng.choice(len(middles), max(1, round(_AIMED_AT * len(middles))), replace=False)
    reference = scatter(middles, rng.choice(aimed, _REFERENCE), rng)
    with timed(told, "closeness"):
        close = closeness(steps, reference)
    field = Field(
        rank=rng.permutation(size),
        cost=np.ones(size),
        closeness=close,
        clusters=clusters,
        neighbours=neighbours,
        nearness=nearness,
        reference=reference.astype(np.float32) / SCALE,
    )
    told |= time_rounds(field, rng.poisson(np.where(np.isin(subjects, aimed), 2.0, 0.02)))
    return {**told, "peak_rss_mib": peak_mib()}


def made_up(size: int, rng: np.random.Generator) -> tuple[Steps, NDArray[np.int64], Steps]:
    """Vectors (n, 384), the subject of each (n,), and the middles of the subjects."""
    middles = to_steps(rng.normal(size=(max(2, size // _SUBJECT), _DIMENSIONS)))
    shares = rng.pareto(1.5, len(middles)) + 0.2
    subjects = rng.choice(len(middles), size, p=shares / shares.sum())
    steps = np.empty((size, _DIMENSIONS), dtype=np.int16)
    for start in range(0, size, 50_000):
        steps[start : start + 50_000] = scatter(middles, subjects[start : start + 50_000], rng)
    return steps, subjects, middles


def scatter(middles: Steps, subjects: NDArray[np.int64], rng: np.random.Generator) -> Steps:
    """A vector of each subject."""
    noise = rng.standard_normal((len(subjects), _DIMENSIONS), dtype=np.float32)
    return to_steps(middles[subjects] / SCALE + noise * (_SPREAD / _DIMENSIONS**0.5))


def compare_neighbours(
    steps: Steps, neighbours: NDArray[np.int32], rng: np.random.Generator
) -> dict[str, float]:
    """How many of the nearest were found; any as near as the last of them is one of them."""
    shares, found, true = [], 0.0, 0.0
    for row in rng.choice(len(steps), 200, replace=False):
        near = similarities(steps[row : row + 1], steps)[0]
        near[row] = -(2**30)
        best = np.partition(near, -_NEIGHBOURS)[-_NEIGHBOURS:]
        real = near[neighbours[row][neighbours[row] >= 0]]
        shares.append((real >= best.min()).sum() / _NEIGHBOURS)
        found, true = found + real.sum(), true + best.sum()
    return {
        "neighbours_recall": round(float(np.mean(shares)), 4),
        "neighbours_cosine": round(float(found / true), 4),
    }


def time_rounds(field: Field, yields: NDArray[np.int64]) -> dict[str, Any]:
    policy, ledger, rng = Hybrid(), nothing_asked(_DIMENSIONS), np.random.default_rng(100)
    first = policy.choose(field, ledger, max(_ROUND, policy.warm_up(field)), rng)
    ledger = grown(ledger, first, yields)
    times: list[dict[str, Any]] = []
    while len(times) < _ROUNDS and len(field) - len(ledger) >= _ROUND:
        times.append({})
        with timed(times[-1], "policy"):
            choice = policy.choose(field, ledger, _ROUND, rng)
        ledger = grown(ledger, choice, yields)
    seconds = [each["policy_s"] for each in times]
    return {
        "policy_s": round(float(np.median(seconds)), 2),
        "policy_cpu_s": round(float(np.median([each["policy_cpu_s"] for each in times])), 2),
        "policy_first_s": seconds[0],
        "policy_last_s": seconds[-1] if len(seconds) == _ROUNDS else None,
    }


def grown(ledger: Ledger, choice: Choice, yields: NDArray[np.int64]) -> Ledger:
    """The ledger after a round in which all that were asked answered."""
    number, chosen = ledger.rounds[-1] + 1 if len(ledger) else 0, choice.documents
    return Ledger(
        documents=np.concatenate([ledger.documents, chosen]),
        rounds=np.concatenate([ledger.rounds, np.full(len(chosen), number)]),
        outcomes=np.concatenate([ledger.outcomes, np.full(len(chosen), int(Outcome.DONE))]),
        rewards=np.concatenate([ledger.rewards, yields[chosen].astype(np.float64)]),
        pairs=ledger.pairs,
        pair_of=ledger.pair_of,
        chances=np.concatenate([ledger.by_chance, choice.by_chance]),
    )


@contextmanager
def timed(told: dict[str, Any], name: str) -> Any:
    began, used = time.perf_counter(), time.process_time()
    yield
    told[f"{name}_s"] = round(time.perf_counter() - began, 2)
    told[f"{name}_cpu_s"] = round(time.process_time() - used, 2)


def peak_mib() -> int:
    """The most memory this process has had; what it was forked from does not count."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
