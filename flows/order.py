"""The order of the stages: what each is given, and what becomes of it."""

import asyncio
from typing import Any

from flows.building import Build
from longhop.contexts.writing import WritePlan
from longhop.corpus.deduplicating.sketching import rows_of_band
from longhop.operations.planning import (
    ask_plan,
    audit_plan,
    doubt_of_audit,
    judge_plan,
    prove_plan,
)
from longhop.questions.merging import MergePlan
from longhop.records.artifacts import Artifact, Outcome, parts_of
from longhop.verification.distracting import DistractPlan
from tasks.ask_questions import ask_questions, gather_questions, leave_documents
from tasks.audit_rows import audit_rows
from tasks.check_rows import check_rows
from tasks.chunk_documents import chunk_documents
from tasks.clean_documents import clean_documents, decontaminate_documents
from tasks.compose_contexts import compose_contexts, decontaminate_rows
from tasks.deduplicate_documents import deduplicate_documents, sketch_shard
from tasks.embed_documents import embed_documents, embed_questions, embed_reference
from tasks.link_questions import link_questions, take_groups
from tasks.merge_questions import judge_questions, merge_questions
from tasks.place_documents import draw_documents, place_documents
from tasks.probe_rows import probe_rows
from tasks.prove_questions import prove_questions
from tasks.publish_dataset import Published, publish_dataset
from tasks.read_corpus import read_corpus
from tasks.write_contexts import gate_pairs, write_contexts


async def find_rows(build: Build) -> list[Artifact]:
    """All between the documents and their rows: choose, ask, link, merge, judge, write, prove."""
    await choose_documents(build)
    written = await synthesize_contexts(build)
    return [*await build_questions(build), *written]


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
    embedded = await build.all(
        embed_questions,
        [
            {"questions": each, "model": spec.embedding.model, "weights": start.weights}
            for each in asked
        ],
    )
    meant = [each["vectors"] for each in embedded]
    gathered = await build.one(
        gather_questions, questions=asked, vectors=meant, base=start.from_base("groups")
    )
    by_document = spec.questions.similarity == "documents"
    by_words = by_document and spec.questions.retrieval == "bm25"
    linked = await build.one(
        link_questions,
        questions=gathered["questions"],
        vectors=build.vectors if by_document else meant,
        documents=build.documents if by_words else [],
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
        proved += await _word(build, [[each] for each in parts_of(todo.artifacts, "todo")], turn)
        done = taken.stop
    build.note_left("merge", "wording", groups.rows - done)
    return proved


async def _ask(build: Build) -> list[Artifact]:
    """The checked questions of the drawn documents, as far as the budget goes."""
    spec, drawn = build.spec, build.book.artifacts["draws"]
    plan = ask_plan(spec, build.start)
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


async def _word(build: Build, todo: list[list[Artifact]], turn: str) -> list[Artifact]:
    """The proved wordings of groups, each worded as often as the spec allows.

    What is turned away by a check, a judge or a probe goes back with the reason.
    """
    spec, start = build.spec, build.start
    found: list[Artifact] = []
    for attempt in range(1, spec.verification.attempts + 1):
        last = attempt == spec.verification.attempts
        named = turn + (f", attempt {attempt}" if attempt > 1 else "")
        merge = MergePlan(
            prompt=start.prompts["merge"],
            last=last,
            documents=spec.questions.merging.documents,
            steps=spec.questions.merging.steps,
        )
        shown = build.chunks if merge.documents else []
        merged = await build.all(
            merge_questions,
            [{"todo": each, "chunks": shown, "plan": merge} for each in todo],
            turn=named,
        )
        judge = judge_plan(spec, start, last=last)
        graded = await build.all(
            judge_questions,
            [{"candidates": each["kept"], "plan": judge} for each in merged],
            turn=named,
        )
        build.low += [each["low"] for each in graded]
        candidates = [[each["kept"]] for each in graded]
        proved = await _prove(build, candidates, build.chunks, named, last=last)
        found += [each["kept"] for each in proved]
        todo = [
            [stage["returned"] for stage in stages]
            for stages in zip(merged, graded, proved, strict=True)
        ]
    return found


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
        proved += [
            each["kept"]
            for each in await _prove(build, [[written["kept"]]], [written["chunks"]], turn)
        ]
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
    chunks = [*build.chunks, *build.written_chunks]
    checked = await build.one(
        check_rows, rows=proved, chunks=chunks, base=start.from_base("contexts")
    )
    composed = await build.one(
        compose_contexts,
        rows=[checked["kept"]],
        documents=documents,
        chunks=chunks,
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
    probed = await build.one(
        probe_rows,
        rows=clear["rows"],
        contexts=clear["contexts"],
        documents=documents,
        memberships=parts_of(made, "memberships"),
        placements=made["placements"],
        plan=DistractPlan(
            prove=prove_plan(spec, start),
            share=spec.verification.distractor_probes,
            dataset=spec.name,
        ),
        tokenizer=spec.contexts.tokenizer,
    )
    made |= {"rows": probed["kept"], "contexts": probed["contexts"]}
    made |= {
        f"low-{number}": each for number, each in enumerate(each for each in build.low if each.rows)
    }
    if spec.verification.audit:
        audited = await build.one(
            audit_rows, rows=made["rows"], chunks=chunks, plan=audit_plan(spec, start)
        )
        made["audit"] = audited["audit"]
        build.book.notes += [each for each in (doubt_of_audit(spec),) if each]
    given: dict[str, Any] = {
        "balances": build.book.balances,
        "usage": build.book.usage,
        "artifacts": made,
        "documents": documents,
        "rejected": build.book.rejected,
        "sources": build.sources,
        "failed": build.book.failed,
        "cleaning": dict(sorted(build.book.changes.items())),
        "notes": build.book.notes,
        "hold": hold,
    }
    if build.here:
        return publish_dataset.fn(spec, start, **given)
    return await asyncio.to_thread(publish_dataset.submit(spec, start, **given).result)


async def _prove(
    build: Build,
    candidates: list[list[Artifact]],
    chunks: list[Artifact],
    turn: str,
    *,
    last: bool = True,
) -> list[Outcome]:
    plan = prove_plan(build.spec, build.start, last=last)
    return await build.all(
        prove_questions,
        [{"candidates": each, "chunks": chunks, "plan": plan} for each in candidates],
        turn=turn,
    )
