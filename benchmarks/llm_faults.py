"""What the model layer pays and loses when things go wrong, and after ordinary changes.

    python benchmarks/llm_faults.py

Rows are asked through the whole layer, by a process of its own, at a stub of 50 ms, 64 in flight
(half_capacity: 100 ms).
The last line is one JSON object, {probe: {"ideal", "got", "lost_rows"}}: requests that reached the
stub and were not refused as too many, or seconds where the probe is about time.

- errors_once: 5% of the requests are answered 500 the first time
- half_capacity: the stub takes 32 at once and refuses more with 429; seconds, with the 429 by 1,000
- doomed_then_healed: nine rows fail for good, then the stub heals and the same rows are asked again
- killed: SIGKILL after 1,000 of 2,000 answers, then all again; `ideal` is what was left, and what
  got above it was in flight at the kill
- rows_added, rows_changed, new_system_prompt, new_parser: asked again after that change
- two_at_once: two builds of one store ask the same rows at the same time
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from stub_endpoint import log_of, post, stub

LATENCY = 0.05
SLOW = 0.1
CAP = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ask", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--prompts", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--strict", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        rows, store, url = options.ask
        lost = asyncio.run(ask_rows(json.loads(Path(rows).read_text()), Path(store), url, options))
        print(json.dumps({"lost": lost}))
        return
    with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
        print(json.dumps(probe(Path(folder))))


def probe(folder: Path) -> dict[str, Any]:
    """Every probe in turn."""
    found: dict[str, Any] = {}
    rows = [f"Question {number}?" for number in range(2000)]
    with stub(latency=LATENCY, fail_once=0.05) as url:
        run = Run(folder / "errors", url)
        lost = run.ask(rows)
        failed = log_of(url)["statuses"].get("500", 0)
        found["errors_once"] = told(2000 + failed, run.requests(), lost)
    with stub(latency=SLOW, capacity=32) as url:
        run = Run(folder / "half", url)
        began = time.monotonic()
        lost = run.ask(rows)
        took = time.monotonic() - began - run.start_s()
        refused = log_of(url)["statuses"].get("429", 0)
        floor = 2000 * SLOW / 32
        found["half_capacity"] = {
            **told(round(floor, 2), round(took, 2), lost),
            "ratio": round(took / floor, 2),
            "refused_per_thousand": round(refused / 2, 1),
        }
    with stub(latency=LATENCY) as url:
        found |= ordinary_changes(folder, url, rows)
    for name, each in found.items():
        print(name, each)
    return found


def ordinary_changes(folder: Path, url: str, rows: list[str]) -> dict[str, Any]:
    """The probes at a stub that does as it is told."""
    found: dict[str, Any] = {}
    run = Run(folder / "doomed", url)
    doomed = [*rows[:491], *(f"A doomed row {number}?" for number in range(9))]
    before = run.ask(doomed)
    post(url, "/heal")
    lost = run.ask(doomed, fresh_log=True)
    found["doomed_then_healed"] = {**told(9, run.requests(), lost), "lost_before": before}

    run = Run(folder / "killed", url)
    run.ask_and_kill(rows, after=1000)
    answered = run.requests()
    lost = run.ask(rows)
    found["killed"] = {
        **told(2000 - answered, run.requests() - answered, lost),
        "asked_twice": run.requests() - 2000,
    }

    run = Run(folder / "changes", url)
    run.ask(rows)
    lost = run.ask([*rows[::-1], *(f"New {number}?" for number in range(200))], fresh_log=True)
    found["rows_added"] = told(200, run.requests(), lost)
    changed = [f"Changed {each}" if at % 40 == 0 else each for at, each in enumerate(rows)]
    lost = run.ask(changed, fresh_log=True)
    found["rows_changed"] = told(50, run.requests(), lost)
    lost = run.ask(rows, "--strict", fresh_log=True)
    found["new_parser"] = told(0, run.requests(), lost)
    lost = run.ask(rows, "--prompts", str(other_prompts(folder)), fresh_log=True)
    found["new_system_prompt"] = told(2000, run.requests(), lost)

    run = Run(folder / "two", url)
    run.reset()
    both = [run.start(rows) for _ in range(2)]
    lost = sum(ended(each) for each in both)
    found["two_at_once"] = told(2000, run.requests(), lost)
    return found


class Run:
    """The rows of one store, asked by processes of their own."""

    def __init__(self, store: Path, url: str) -> None:
        self.store = store
        self.url = url
        store.mkdir(parents=True)
        self.reset()

    def ask(self, rows: list[str], *options: str, fresh_log: bool = False) -> int:
        """Ask all rows; how many were lost."""
        if fresh_log:
            self.reset()
        return ended(self.start(rows, *options))

    def start(self, rows: list[str], *options: str) -> "subprocess.Popen[str]":
        """A process that asks all rows."""
        path = self.store / "rows.json"
        path.write_text(json.dumps(rows))
        command = [sys.executable, __file__, *options, "--ask", path, self.store, self.url]
        return subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True)

    def ask_and_kill(self, rows: list[str], *, after: int) -> None:
        """Ask, and end the process once that many were answered."""
        process = self.start(rows)
        while self.requests() < after:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(4 * LATENCY)

    def requests(self) -> int:
        """What reached the stub and was not refused as too many."""
        return int(log_of(self.url)["requests"])

    def reset(self) -> None:
        """Count anew."""
        post(self.url, "/log/reset")

    def start_s(self) -> float:
        """How long a process takes that finds all answers: its start and its look-ups."""
        began = time.monotonic()
        self.ask([])
        return time.monotonic() - began


def ended(process: "subprocess.Popen[str]") -> int:
    output, _ = process.communicate()
    return int(json.loads(output.splitlines()[-1])["lost"])


def told(ideal: float, got: float, lost: int) -> dict[str, float]:
    return {"ideal": ideal, "got": got, "lost_rows": lost}


def other_prompts(folder: Path) -> Path:
    """A folder in which one prompt says something else."""
    from importlib.resources import files

    prompts = folder / "prompts"
    prompts.mkdir()
    text = (files("longhop") / "prompts" / "closed_book.en.j2").read_text()
    (prompts / "closed_book.en.j2").write_text(text.replace("You ", "As ever, you ", 1))
    return prompts


async def ask_rows(rows: list[str], store: Path, url: str, options: argparse.Namespace) -> int:
    """Ask all rows through the layer; how many got no reply."""
    from longhop.llm.opening import open_model
    from longhop.records.replies import ShortAnswer
    from longhop.settings import Settings
    from longhop.spec.sections import Model
    from longhop.storage.files import LocalFiles
    from longhop.storage.memo import Memo

    class StricterAnswer(ShortAnswer):
        """What a mended parser makes of the same answers."""

    files = LocalFiles(store)
    memo = Memo(files, "answers", store / "journals")
    settings = Settings(OPENAI_BASE_URL=url, OPENAI_API_KEY="none", concurrency=CAP, patience=30)
    model = open_model(settings, files, memo)
    prompt = model.prompts.freeze("closed_book", Model(name="stub"), options.prompts)
    kind = StricterAnswer if options.strict else ShortAnswer
    asked = [model.ask(prompt, "en", {"question": each}, kind) for each in rows]
    replies = await asyncio.gather(*asked)
    memo.close()
    await model.close()
    return sum(not isinstance(each, kind) for each in replies)


if __name__ == "__main__":
    main()
