"""The whole way: from a corpus to a published dataset."""

import asyncio
import os
from typing import Annotated, Any

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from flows.approving import approved
from flows.building import Build
from flows.showing import show_ending, show_start
from flows.watching import told_to_prefect
from longhop.contexts.writing import WritePlan
from longhop.corpus.deduplicating.sketching import rows_of_band
from longhop.errors import LongHopError
from longhop.operations.news import news_since
from longhop.operations.preparing import prepare
from longhop.questions.asking import AskPlan
from longhop.questions.merging import MergePlan
from longhop.records.artifacts import Artifact, parts_of
from longhop.resources import open_resources
from longhop.spec.form import spec_of
from longhop.verification.judging import JudgePlan
from longhop.verification.proving import ProvePlan
from tasks.ask_questions import ask_questions, gather_questions, leave_documents
from tasks.chunk_documents import chunk_documents
from tasks.clean_documents import clean_documents, decontaminate_documents
from tasks.compose_contexts import compose_contexts, decontaminate_rows
from tasks.deduplicate_documents import deduplicate_documents, sketch_shard
from tasks.embed_documents import embed_documents, embed_reference
from tasks.link_questions import link_questions, take_groups
from tasks.merge_questions import judge_questions, merge_questions
from tasks.place_documents import draw_documents, place_documents
from tasks.prove_questions import prove_questions
from tasks.publish_dataset import Published, publish_dataset
from tasks.read_corpus import read_corpus
from tasks.stage import told
from tasks.write_contexts import gate_pairs, write_contexts

# CPU stages run side by side, one a core; model stages stay in the flow's own loop.
_RUNNER: Any = ThreadPoolTaskRunner(max_workers=os.cpu_count() or 1)


_Path = Annotated[str, Field(min_length=1, max_length=1024)]


@flow(
    name="build-dataset",
    flow_run_name="build {name}",
    task_runner=_RUNNER,
    persist_result=False,
)
async def build_dataset(
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")],
    corpus: Annotated[list[_Path], Field(min_length=1)],
    model: Annotated[str, Field(min_length=1, max_length=256)],
    documents: Annotated[int, Field(ge=1)] | None = None,
    reference: _Path | None = None,
    seeds: _Path | None = None,
    groups: Annotated[int, Field(ge=1, le=10_000_000)] = 400,
    lengths: Annotated[list[Annotated[int, Field(ge=256)]], Field(min_length=1)] = [4096],  # noqa: B006
    answers: Annotated[int, Field(ge=1)] | None = None,
    money: Annotated[float, Field(gt=0)] | None = None,
    base: Annotated[str, Field(pattern=r"^(latest|none|v-[0-9a-f]{16})$")] = "latest",
    approve: bool = False,
    advanced: dict[str, Any] = {},  # noqa: B006
) -> Any:
    """Build the next version of a dataset, from its corpus to its published rows.

    Args:
        name: What the dataset is called: lower-case letters, digits and dashes.
        corpus: Files, folders or globs, as the worker sees them, or s3:// addresses.
        model: A model of the worker's endpoint, for all roles. A spec's `models` can tell them
            apart: in advanced.
        documents: How many documents to ask about. All of them if not given.
        reference: A file of questions and answers that the dataset is to come close to. Documents
            are drawn by their similarity to it.
        seeds: A file of trusted questions and answers for which documents are written.
        groups: The most groups of single questions that are merged into multi-hop ones.
        lengths: Tokens of the contexts. Each row takes one of these lengths.
        answers: The most model answers this version may use, remembered ones counted too.
        money: The most money this version may cost, by the worker's price list.
        base: The version that is continued: latest, none (from scratch), or a version's name.
        approve: Wait for a person to resume this run before `latest` moves to the new version.
        advanced: Everything else that a spec can say, section by section. What has a field above
            is refused here.
    """
    fields = {
        "name": name,
        "corpus": corpus,
        "model": model,
        "documents": documents,
        "reference": reference,
        "seeds": seeds,
        "groups": groups,
        "lengths": lengths,
        "answers": answers,
        "money": money,
    }
    async with open_resources() as live, told_to_prefect(live):
        try:
            spec = spec_of(fields, advanced)
            build = Build(spec, await prepare(spec, base, live))
            await prepare_documents(build)
            continued = live.datasets.resolve(name, build.start.rebuilds or base)
            news = news_since(continued, build.book.artifacts, live.store)
            await show_start(build, news, live)
            await choose_documents(build)
            written = await synthesize_contexts(build)
            proved = [*await build_questions(build), *written]
            published = await publish(build, proved, hold=approve)
            published = published.model_copy(update={"news": news})
            await show_ending(published, live)
            return await approved(published, live) if approve else published
        except LongHopError as error:
            return told(error)


