"""Memory and time of what finished rows go through, from the last gate to the published version.

    python benchmarks/streaming_rows.py [--rows 1000 10000 100000] [--tokens 2048] [--fresh]
        [--rendered lines|tables]

A made-up corpus of 900 documents and rows of two hops on it, one in fifty there twice, one in a
hundred unsound, as many rejections of earlier stages as rows, and a base that has the contexts of
49 rows in 50 (with `--fresh` of none, so that all are composed). The stages' own
bodies run without a Prefect server, on a store in a scratch folder, with a model that answers
nothing: check, compose, decontaminate, probe (a twentieth of the rows), audit, publish; then
publish once more, where nothing is new.

With `--rendered` rows are published in all layouts, counted, weighed and in four buckets, as lines
of JSON or as tables of Parquet.

Each size runs in a process of its own, and its inputs are made by another. The last line is one
JSON object: the peak of resident memory by size and stage, and how much the largest size takes
compared with the one before it.
"""

import argparse
import asyncio
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from streaming.world import ask, name, open_world, peak

from longhop.contexts.composing import Composer
from longhop.contexts.filling import Part
from longhop.contexts.layout import lay_out
from longhop.contexts.library import Library
from longhop.contexts.locating import locate_evidence
from longhop.corpus.tokenizing import open_tokenizer
from longhop.identity import make_id
from longhop.operations.preparing import Preparation
from longhop.ports import NoReply
from longhop.records.accounts import Reason, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Document, Draw, Membership, Placement, Span, Split
from longhop.records.examples import ComposedContext, Role, Segment
from longhop.records.model import Prompt
from longhop.records.questions import AnswerKind, Composition, HopLink, Scope, SingleHop
from longhop.records.replies import Judged, ShortAnswer
from longhop.records.selection import RoundTrace
from longhop.records.verification import MultiHop
from longhop.resources import entered, resources
from longhop.spec import DatasetSpec
from longhop.verification.auditing import AuditPlan
from longhop.verification.distracting import DistractPlan
from longhop.verification.judging import JudgePlan
from longhop.verification.proving import ProvePlan
from tasks.audit_rows import audit_rows
from tasks.check_rows import check_rows
from tasks.compose_contexts import compose_contexts, decontaminate_rows
from tasks.probe_rows import probe_rows
from tasks.publish_dataset import publish_dataset
from tasks.versions import Made

NAME = "streamed"
DOCUMENTS = 900
FACTS = 100_000
SHARDS = 16
CHUNK = 400
SPLITS = (Split.TRAIN, Split.VALIDATION, Split.TEST)
WHOLE: dict[str, Any] = {
    "renderings": ["messages", "prompt_completion", "sharegpt", "longmit"],
    "sizes": True,
    # Texts are of nearly one length: the first two part them.
    "buckets": [2048, 2304, 4096, 8192],
}
RENDERED: dict[str, dict[str, Any]] = {
    "plain": {},
    "lines": WHOLE,
    "tables": {**WHOLE, "files": "parquet"},
}


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    arguments.add_argument("--tokens", type=int, default=2048)
    arguments.add_argument("--fresh", action="store_true", help="no row has a context before")
    arguments.add_argument("--rendered", choices=list(RENDERED), default="plain")
    arguments.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.step:
        step, folder = given.step
        if step == "make":
            make(Path(folder), given.rows[0], given.tokens, fresh=given.fresh)
        else:
            run(Path(folder), given.rows[0], given.tokens, given.rendered)
        return
    found: dict[str, dict[str, Any]] = {}
    for rows in given.rows:
        with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
            fresh = ["--fresh"] if given.fresh else []
            begin("make", folder, rows, given.tokens, *fresh)
            more = ["--rendered", given.rendered]
            found[str(rows)] = json.loads(begin("run", folder, rows, given.tokens, *more))
            print(json.dumps({rows: found[str(rows)]}), flush=True)
    peaks = [each["peak_rss_mib"] for each in found.values()]
    growth = round(peaks[-1] / peaks[-2], 3) if len(peaks) > 1 else None
    told = {"tokens": given.tokens, "rendered": given.rendered, "rows": found}
    print(json.dumps({**told, "growth_10k_to_100k": growth}))


