"""Seconds and memory of an audit, beside counting its tokens and nothing else.

    python benchmarks/auditing.py [--corpus FILE.jsonl] [--rows 1000] [--tokens 65536]
        [--few 1000] [--many 4000] [--small 16384]

Rows are made of the texts of a corpus, repeated: 64k tokens of whole documents each, of which two
are said to support it. Each step runs in a process of its own. `tokenise` reads the rows and counts
the tokens of their contexts with tekken; `audit` does all that `longhop audit` does, page and rows
included. Memory is the most that was resident while rows of `--small` tokens were audited, few and
four times as many.

The last line is one JSON object: tokens; seconds of both, by the clock and on a processor, which
other work beside it does not change, and their ratios; MiB for few and many.
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.auditing import plan_of, write_files
from longhop.corpus.tokenizing import open_tokenizer
from longhop.storage.sources import FileSources

# About what a token of the corpus takes; the count that is reported is the tokenizer's.
CHARACTERS = 3.97


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--rows", type=int, default=1000)
    arguments.add_argument("--tokens", type=int, default=65536)
    arguments.add_argument("--few", type=int, default=1000)
    arguments.add_argument("--many", type=int, default=4000)
    arguments.add_argument("--small", type=int, default=16384)
    arguments.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.step:
        step, path = given.step
        print(json.dumps({"tokenise": tokenise, "audit": audit}[step](Path(path))))
        return
    with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
        path = Path(folder) / "rows.jsonl"
        make(path, given.corpus, given.rows, given.tokens)
        plain = begin("tokenise", path, given.corpus)
        whole = begin("audit", path, given.corpus)
        found: dict[str, Any] = {
            "rows": given.rows,
            "tokens": plain["tokens"],
            "tokenise_seconds": plain["seconds"],
            "audit_seconds": whole["seconds"],
            "tokenise_cpu_seconds": plain["cpu_seconds"],
            "audit_cpu_seconds": whole["cpu_seconds"],
            "ratio": round(whole["seconds"] / plain["seconds"], 2),
            "cpu_ratio": round(whole["cpu_seconds"] / plain["cpu_seconds"], 2),
            "audit_peak_mib": whole["peak_mib"],
        }
        print(json.dumps(found), flush=True)
        for name in ("few", "many"):
            make(path, given.corpus, getattr(given, name), given.small)
            found[f"{name}_rows"] = getattr(given, name)
            found[f"{name}_peak_mib"] = begin("audit", path, given.corpus)["peak_mib"]
            print(json.dumps(found), flush=True)


def begin(step: str, path: Path, corpus: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--step", step, str(path), "--corpus", str(corpus)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def make(path: Path, corpus: Path, rows: int, tokens: int) -> None:
    """Rows one after the other out of the corpus, which begins anew when it ends."""
    texts = endless(corpus)
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            paragraphs: list[dict[str, Any]] = []
            size = 0.0
            while size < tokens * CHARACTERS:
                title, text = next(texts)
                text = text[: int(tokens * CHARACTERS - size) + 1]
                paragraphs.append({"idx": len(paragraphs), "title": title, "text": text})
                size += len(text) + len(title) + 3
            middle = len(paragraphs) // 2
            for at, each in enumerate(paragraphs):
                each["is_supporting"] = at in (number % max(1, middle), middle)
            told = paragraphs[middle]
            row = {
                "id": f"row-{number}",
                "question": f"What does {told['title'] or 'the page'} number {number} tell?",
                "answer": " ".join(told["text"].split()[5:8]) or "nothing",
                "hops": 2,
                "paragraphs": paragraphs,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def endless(corpus: Path) -> Iterator[tuple[str, str]]:
    while True:
        opened: Any = gzip.open if corpus.suffix == ".gz" else open
        with opened(corpus, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield row.get("title", ""), row["text"]


def tokenise(path: Path) -> dict[str, Any]:
    tokenizer = open_tokenizer("tekken")
    start, used, tokens = time.monotonic(), time.process_time(), 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            paragraphs = json.loads(line)["paragraphs"]
            tokens += tokenizer.count("\n\n".join(f"{p['title']}\n{p['text']}" for p in paragraphs))
    return {"tokens": tokens, **taken(start, used)}


def audit(path: Path) -> dict[str, Any]:
    open_tokenizer("tekken")  # as in the other step, opening it is not counted
    start, used = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="longhop-bench-") as out:
        write_files(plan_of([str(path)]), Path(out), FileSources())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {**taken(start, used), "peak_mib": peak}


def taken(start: float, used: float) -> dict[str, float]:
    """The seconds since then, by the clock and of this process on a processor."""
    return {
        "seconds": round(time.monotonic() - start, 1),
        "cpu_seconds": round(time.process_time() - used, 1),
    }


if __name__ == "__main__":
    main()
