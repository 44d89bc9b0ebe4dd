"""Seconds that the report takes to load, its bytes, and the memory that writing it takes.

    python benchmarks/report_page.py [--rows 2000 200] [--tokens 4096 65536] [--times 5]

Made-up rows of three hops among documents of made-up words, in Parquet files like those of a
version; as many items that were turned away as rows. The page is written from them in a process of
its own, and opened from the disk in a chromium without a window, each time with nothing kept from
before: until all is laid out and the list stands (`load`), until the first search in everything
has its result (`search`), and until a whole context is unfolded (`unfold`).

The last line is one JSON object: by size the medians in seconds, the bytes of the page and of the
files beside it, the seconds of writing and the memory at its peak, with that before it.
"""

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from longhop.identity import make_id
from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.report.writing import write_page
from longhop.records.accounts import Balance, Reason, TurnedAway
from longhop.records.corpus import Split
from longhop.records.examples import Evidence, Example, Hop, Layout, Role, Segment
from longhop.records.manifest import Manifest
from longhop.records.money import Usage
from longhop.records.questions import Composition, Scope
from longhop.records.verification import Judgement, Probe, ProbeKind
from longhop.storage.files import LocalFiles

# About what a token of English prose takes.
CHARACTERS = 4.4
DOCUMENT = 2600
HOPS = 3
WORDS = [
    a + b + c
    for a in ("har", "lan", "tide", "mor")
    for b in ("ven", "kel", "to", "ri")
    for c in ("", "s", "na")
]


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, nargs="+", default=[2000, 200])
    arguments.add_argument("--tokens", type=int, nargs="+", default=[4096, 65536])
    arguments.add_argument("--times", type=int, default=5)
    arguments.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.step:
        step, folder = given.step
        if step == "make":
            make(Path(folder), given.rows[0], given.tokens[0])
        else:
            write(Path(folder))
        return
    found: dict[str, Any] = {}
    for rows, tokens in zip(given.rows, given.tokens, strict=True):
        with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
            begin("make", folder, rows, tokens)
            written = json.loads(begin("write", folder, rows, tokens))
            loaded = open_often(Path(folder) / "out" / "report.html", given.times)
        found[f"{rows}x{tokens}"] = {**loaded, **written}
        print(json.dumps({f"{rows}x{tokens}": found[f"{rows}x{tokens}"]}), flush=True)
    print(json.dumps({"times": given.times, "pages": found}))


