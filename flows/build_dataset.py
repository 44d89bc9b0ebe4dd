"""The whole way: from a corpus to a published dataset."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.task_runners import ThreadPoolTaskRunner

from flows.book import Book
from longhop.concurrency import run_each
from longhop.contexts.writing import WritePlan
from longhop.corpus.deduplicating.sketching import rows_of_band
from longhop.errors import LongHopError
from longhop.operations.preparing import Preparation, prepare
from longhop.publishing.funnel import add_up, funnel_rows
from longhop.questions.asking import AskPlan
from longhop.questions.merging import MergePlan
from longhop.records.artifacts import Artifact, Outcome, parts_of
from longhop.resources import open_resources
from longhop.spec import DatasetSpec
from longhop.verification.judging import JudgePlan
from longhop.verification.proving import ProvePlan
from tasks.ask_questions import ask_questions, gather_questions
from tasks.chunk_documents import chunk_documents
from tasks.clean_documents import clean_documents, decontaminate_documents
from tasks.compose_contexts import compose_contexts, decontaminate_rows
from tasks.deduplicate_documents import deduplicate_documents, sketch_shard
from tasks.embed_documents import embed_documents, embed_reference
from tasks.link_questions import link_questions
from tasks.merge_questions import judge_questions, merge_questions
from tasks.place_documents import draw_documents, place_documents
from tasks.prove_questions import prove_questions
from tasks.publish_dataset import Published, publish_dataset
from tasks.read_corpus import read_corpus
from tasks.stage import Stage, told
from tasks.write_contexts import gate_pairs, write_contexts

# CPU stages run side by side, one a core; model stages stay in the flow's own loop.
_RUNNER: Any = ThreadPoolTaskRunner(max_workers=os.cpu_count() or 1)


@dataclass
class Build:
    """A build on its way: what it started from, and what its stages have made so far.

    With `here` its stages run in this thread and outside of any flow: those without a model can.
    """

    spec: DatasetSpec
    start: Preparation
    book: Book = field(default_factory=Book)
    documents: list[Artifact] = field(default_factory=list)
    chunks: list[Artifact] = field(default_factory=list)
    vectors: list[Artifact] = field(default_factory=list)
    here: bool = False

    async def one(self, stage: Stage, *, part: str = "all", **arguments: Any) -> Outcome:
        """Run a stage once, and note it."""
        outcome = await self._run(stage, part, arguments)
        self.book.note(stage.name, [outcome])
        return outcome

    async def all(
        self, stage: Stage, shards: Sequence[dict[str, Any]], *, attempt: int = 1
    ) -> list[Outcome]:
        """Run a stage once for each shard, side by side, and note it in the shards' order."""
        again = f", attempt {attempt}" if attempt > 1 else ""

        async def run(item: tuple[int, dict[str, Any]]) -> Outcome:
            shard, arguments = item
            return await self._run(stage, f"{shard + 1}/{len(shards)}{again}", arguments)

        outcomes = await run_each(list(enumerate(shards)), run)
        self.book.note(stage.name, outcomes)
        return outcomes

    async def _run(self, stage: Stage, part: str, arguments: dict[str, Any]) -> Outcome:
        if self.here:
            return stage.here(part=part, **arguments)
        return await stage(part=part, **arguments)


@flow(
    name="build-dataset",
    flow_run_name="build {spec.name}",
    task_runner=_RUNNER,
    persist_result=False,
)
async def build_dataset(spec: DatasetSpec, base: str = "latest") -> Any:
    """Build the next version of `spec.name`, from its corpus to its published rows.

    `base` is the version that is continued: latest, none, or a version's name.
    """
    async with open_resources() as live:
        try:
            build = Build(spec, await prepare(spec, base, live))
            await prepare_documents(build)
            await choose_documents(build)
            proved = [*await build_questions(build), *await synthesize_contexts(build)]
            published = await publish(build, proved)
        except LongHopError as error:
            return told(error)
    await show(build, published)
    return published


