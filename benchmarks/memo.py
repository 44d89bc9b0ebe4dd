"""What the memo costs: 100,000 entries put one by one and many at once, read, and opened again.

    python benchmarks/memo.py [--entries N]

Half of the entries are put one by one, half by the thousand. Values are of some 700 bytes, as
answers are. The last line is one JSON object; `rss_mib` is what the process grew by while it
wrote and read all of them, `open_s` the time until an index that is up to date can be asked.
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

import psutil

from longhop.identity import digest
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo

MANY = 1000
READS = 20_000


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--entries", type=int, default=100_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print(json.dumps(measure(Path(scratch), given.entries)))


def measure(folder: Path, entries: int) -> dict[str, float]:
    files = LocalFiles(folder / "store")
    memo = Memo(files, "answers", folder / "journals")
    process = psutil.Process()
    before = process.memory_info().rss
    half = entries // 2

    began = time.perf_counter()
    for number in range(half):
        memo.put(key(number), value(number))
    put = (time.perf_counter() - began) / half

    took = 0.0
    for start in range(half, entries, MANY):
        values = {key(n): value(n) for n in range(start, min(start + MANY, entries))}
        began = time.perf_counter()
        memo.put_many(values)
        took += time.perf_counter() - began
    put_many = (entries - half) / took

    asked = [random.Random(0).randrange(entries) for _ in range(READS)]
    memo.flush()
    began = time.perf_counter()
    for number in asked:
        memo.get(key(number))
    get = (time.perf_counter() - began) / READS
    grown = process.memory_info().rss - before
    memo.close()

    began = time.perf_counter()
    again = Memo(files, "answers", folder / "journals")
    assert again.get(key(entries - 1)) == value(entries - 1)
    opened = time.perf_counter() - began
    again.close()
    return {
        "put_us": round(put * 1e6, 1),
        "put_many_per_s": round(put_many),
        "get_us": round(get * 1e6, 1),
        "open_s": round(opened, 4),
        "rss_mib": round(grown / 2**20, 1),
    }


def key(number: int) -> str:
    return digest("benchmark", number)


def value(number: int) -> dict[str, object]:
    text = f"{number} " + "The almanac gives it as Orlin, by the river. " * 14
    return {"text": text, "usage": {"prompt_tokens": 812, "completion_tokens": 97}}


if __name__ == "__main__":
    main()