def begin(step: str, folder: str, rows: int, tokens: int) -> str:
    command = [sys.executable, __file__, "--step", step, folder]
    done = subprocess.run(
        [*command, "--rows", str(rows), "--tokens", str(tokens)],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


# The made-up version.


def make(folder: Path, rows: int, tokens: int) -> None:
    """The data files of a version, and its manifest."""
    with Drafts(LocalFiles(folder).draft) as drafts:
        rendering = Rendering(drafts, Example)
        for number in sorted(range(rows), key=name_of):
            rendering.add(row(number, tokens))
        counts = rendering.finish()
        lost = drafts.parquet("rejected.parquet", TurnedAway)
        reasons = (Reason.JUDGED_LOW, Reason.HOP_NOT_NEEDED, Reason.UNPARSABLE, Reason.SHORTCUT)
        for number in range(rows):
            text = prose(random.Random(number), 300)
            lost.add(
                TurnedAway(
                    stage="judge", item=f"x-{number}", reason=reasons[number % 4],
                    detail=text[:90], raw=text,
                )
            )  # fmt: skip
        lost.close()
        for path, place in drafts.contents.items():
            target = folder / path
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(place, target)
        rejected = {str(reason): len(range(at, rows, 4)) for at, reason in enumerate(reasons)}
        balance = Balance(
            stage="judge", unit="wording", taken=2 * rows, accepted=rows, rejected=rejected
        )
        manifest = Manifest(
            name="made-up", base="none", spec={}, spec_hash="", code="0", models={"ask": "x"},
            rehearsal=False, prompts={}, inputs={}, weights="", vocabulary="",
            balances=(balance,), usage={"ask": {"x": Usage(answers=9, input_tokens=9)}},
            prices=None, rows=counts, proofs={"complete": rows}, licenses={"CC0-1.0": 1},
            artifacts={}, files=drafts.files, cleaning={}, changes={"added": rows}, shorter=0,
        )  # fmt: skip
    (folder / "manifest.json").write_bytes(manifest.to_json())


def name_of(number: int) -> str:
    return make_id("m", "made-up", number)


def row(number: int, tokens: int) -> Example:
    """A row of three hops, its evidence anywhere in the context."""
    rng = random.Random(number)
    parts: list[str] = []
    while sum(map(len, parts)) < tokens * CHARACTERS:
        parts.append(prose(rng, DOCUMENT))
    holders = dict(
        zip(sorted(rng.sample(range(len(parts)), HOPS)), range(1, HOPS + 1), strict=True)
    )
    context, segments, evidence = "", [], []
    for at, text in enumerate(parts):
        context += f"Document {at + 1}: {text[:20]}\n"
        start = len(context)
        if at in holders:
            fact = f"Keeper {number} lit lamp {holders[at]} of the harbour."
            middle = text.index(". ", len(text) // 3) + 2
            text = text[:middle] + fact + " " + text[middle:]
            evidence.append(
                Evidence(
                    hop=holders[at], document_id=f"d-{number}-{at}", start=start + middle,
                    end=start + middle + len(fact), text=fact,
                )
            )  # fmt: skip
        context += text
        segments.append(
            Segment(
                document_id=f"d-{number}-{at}", start=0, end=len(text), context_start=start,
                role=Role.SUPPORTING if at in holders else Role.RANDOM, context_end=len(context),
            )
        )  # fmt: skip
        context += "\n\n"
    probes = [Probe(kind=ProbeKind.FULL, left_out="", answer="Kim", correct=True, model="x")]
    probes += [
        Probe(
            kind=ProbeKind.LEAVE_ONE_OUT, left_out=f"c-{hop}", answer="", correct=False, model="x"
        )
        for hop in range(1, HOPS + 1)
    ]
    return Example(
        id=name_of(number), question=f"Who {prose(rng, 90)[:90]} of lamp {number}?",
        answer=f"Keeper {number}", context=context, composition=Composition.BRIDGE,
        scope=Scope.INTER, hop_count=HOPS,
        hops=tuple(
            Hop(
                question=prose(rng, 60)[:60], answer=prose(rng, 12)[:12], document_id=f"d-{hop}",
                chunk_id=f"c-{hop}", relation="keeper",
            )
            for hop in range(1, HOPS + 1)
        ),
        evidence=tuple(evidence), segments=tuple(segments), tokens=tokens, tokenizer="tekken",
        language=("en", "zh", "de")[number % 3], split=Split.TRAIN, licenses=("CC0-1.0",),
        judgements=(
            Judgement(
                rationale=prose(rng, 240), model="x", clarity=9, faithfulness=9, coherence=9,
                complexity=8,
            ),
        ),
        probes=tuple(probes), proof="complete", history=(), composer="x", method="multi_hop",
        drawn_by=tuple(f"hybrid, round {hop}: 0.5" for hop in range(HOPS)),
        layout=Layout(
            row_id=name_of(number), tokens=tokens, tokenizer="tekken", depths=(),
            same_cluster_share=0.5,
        ),
    )  # fmt: skip


def prose(rng: random.Random, characters: int) -> str:
    """Sentences of made-up words."""
    found: list[str] = []
    size = 0
    while size < characters:
        sentence = " ".join(rng.choices(WORDS, k=11)).capitalize() + ". "
        found.append(sentence)
        size += len(sentence)
    return "".join(found)


# What is measured.


def write(folder: Path) -> None:
    """Write the page of the version in a folder, and tell what that took."""
    manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
    files = VersionFiles({each.path: folder / each.path for each in manifest.files})
    before, start = peak(), time.monotonic()
    with Drafts(scratch) as drafts:
        write_page(manifest, files, drafts)
        seconds = time.monotonic() - start
        told = {
            "page_bytes": sum(f.bytes for f in drafts.files if f.path == "report.html"),
            "beside_bytes": sum(f.bytes for f in drafts.files if f.path != "report.html"),
            "write_seconds": round(seconds, 1),
            "write_peak_mib": peak(),
            "before_mib": before,
        }
        for path, place in drafts.contents.items():
            target = folder / "out" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place, target)
    print(json.dumps(told))


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "draft"


def peak() -> int:
    """The most memory that was resident so far, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (each for each in lines if each.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def open_often(page: Path, times: int) -> dict[str, Any]:
    """Medians of opening the page anew, of searching in all of it, and of unfolding a context."""
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {"load": [], "search": [], "unfold": []}
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for _ in range(times):
            opened = browser.new_page(viewport={"width": 1360, "height": 1000})
            start = time.monotonic()
            opened.goto(page.as_uri(), wait_until="load")
            opened.wait_for_function("document.querySelectorAll('#list li').length > 0")
            found["load"].append(time.monotonic() - start)
            found["search"].append(opened.evaluate(SEARCH))
            found["unfold"].append(opened.evaluate(UNFOLD))
            opened.close()
        browser.close()
    return {f"{name}_seconds": round(statistics.median(each), 3) for name, each in found.items()}


SEARCH = """async () => {
  const start = performance.now();
  const field = document.getElementById("search");
  field.value = "harbour keeper";
  field.dispatchEvent(new Event("input"));
  await new Promise((done) => new MutationObserver(done).observe(
    document.getElementById("found"), { childList: true }));
  document.getElementById("list").getBoundingClientRect();
  return (performance.now() - start) / 1000;
}"""
UNFOLD = """async () => {
  const start = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "o" }));
  while (document.querySelector(".fold [aria-expanded=false]"))
    await new Promise((done) => setTimeout(done, 5));
  document.querySelector(".context").getBoundingClientRect();
  return (performance.now() - start) / 1000;
}"""


if __name__ == "__main__":
    main()
