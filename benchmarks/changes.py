"""Memory and time of holding a version against its base, row by row, with reasons.

    python benchmarks/changes.py [--rows 10000 100000]

Made-up rows of two hops on 5,000 documents, with 20 distractors each and as many rejections as
rows. The version lacks one row in twenty, half of them since a document is gone, half since a judge
turned them away; one in twenty is new, and one in twenty has another context. Each size runs in a
process of its own, and its inputs are made by another. The last line is one JSON object: peak of
resident memory and seconds by rows, the counts of the largest by reason, and how much more memory
the largest takes than the one before it.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from longhop.identity import make_id
from longhop.records.accounts import Reason, TurnedAway
from longhop.records.artifacts import Artifact
from longhop.records.corpus import Membership, Sketch, Span, Split
from longhop.records.examples import ComposedContext, Layout, Role, Segment
from longhop.records.questions import AnswerKind, Composition, Scope, SingleHop
from longhop.records.verification import MultiHop
from longhop.resources import Resources, Silence, entered
from longhop.settings import Settings
from longhop.storage.columns import to_parquet
from longhop.storage.files import LocalFiles
from tasks.differing import Edition, compare

DOCUMENTS = 5_000
GONE = 40  # one document in so many is not in the version


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", nargs="+", type=int, default=[10_000, 100_000])
    parser.add_argument("--step", choices=("make", "run"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        (make if options.step == "make" else run)(options.folder, options.rows[0])
        return
    found = {}
    for count in options.rows:
        with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
            for step in ("make", "run"):
                command = [sys.executable, __file__, "--step", step, "--folder", folder]
                ended = subprocess.run(
                    [*command, "--rows", str(count)], check=True, stdout=subprocess.PIPE, text=True
                )
            found[count] = json.loads(ended.stdout)
    *_, last = found.values()
    sizes = [each["peak_rss_mib"] for each in found.values()]
    growth = round(sizes[-1] / sizes[-2], 2) if len(sizes) > 1 else None
    reasons = last["reasons"]
    rows = {
        count: {name: each[name] for name in ("peak_rss_mib", "seconds")}
        for count, each in found.items()
    }
    print(json.dumps({"rows": rows, "reasons": reasons, "growth": growth}))


def document(number: int) -> str:
    return f"d{number % DOCUMENTS:05d}"


def hop(row: int, number: int) -> SingleHop:
    name = document(row * 2 + number)
    return SingleHop(
        id=make_id("q", row, number),
        question=f"What is written on shelf {row} of house {number}?",
        answer=f"Entry {row}-{number}",
        evidence=(Span(chunk_id=make_id("c", name), start=0, end=20),),
        quote=f"On shelf {row} stands entry {row}-{number}.",
        subject=f"shelf {row}",
        relation="entry",
        kind=AnswerKind.OTHER,
        document_id=name,
        license="MIT",
        language="en",
        split=Split.TRAIN,
    )


def rows_of(count: int, *, version: int) -> Iterator[tuple[MultiHop, ComposedContext]]:
    """The rows of the base, or of the version, in the order of their ids."""
    for at in range(count + count // 20):
        gone = any((at * 2 + n) % DOCUMENTS in lost() for n in (0, 1))
        if version and (gone or at % 40 == 1):
            continue
        if not version and at >= count:
            return
        name = f"m-{at:016x}"
        layout = Layout(
            row_id=name, tokens=4096, tokenizer="t", depths=(0.2,), same_cluster_share=0
        )
        segments = tuple(
            Segment(
                document_id=document(at * 7 + n),
                role=Role.RANDOM,
                start=0,
                end=200,
                context_start=n * 200,
                context_end=n * 200 + 200,
            )
            for n in range(20)
        )
        row = MultiHop(
            id=name,
            group_id=make_id("g", at),
            question=f"What stands beside what is on shelf {at}?",
            answer=f"Entry {at}-1",
            composition=Composition.BRIDGE,
            scope=Scope.INTER,
            hops=(hop(at, 0), hop(at, 1)),
            composer="made up",
        )
        told = make_id("x", at, version if at % 20 == 3 else 0)
        yield (
            row,
            ComposedContext(
                row_id=name,
                language="en",
                segments=segments,
                evidence=(),
                tokens=4000,
                characters=4000,
                sha256=told,
                layout=layout,
            ),
        )


def lost() -> range:
    """The documents that are not in the version."""
    return range(0, DOCUMENTS, GONE * 2)


def make(folder: Path, count: int) -> None:
    told = []
    with entered(open_world(folder)) as live:
        for version in (0, 1):
            there = [n for n in range(DOCUMENTS) if not version or n not in lost()]
            rows = live.store.write(
                "multi_hop", (row for row, _ in rows_of(count, version=version)), MultiHop
            )
            contexts = live.store.write(
                "contexts", (each for _, each in rows_of(count, version=version)), ComposedContext
            )
            members = (
                Membership(document_id=document(n), group=document(n), split="train", kept=True)
                for n in there
            )
            sketches = (
                Sketch(
                    document_id=document(n),
                    words=f"{n:032x}",
                    characters=n,
                    described=1,
                    shingles=9,
                    bands=(),
                    anchors="",
                )
                for n in there
            )
            made = {
                "rows": rows,
                "contexts": contexts,
                "memberships-0": live.store.write("memberships", members, Membership),
                "sketches-0": live.store.write("sketches", sketches, Sketch),
            }
            told.append({name: each.model_dump() for name, each in made.items()})
    (folder / "inputs.json").write_text(json.dumps(told))
    refused = [
        TurnedAway(
            stage="judge",
            item=f"m-{at:016x}" if at % 40 == 1 else make_id("m", at),
            reason=Reason.JUDGED_LOW,
        )
        for at in range(count)
    ]
    (folder / "rejected.parquet").write_bytes(to_parquet(refused, TurnedAway))


def run(folder: Path, count: int) -> None:
    told = json.loads((folder / "inputs.json").read_text())
    before, after = ({name: Artifact(**each) for name, each in made.items()} for made in told)
    start = time.monotonic()
    listed = 0
    with entered(open_world(folder)):
        edition = Edition(after, lambda: nullcontext(folder / "rejected.parquet"))
        with compare(Edition(before), edition) as compared:
            listed = sum(1 for _ in compared)
    seconds = round(time.monotonic() - start, 1)
    changes = compared.changes
    if sum(changes.counts[each] for each in ("added", "removed", "changed")) != listed:
        raise SystemExit(f"{listed} rows were listed, and counted were {changes.counts}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    reasons = {"kept": changes.counts["kept"], **changes.reasons}
    print(json.dumps({"peak_rss_mib": peak, "seconds": seconds, "reasons": reasons}))


def open_world(folder: Path) -> Resources:
    return Resources(Settings(store=str(folder / "store")), LocalFiles(folder / "store"), Silence())


if __name__ == "__main__":
    main()
