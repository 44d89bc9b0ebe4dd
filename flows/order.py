"""The order of the stages: what each is given, and what becomes of it."""

import asyncio
from typing import Any

from flows.building import Build
from flows.choosing import choose_documents
from flows.questioning import build_questions
from flows.writing import rewrite_rows, write_documents
from longhop.corpus.deduplicating.sketching import rows_of_band
from longhop.operations.planning import audit_plan, doubt_of_audit, prove_plan
from longhop.records.artifacts import Artifact, parts_of
from longhop.verification.distracting import DistractPlan
from tasks.audit_rows import audit_rows
from tasks.cap_rows import cap_rows
from tasks.check_rows import check_rows
from tasks.chunk_documents import chunk_documents
from tasks.clean_documents import clean_documents, decontaminate_documents
from tasks.compose_contexts import clear_origins, compose_contexts, decontaminate_rows
from tasks.deduplicate_documents import deduplicate_documents, sketch_shard
from tasks.probe_rows import probe_rows
from tasks.publish_dataset import publish_dataset
from tasks.read_corpus import read_corpus
from tasks.versions import Published


async def find_rows(build: Build) -> list[Artifact]:
    """All between the documents and their rows: choose, ask, link, merge, judge, write, prove."""
    rounds = await choose_documents(build)
    written = await write_documents(build)
    rows = await rewrite_rows(build, await build_questions(build, rounds))
    return [*rows, *written]


async def prepare_documents(build: Build) -> None:
    """Read, clean, decontaminate, deduplicate, split, chunk."""
    spec, start = build.spec, build.start
    withheld: dict[str, Any] = {}
    if start.takedowns.documents:
        withheld["takedowns"] = start.takedowns
    read = await build.one(
        read_corpus, corpus=spec.corpus, hashes=start.corpus, shards=spec.shards, **withheld
    )
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
    for name, parts in (("documents", build.documents), ("chunks", build.chunks)):
        build.book.artifacts |= {f"{name}-{shard}": each for shard, each in enumerate(parts)}


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
    origins = []
    if build.origins:
        cleared = await build.one(
            clear_origins,
            origins=build.origins,
            written=build.written,
            benchmarks=start.benchmarks,
            ngram=spec.decontamination.ngram,
        )
        made["siblings"] = cleared["origins"]
        origins = [cleared["origins"]]
    composed = await build.one(
        compose_contexts,
        rows=[checked["kept"]],
        documents=documents,
        chunks=chunks,
        memberships=parts_of(made, "memberships"),
        placements=made.get("placements"),
        origins=origins,
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
    if spec.caps.stated:
        clear = await build.one(
            cap_rows,
            rows=clear["rows"],
            contexts=clear["contexts"],
            documents=build.documents if spec.caps.domain else [],
            caps=spec.caps,
            dataset=spec.name,
            base=start.from_base("contexts"),
        )
    probed = await build.one(
        probe_rows,
        rows=clear["rows"],
        contexts=clear["contexts"],
        documents=documents,
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
    given: dict[str, Any] = {"made": build.made(documents), "hold": hold, "kind": build.kind}
    if build.here:
        return publish_dataset.fn(spec, start, **given)
    return await asyncio.to_thread(publish_dataset.submit(spec, start, **given).result)