def begin(step: str, folder: str, rows: int, tokens: int, *more: str) -> str:
    command = [sys.executable, __file__, "--step", step, folder, "--rows", str(rows), *more]
    done = subprocess.run(
        [*command, "--tokens", str(tokens)], check=True, capture_output=True, text=True
    )
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


# The made-up world.


def homes(number: int) -> tuple[int, int]:
    """The documents, of one split, that tell where a person was born and who founded the place."""
    first = number % DOCUMENTS
    return first, (first + 3 * (1 + number // DOCUMENTS % 200)) % DOCUMENTS


def facts(number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sentence, question, answer, subject and relation of the two facts of a number."""
    person, place, founder = (name(number, of=of) for of in (1, 2, 3))
    born = f"{person} was born in {place}."
    founded = f"{place} was founded by {founder}."
    return (
        (born, f"Where was {person} born?", place, person, "place of birth"),
        (founded, f"Who founded {place}?", founder, place, "founder"),
    )


def write_world() -> tuple[list[Document], list[Chunk], dict[str, Span]]:
    """Documents and chunks, and where each sentence stands."""
    sentences: list[list[str]] = [[] for _ in range(DOCUMENTS)]
    for number in range(FACTS):
        for home, fact in zip(homes(number), facts(number), strict=True):
            sentences[home].append(fact[0])
    documents, chunks, places = [], [], {}
    for at, told in enumerate(sentences):
        documents.append(
            Document(
                id=f"d-{at:04}", title=f"Register {at}", text=" ".join(told), license="CC0-1.0",
                language="en",
            )
        )  # fmt: skip
        for part in cut(documents[-1], SPLITS[at % 3]):
            chunks.append(part)
            start = 0
            for sentence in part.text.split(". "):
                whole = sentence if sentence.endswith(".") else f"{sentence}."
                places[whole] = Span(chunk_id=part.id, start=start, end=start + len(whole))
                start += len(whole) + 1
    return documents, chunks, places


def cut(document: Document, split: Split) -> Iterator[Chunk]:
    start = 0
    while start < len(document.text):
        end = document.text.find(". ", start + CHUNK)
        end = len(document.text) if end < 0 else end + 1
        text = document.text[start:end]
        yield Chunk(
            id=make_id("c", document.id, text), document_id=document.id, title=document.title,
            text=text, start=start, end=end, tokens=len(text) // 4, license=document.license,
            language="en", split=split,
        )  # fmt: skip
        start = end + 1


def write_rows(numbers: Iterable[int], places: Mapping[str, Span]) -> Iterator[MultiHop]:
    """Rows of two hops; one in fifty is asked once more, one in a hundred is wrong."""
    for number in numbers:
        home, other = homes(number)
        hops = tuple(
            SingleHop(
                id=make_id("q", question), question=question, answer=answer,
                evidence=(places[sentence],), quote=sentence, subject=subject, relation=relation,
                kind=AnswerKind.OTHER, document_id=f"d-{at:04}", license="CC0-1.0", language="en",
                split=SPLITS[at % 3],
            )
            for at, (sentence, question, answer, subject, relation) in zip(
                (home, other), facts(number), strict=True
            )
        )  # fmt: skip
        person = hops[0].subject
        asked = [f"Who founded the place where {person} was born?"]
        if number % 50 == 7:
            asked.append(f"By whom was the place where {person} was born founded?")
        for question in asked:
            yield MultiHop(
                id=make_id("m", number, question), group_id=make_id("g", number),
                question=question, answer="Nobody" if number % 100 == 3 else hops[1].answer,
                composition=Composition.BRIDGE, scope=Scope.INTER, hops=hops, composer="made-up",
                links=(HopLink(head=0, tail=1, mention=hops[0].answer),), proof="complete",
            )  # fmt: skip


def write_contexts(
    count: int,
    tokens: int,
    documents: list[Document],
    chunks: dict[str, Chunk],
    places: Mapping[str, Span],
) -> Iterator[ComposedContext]:
    """Contexts of 49 rows in 50 in the order of their ids, of about so many tokens."""
    library = Library({each.id: each for each in documents}, {}, {})
    composer = Composer(library, open_tokenizer("tekken"))
    plan = spec_of(tokens).contexts
    ids = sorted(
        (next(write_rows([number], places)).id, number) for number in range(count) if number % 50
    )
    for _, number in ids:
        row = next(write_rows([number], places))
        home = [chunks[each] for each in row.evidence_chunks]
        parts = [Part(each.document_id, Role.SUPPORTING, each.start, each.end) for each in home]
        for step in range(1, 5):
            other = documents[(number + 3 * 201 + 3 * step) % DOCUMENTS]
            parts.append(Part(other.id, Role.RANDOM, 0, tokens - CHUNK // 2))
        layout = lay_out(row, plan, dataset=NAME)
        text, at = composer.text(parts, row.language, layout.template)
        segments = tuple(
            Segment(**part._asdict(), context_start=start, context_end=end)
            for part, (start, end) in zip(parts, at, strict=True)
        )
        yield ComposedContext(
            row_id=row.id, language=row.language, segments=segments,
            evidence=locate_evidence(row, chunks, segments, text), tokens=tokens,
            characters=len(text), sha256=hashlib.sha256(text.encode()).hexdigest(),
            layout=layout,
        )  # fmt: skip


def spec_of(tokens: int, rendered: str = "plain") -> DatasetSpec:
    return DatasetSpec.model_validate(
        {
            "name": NAME,
            "corpus": {"paths": ["corpus.jsonl"]},
            "models": {"default": {"name": "made-up"}},
            "contexts": {"tokens": [tokens]},
            "publishing": RENDERED[rendered],
        }
    )


# The two steps of a size.


def make(folder: Path, count: int, tokens: int, *, fresh: bool) -> None:
    """Write the inputs of the stages, and their references beside the store."""
    documents, chunks, places = write_world()
    with entered(open_world(folder, SilentModel())) as live:
        ids = [each.id for each in documents]
        splits = {each: SPLITS[at % 3] for at, each in enumerate(ids)}
        shards = [live.store.writer("multi_hop", MultiHop) for _ in range(SHARDS)]
        for each in shards:
            each.__enter__()
        for at, row in enumerate(write_rows(range(count), places)):
            shards[at % SHARDS].add(row)
        for each in shards:
            each.__exit__(None, None, None)
        reason = Reason.UNANSWERABLE
        inputs = {
            "documents": live.store.write("documents", documents, Document),
            "chunks": live.store.write("chunks", chunks, Chunk),
            "memberships": live.store.write(
                "memberships",
                (Membership(document_id=e, group=e, split=splits[e], kept=True) for e in ids),
                Membership,
            ),
            "placements": live.store.write(
                "placements",
                (Placement(document_id=e, cluster=at % 9) for at, e in enumerate(ids)),
                Placement,
            ),
            "draws": live.store.write(
                "draws", (Draw(document_id=e, policy="random", score=1.0) for e in ids), Draw
            ),
            "contexts": live.store.write(
                "contexts",
                ()
                if fresh
                else write_contexts(
                    count, tokens, documents, {each.id: each for each in chunks}, places
                ),
                ComposedContext,
            ),
            "trace": live.store.write("trace", [], RoundTrace),
            "rejected": live.store.write(
                "rejected",
                (
                    Rejection(stage="ask", item=make_id("c", at), reason=reason, raw="No. " * 50)
                    for at in range(count)
                ),
                Rejection,
            ),
            **{f"rows-{at}": each.artifact for at, each in enumerate(shards)},
        }
    told = {name: each.model_dump() for name, each in inputs.items()}
    (folder / "inputs.json").write_text(json.dumps(told))
    line = json.dumps({"question": "which item of a benchmark is never to be found in any of this"})
    (folder / "benchmark.jsonl").write_text(line + "\n")


def run(folder: Path, count: int, tokens: int, rendered: str) -> None:
    told = json.loads((folder / "inputs.json").read_text())
    inputs = {name: Artifact(**each) for name, each in told.items()}
    start = time.monotonic()
    with entered(open_world(folder, SilentModel())):
        work = Work(folder, inputs, spec_of(tokens, rendered))
        work.build()
    seconds = time.monotonic() - start
    print(
        json.dumps(
            {
                "peak_rss_mib": max(each["peak_rss_mib"] for each in work.stages.values()),
                "seconds": round(seconds, 1),
                "published": work.published,
                "stages": work.stages,
            }
        )
    )


class Work:
    """The stages of one size, each with the peak of its memory."""

    def __init__(self, folder: Path, inputs: Mapping[str, Artifact], spec: DatasetSpec) -> None:
        self.inputs = inputs
        self.rows = [each for name, each in inputs.items() if name.startswith("rows-")]
        self.benchmark = str(folder / "benchmark.jsonl")
        self.stages: dict[str, dict[str, float]] = {}
        self.published = 0
        self.spec = spec

    def build(self) -> None:
        """A version of the rows, and what a build makes of it that finds nothing new."""
        inputs, spec = self.inputs, self.spec
        earlier = inputs["contexts"]
        documents, memberships = [inputs["documents"]], [inputs["memberships"]]
        placements = inputs["placements"]
        chunks = [inputs["chunks"]]
        checked = self.timed(
            "check",
            lambda: check_rows.body(rows=self.rows, chunks=chunks, base=earlier),
        )
        composed = self.timed(
            "compose",
            lambda: compose_contexts.body(
                rows=[checked["kept"]], chunks=chunks, plan=spec.contexts, vocabulary="",
                dataset=spec.name, base=earlier, documents=documents, memberships=memberships,
                placements=placements, origins=[],
            ),
        )  # fmt: skip
        clear = self.timed(
            "decontaminate",
            lambda: decontaminate_rows.body(
                rows=composed["rows"], contexts=composed["contexts"], written=[],
                benchmarks={self.benchmark: ""}, ngram=13,
            ),
        )  # fmt: skip
        prove = ProvePlan(answer=ask("answer"), closed_book=ask("closed_book"), compare=ask("c"))
        probed = self.timed(
            "probe",
            lambda: asyncio.run(
                probe_rows.body(
                    rows=clear["rows"], contexts=clear["contexts"], tokenizer="tekken",
                    plan=DistractPlan(prove=prove, share=0.05, dataset=spec.name),
                    documents=documents,
                )
            ),
        )  # fmt: skip
        judge = JudgePlan(
            judges=(ask("judge"),), mode="scoring", threshold=8, agreement=0.5, calibration=None,
            last=True,
        )  # fmt: skip
        audit = AuditPlan(judge=judge, prove=prove, rows=200, dataset=spec.name)
        audited = self.timed(
            "audit",
            lambda: asyncio.run(audit_rows.body(rows=probed["kept"], chunks=chunks, plan=audit)),
        )
        made = Made(
            balances=tuple(b for o in (checked, composed, clear, probed) for b in o.balances),
            usage={},
            artifacts={
                **{name: inputs[name] for name in ("memberships", "placements", "draws", "trace")},
                "rows": probed["kept"],
                "contexts": probed["contexts"],
                "audit": audited["audit"],
            },
            documents=tuple(documents),
            rejected=(inputs["rejected"], checked["rejected"], probed["rejected"]),
            sources=(),
            failed=(),
            cleaning={},
            notes=(),
        )
        start = Preparation(
            corpus={}, benchmarks={}, reference={}, seeds={}, prompts={}, weights="",
            vocabulary="", prices=None, base=None,
        )  # fmt: skip
        done = self.timed("publish", lambda: publish_dataset.fn(spec, start, made=made))
        version = resources().datasets.manifest(done.name, done.version)
        later = start.model_copy(update={"base": version})
        again = self.timed("publish_again", lambda: publish_dataset.fn(spec, later, made=made))
        if not done.new or again.new or done.version != again.version:
            raise SystemExit(f"published {done}, then {again}")
        self.published = done.rows

    def timed(self, stage: str, work: Callable[[], Any]) -> Any:
        """What a stage makes; its peak of memory is counted from its beginning."""
        Path("/proc/self/clear_refs").write_text("5")
        start = time.monotonic()
        made: Outcome = work()
        self.stages[stage] = {"peak_rss_mib": peak(), "seconds": round(time.monotonic() - start, 1)}
        return made


class SilentModel:
    """A model that finds no answer, and likes every question."""

    status = None

    async def ask(self, _prompt: Prompt, _language: str, _values: Any, reply: type) -> Any:
        await asyncio.sleep(0)
        if reply is ShortAnswer:
            return ShortAnswer(rationale="", answerable=False, answer="")
        if reply is Judged:
            return Judged(rationale="", clarity=9, faithfulness=9, coherence=9, complexity=9)
        return NoReply(refused=False, detail=reply.__name__, raw="")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
