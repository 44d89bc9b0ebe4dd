"""How fast texts are embedded, beside a plain `encode` of all of their windows.

    python benchmarks/embedding_rate.py [--windows 256] [--rounds 5] [--threads 1]

Each round takes other windows of the mixed corpus (../shared/data) and gives them to each way in
turn: `plain` is `SentenceTransformer.encode` of the list as the library has it, `ours` the
product's embedder with a memo that remembers nothing of them, `half` the same in half precision.
The way that begins changes from round to round. The last line is one JSON object:

- plain_per_s, ours_per_s, half_per_s: windows by second, the median of the rounds
- ratio, half_ratio: of ours and of half to plain, the median of the ratios within a round
- cpu_ratio, half_cpu_ratio: the same by seconds of CPU time, which other work on the machine
  changes less; to be read with one thread, since threads that wait use time as well
- cosine, half_cosine: the lowest cosine of a vector to the plain one, kept steps included
- remembered_per_s: windows by second when all of them are remembered
"""

import argparse
import gzip
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.selection.embedding import PACKAGED, SentenceEmbedder, windows_of
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("LONGHOP_DATA", HERE.parent / "shared" / "data"))
CORPUS = DATA / "mixed_corpus.jsonl.gz"

Way = Callable[[Sequence[str]], NDArray[Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--windows", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if not CORPUS.is_file():
        sys.exit(f"{CORPUS} is not there: name the folder of the sample data by LONGHOP_DATA")
    import torch

    torch.set_num_threads(options.threads)
    windows = read_windows()
    random.Random(100).shuffle(windows)
    with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
        print(json.dumps(measure(windows, options, Path(folder))))


def read_windows() -> list[str]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return sorted({window for text in texts for window in windows_of(text)})


def measure(windows: list[str], options: argparse.Namespace, folder: Path) -> dict[str, float]:
    ways, remembered = open_ways(folder)
    for way in ways.values():
        way(windows[-16:])  # loaded, and warm
    rates: dict[str, list[float]] = {name: [] for name in ways}
    cpu_rates: dict[str, list[float]] = {name: [] for name in ways}
    lowest = {"ours": 1.0, "half": 1.0}
    for turn in range(options.rounds):
        part = windows[turn * options.windows : (turn + 1) * options.windows]
        names = list(ways)[turn % 3 :] + list(ways)[: turn % 3]
        vectors = {}
        for name in names:
            rate, cpu_rate, vectors[name] = timed(ways[name], part)
            rates[name].append(rate)
            cpu_rates[name].append(cpu_rate)
        for name in lowest:
            lowest[name] = min(lowest[name], cosines(vectors[name], vectors["plain"]).min())
        print(f"round {turn}: " + ", ".join(f"{n} {rates[n][-1]:.1f}/s" for n in names), flush=True)
    again = timed(remembered, part)[0]
    return {
        "threads": options.threads,
        "windows": options.windows * options.rounds,
        **{f"{name}_per_s": round(statistics.median(each), 1) for name, each in rates.items()},
        "ratio": ratio(rates["ours"], rates["plain"]),
        "half_ratio": ratio(rates["half"], rates["plain"]),
        "cpu_ratio": ratio(cpu_rates["ours"], cpu_rates["plain"]),
        "half_cpu_ratio": ratio(cpu_rates["half"], cpu_rates["plain"]),
        "cosine": round(float(lowest["ours"]), 6),
        "half_cosine": round(float(lowest["half"]), 6),
        "remembered_per_s": round(again, 1),
    }


def open_ways(folder: Path) -> tuple[dict[str, Way], Way]:
    memo = Memo(LocalFiles(folder), "vectors", folder)
    ours = SentenceEmbedder(PACKAGED, memo)
    half = SentenceEmbedder(PACKAGED, memo, precision="half")
    model = ours.load()

    def plain(texts: Sequence[str]) -> NDArray[Any]:
        found: NDArray[Any] = model.encode(list(texts), show_progress_bar=False)
        return found

    return {"plain": plain, "ours": ours.embed, "half": half.embed}, ours.embed


def timed(way: Way, texts: Sequence[str]) -> tuple[float, float, NDArray[Any]]:
    begun, cpu_begun = time.perf_counter(), time.process_time()
    vectors = way(texts)
    took, cpu_took = time.perf_counter() - begun, time.process_time() - cpu_begun
    return len(texts) / took, len(texts) / cpu_took, vectors


def ratio(rates: Sequence[float], plain: Sequence[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(rates, plain, strict=True)), 3)


def cosines(left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.float64]:
    left, right = left.astype(np.float64), right.astype(np.float64)
    dots: NDArray[np.float64] = (left * right).sum(axis=1)
    return dots / np.linalg.norm(left, axis=1) / np.linalg.norm(right, axis=1)


if __name__ == "__main__":
    main()