async def prepare_documents(build: Build) -> None:
    """Read, clean, decontaminate, deduplicate, split, chunk."""
    spec, start = build.spec, build.start
    read = await build.one(read_corpus, corpus=spec.corpus, hashes=start.corpus, shards=spec.shards)
    cleaned = await build.all(
        clean_documents,
        [
            {
                "documents": read[f"documents-{shard}"],
                "plan": spec.cleaning,
            }
            for shard in range(spec.shards)
        ],
    )
    clear = [each["kept"] for each in cleaned]
    if start.benchmarks:
        plan = {"benchmarks": start.benchmarks, "ngram": spec.decontamination.ngram}
        passed = await build.all(
            decontaminate_documents, [{"documents": each, **plan} for each in clear]
        )
        clear = [each["kept"] for each in passed]
    rows = rows_of_band(spec.deduplication.jaccard)
    sketched = await build.all(
        sketch_shard,
        [{"documents": each, "width": spec.deduplication.shingle, "rows": rows} for each in clear],
    )
    grouped = await build.one(
        deduplicate_documents,
        documents=clear,
        sketches=[each["sketches"] for each in sketched],
        plan=spec.deduplication,
        splits=spec.splits,
        dataset=spec.name,
        base=start.parts_of_base("memberships"),
        base_sketches=start.parts_of_base("sketches"),
    )
    memberships = parts_of(grouped.artifacts, "memberships")
    build.book.artifacts |= {f"memberships-{shard}": each for shard, each in enumerate(memberships)}
    build.book.artifacts |= {
        f"sketches-{shard}": each["sketches"] for shard, each in enumerate(sketched)
    }
    chunked = await build.all(
        chunk_documents,
        [
            {
                "documents": each,
                "memberships": membership,
                "tokenizer": spec.contexts.tokenizer,
                "vocabulary": start.vocabulary,
                "limit": spec.chunking.tokens,
            }
            for each, membership in zip(clear, memberships, strict=True)
        ],
    )
    build.documents = [each["documents"] for each in chunked]
    build.chunks = [each["chunks"] for each in chunked]


async def choose_documents(build: Build) -> None:
    """Embed the documents, place them in clusters, and draw those that are asked about."""
    spec, start = build.spec, build.start
    embedded = await build.all(
        embed_documents,
        [
            {"documents": each, "model": spec.embedding.model, "weights": start.weights}
            for each in build.documents
        ],
    )
    build.vectors = [each["vectors"] for each in embedded]
    placed = await build.one(
        place_documents,
        vectors=build.vectors,
        plan=spec.clustering,
        weights=start.weights,
        dataset=spec.name,
        codebook=start.from_base("codebook"),
    )
    reference = None
    if spec.selection.policy == "similarity":
        (path, hashed), *_ = start.reference.items()
        near = await build.one(
            embed_reference,
            path=path,
            hashed=hashed,
            model=spec.embedding.model,
            weights=start.weights,
        )
        reference = near["vectors"]
    drawn = await build.one(
        draw_documents,
        vectors=build.vectors,
        reference=reference,
        plan=spec.selection,
        dataset=spec.name,
        asked=start.from_base("draws"),
    )
    build.book.artifacts |= {**placed.artifacts, "draws": drawn["draws"]}