async def prepare_documents(build: Build) -> None:
    """Read, clean, decontaminate, deduplicate, split, chunk."""
    spec, start = build.spec, build.start
    read = await build.one(read_corpus, corpus=spec.corpus, hashes=start.corpus, shards=spec.shards)
    build.sources = parts_of(read.artifacts, "sources")
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
    """Ask, check, gather, link; then merge, judge and prove."""
    spec, start = build.spec, build.start
    asked = await _ask(build)
    gathered = await build.one(
        gather_questions,
        questions=asked,
        base=start.from_base("groups"),
    )
    linked = await build.one(
        link_questions,
        questions=gathered["questions"],
        vectors=build.vectors,
        plan=spec.questions,
        dataset=spec.name,
        base=start.from_base("groups"),
    )
    groups = linked["groups"]
    build.book.artifacts["groups"] = groups
    proved: list[Artifact] = []
    done = 0
    for taken, turn in build.rounds(groups.rows, share=1.0):
        todo = await build.one(
            take_groups,
            part=f"all{turn}",
            groups=groups,
            first=taken.start,
            last=taken.stop,
            shards=spec.shards,
        )
        judged = await _merge(build, [[each] for each in parts_of(todo.artifacts, "todo")], turn)
        proved += await _prove(build, judged, build.chunks, turn)
        done = taken.stop
    build.note_left("merge", "wording", groups.rows - done)
    return proved


async def _ask(build: Build) -> list[Artifact]:
    """The checked questions of the drawn documents, as far as the budget goes."""
    spec, start, drawn = build.spec, build.start, build.book.artifacts["draws"]
    plan = AskPlan(prompt=start.prompts["single_hop"], limit=spec.questions.per_chunk)
    questions: list[Artifact] = []
    done = 0
    for taken, turn in build.rounds(drawn.rows, share=spec.budget.asking):
        span = {"draws": drawn, "first": taken.start, "last": taken.stop}
        asked = await build.all(
            ask_questions,
            [{"chunks": each, **span, "plan": plan} for each in build.chunks],
            turn=turn,
        )
        questions += [each["questions"] for each in asked]
        done = taken.stop
    left = await build.one(leave_documents, chunks=build.chunks, draws=drawn, asked=done)
    build.book.artifacts["draws"] = left["draws"]
    return questions


async def _merge(build: Build, todo: list[list[Artifact]], turn: str) -> list[list[Artifact]]:
    """The judged wordings of groups, shard by shard, each tried as often as the spec allows."""
    spec, start = build.spec, build.start
    judged: list[list[Artifact]] = [[] for _ in todo]
    for attempt in range(1, spec.verification.attempts + 1):
        last = attempt == spec.verification.attempts
        named = turn + (f", attempt {attempt}" if attempt > 1 else "")
        merge = MergePlan(prompt=start.prompts["merge"], last=last)
        merged = await build.all(
            merge_questions, [{"todo": each, "plan": merge} for each in todo], turn=named
        )
        judge = JudgePlan(
            prompt=start.prompts["judge"], threshold=spec.verification.judge_threshold, last=last
        )
        graded = await build.all(
            judge_questions,
            [{"candidates": each["kept"], "plan": judge} for each in merged],
            turn=named,
        )
        for shard, each in enumerate(graded):
            judged[shard].append(each["kept"])
        todo = [
            [first["returned"], second["returned"]]
            for first, second in zip(merged, graded, strict=True)
        ]
    return judged


async def synthesize_contexts(build: Build) -> list[Artifact]:
    """Write the missing documents of the seed pairs, if the spec has any, and prove them."""
    spec, start = build.spec, build.start
    if not start.seeds:
        return []
    (path, hashed), *_ = start.seeds.items()
    gated = await build.one(gate_pairs, path=path, hashed=hashed, license=spec.seeds.license)
    seeds = gated["seeds"]
    plan = WritePlan(prompt=start.prompts["context"], words=spec.seeds.words, form=spec.seeds.form)
    proved: list[Artifact] = []
    done = 0
    for taken, turn in build.rounds(seeds.rows, share=spec.budget.writing):
        written = await build.one(
            write_contexts,
            part=f"all{turn}",
            seeds=seeds,
            first=taken.start,
            last=taken.stop,
            plan=plan,
            splits=spec.splits,
            dataset=spec.name,
            tokenizer=spec.contexts.tokenizer,
            vocabulary=start.vocabulary,
        )
        build.written.append(written["documents"])
        build.written_chunks.append(written["chunks"])
        proved += await _prove(build, [[written["kept"]]], [written["chunks"]], turn)
        done = taken.stop
    build.book.artifacts |= {f"written-{n}": each for n, each in enumerate(build.written)}
    build.note_left("write", "seed", seeds.rows - done)
    return proved


async def publish(build: Build, proved: list[Artifact], *, hold: bool = False) -> Published:
    """Lay out and compose the contexts, decontaminate again, render and publish.

    With `hold`, `latest` stays where it is.
    """
    spec, start, made = build.spec, build.start, build.book.artifacts
    documents = [*build.documents, *build.written]
    composed = await build.one(
        compose_contexts,
        rows=proved,
        documents=documents,
        chunks=[*build.chunks, *build.written_chunks],
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
        written=build.written,
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
        documents=documents,
        rejected=build.book.rejected,
        sources=build.sources,
        failed=build.book.failed,
        cleaning=dict(sorted(build.book.changes.items())),
        hold=hold,
    )
    return await asyncio.to_thread(published.result)


async def _prove(
    build: Build, candidates: list[list[Artifact]], chunks: list[Artifact], turn: str
) -> list[Artifact]:
    plan = ProvePlan(
        answer=build.start.prompts["answer"], closed_book=build.start.prompts["closed_book"]
    )
    proved = await build.all(
        prove_questions,
        [{"candidates": each, "chunks": chunks, "plan": plan} for each in candidates],
        turn=turn,
    )
    return [each["kept"] for each in proved]