async def build_questions(build: Build) -> list[Artifact]:
    """Ask, check, gather, link; then merge, judge and prove, as often as a wording may be tried."""
    spec, start = build.spec, build.start
    ask = AskPlan(prompt=start.prompts["single_hop"], limit=spec.questions.per_chunk)
    asked = await build.all(
        ask_questions,
        [
            {"chunks": each, "draws": build.book.artifacts["draws"], "plan": ask}
            for each in build.chunks
        ],
    )
    gathered = await build.one(
        gather_questions,
        questions=[each["questions"] for each in asked],
        base=start.from_base("groups"),
    )
    linked = await build.one(
        link_questions,
        questions=gathered["questions"],
        vectors=build.vectors,
        plan=spec.questions,
        dataset=spec.name,
        shards=spec.shards,
        base=start.from_base("groups"),
    )
    build.book.artifacts["groups"] = linked["groups"]
    todo = [[linked[f"todo-{shard}"]] for shard in range(spec.shards)]
    judged: list[list[Artifact]] = [[] for _ in todo]
    for attempt in range(1, spec.verification.attempts + 1):
        last = attempt == spec.verification.attempts
        merge = MergePlan(prompt=start.prompts["merge"], last=last)
        merged = await build.all(
            merge_questions, [{"todo": each, "plan": merge} for each in todo], attempt=attempt
        )
        judge = JudgePlan(
            prompt=start.prompts["judge"], threshold=spec.verification.judge_threshold, last=last
        )
        graded = await build.all(
            judge_questions,
            [{"candidates": each["kept"], "plan": judge} for each in merged],
            attempt=attempt,
        )
        for shard, each in enumerate(graded):
            judged[shard].append(each["kept"])
        todo = [
            [first["returned"], second["returned"]]
            for first, second in zip(merged, graded, strict=True)
        ]
    return await _prove(build, judged)


async def synthesize_contexts(build: Build) -> list[Artifact]:
    """Write the missing documents of the seed pairs, if the spec has any, and prove them."""
    spec, start = build.spec, build.start
    if not start.seeds:
        return []
    (path, hashed), *_ = start.seeds.items()
    gated = await build.one(gate_pairs, path=path, hashed=hashed, license=spec.seeds.license)
    written = await build.one(
        write_contexts,
        seeds=gated["seeds"],
        plan=WritePlan(
            prompt=start.prompts["context"], words=spec.seeds.words, form=spec.seeds.form
        ),
        splits=spec.splits,
        dataset=spec.name,
        tokenizer=spec.contexts.tokenizer,
        vocabulary=start.vocabulary,
    )
    build.book.artifacts["written"] = written["documents"]
    build.documents.append(written["documents"])
    build.chunks.append(written["chunks"])
    return await _prove(build, [[written["kept"]]])


async def publish(build: Build, proved: list[Artifact]) -> Published:
    """Lay out and compose the contexts, decontaminate again, render and publish."""
    spec, start, made = build.spec, build.start, build.book.artifacts
    composed = await build.one(
        compose_contexts,
        rows=proved,
        documents=build.documents,
        chunks=build.chunks,
        memberships=parts_of(made, "memberships"),
        placements=made["placements"],
        plan=spec.contexts,
        vocabulary=start.vocabulary,
        dataset=spec.name,
        base=start.from_base("contexts"),
    )
    clear = await build.one(
        decontaminate_rows,
        rows=composed["rows"],
        contexts=composed["contexts"],
        written=[made["written"]] if "written" in made else [],
        benchmarks=start.benchmarks,
        ngram=spec.decontamination.ngram,
    )
    made |= {"rows": clear["rows"], "contexts": clear["contexts"]}
    published = publish_dataset.submit(
        spec,
        start,
        balances=build.book.balances,
        usage=build.book.usage,
        artifacts=made,
        documents=build.documents,
        rejected=build.book.rejected,
        failed=build.book.failed,
        cleaning=dict(sorted(build.book.changes.items())),
    )
    return await asyncio.to_thread(published.result)


async def show(build: Build, published: Published) -> None:
    """The funnel and a summary, on the page of the run."""
    await acreate_table_artifact(
        key="funnel",
        table=funnel_rows(add_up(build.book.balances)),
        description=f"What became of everything on its way to {published.name}",
    )
    news = "published" if published.new else "nothing new: the base stays as it is"
    await acreate_markdown_artifact(
        key="summary",
        markdown=f"**{published.name} {published.version}** ({news})\n\n"
        f"{published.rows} rows in `{published.folder}`",
    )


async def _prove(build: Build, candidates: list[list[Artifact]]) -> list[Artifact]:
    plan = ProvePlan(
        answer=build.start.prompts["answer"], closed_book=build.start.prompts["closed_book"]
    )
    proved = await build.all(
        prove_questions,
        [{"candidates": each, "chunks": build.chunks, "plan": plan} for each in candidates],
    )
    return [each["kept"] for each in proved]
