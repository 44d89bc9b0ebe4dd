"""Write documents: those that seed pairs lack, and new ones for some of the rows."""

from collections.abc import Sequence
from typing import Any

from flows.bounding import REWRITTEN_IN, WRITTEN_IN
from flows.building import Build
from longhop.operations.planning import gate_plan, prove_plan, write_plan
from longhop.records.artifacts import Artifact, Outcome, parts_of
from tasks.gate_pairs import gate_pairs
from tasks.prove_questions import prove_questions
from tasks.rewrite_rows import exchange_rows, take_rows
from tasks.rewrite_rows import rewrite_rows as rewrite
from tasks.shares import AT_ONCE, share_out
from tasks.stage import Stage
from tasks.withhold_written import withhold_written
from tasks.write_contexts import write_contexts


async def write_documents(build: Build) -> list[Artifact]:
    """Write the missing documents of the seed pairs, if the spec has any, and prove them."""
    if not build.start.seeds:
        return []
    seeds = await gate_seeds(build)
    own: dict[str, Any] = {"splits": build.spec.splits, "dataset": build.spec.name}
    return await _write_in_rounds(build, write_contexts, seeds, "seed", **own)


async def gate_seeds(build: Build) -> Artifact:
    """The seed pairs that need a document and can be given one; it costs nothing."""
    spec, start = build.spec, build.start
    path, hashed = start.table_of(start.seeds, spec.seeds.path)
    caps, measure = gate_plan(spec)
    gated = await build.one(
        gate_pairs,
        path=path,
        hashed=hashed,
        license=spec.seeds.license,
        plan=caps,
        target=measure.target,
        in_tokens=measure.in_tokens,
        tokenizer=spec.contexts.tokenizer,
        vocabulary=start.vocabulary,
        benchmarks=start.benchmarks,
        ngram=spec.decontamination.ngram,
        base=start.parts_of_base("origins"),
    )
    return gated["seeds"]


async def rewrite_rows(build: Build, rows: Sequence[Artifact]) -> list[Artifact]:
    """The rows, of which some have a written document instead of the corpus's, if the spec says so.

    A row whose document cannot be written or proved stays as it was.
    """
    spec = build.spec
    if not spec.seeds.rows or not rows:
        return list(rows)
    taken_rows = await build.one(
        take_rows, rows=list(rows), share=spec.seeds.rows, dataset=spec.name
    )
    drawn = taken_rows["drawn"]
    proved = await _write_in_rounds(
        build, rewrite, drawn, "row", named=", rewritten", most=REWRITTEN_IN
    )
    exchanged = await build.one(exchange_rows, rows=list(rows), proved=proved)
    return [exchanged["rows"]]


async def _write_in_rounds(
    build: Build,
    stage: Stage,
    items: Artifact,
    unit: str,
    *,
    named: str = "",
    most: int = WRITTEN_IN,
    **own: Any,
) -> list[Artifact]:
    """What is proved of the items that a stage writes documents for, as far as the budget goes.

    In `most` rounds; `named` says in the proofs what they are of. A round is cut into shares, of
    which few are worked on at once; each is proved from its own documents.
    """
    spec, start = build.spec, build.start
    proved: list[Artifact] = []
    done = 0
    # Rows of pairs alone have no questions to leave a part of the budget for.
    share = 1.0 if build.kind == "contexts" else spec.budget.writing
    for taken, turn in build.rounds(items.rows, share, most):
        cut = await build.one(
            share_out, part=f"all{named}{turn}", items=items, first=taken.start, last=taken.stop
        )
        asked = {
            "plan": write_plan(spec, start),
            "tokenizer": spec.contexts.tokenizer,
            "vocabulary": start.vocabulary,
            **own,
        }
        written = await build.all(
            stage,
            [{"items": each, **asked} for each in parts_of(cut.artifacts, "share")],
            turn=turn,
            at_once=AT_ONCE,
        )
        written = await _withheld(build, written, turn)
        _keep(build, written)
        proved += await _prove(build, written, f"{named}{turn}")
        done = taken.stop
    build.note_left(stage.name, unit, items.rows - done)
    return proved


async def _withheld(build: Build, written: list[Outcome], turn: str) -> list[Outcome]:
    """What was written, without what was taken down."""
    if not build.start.takedowns.documents:
        return written
    return await build.all(
        withhold_written,
        [
            {
                "documents": each["documents"],
                "chunks": each["chunks"],
                "origins": each["origins"],
                "rows": each["kept"],
                "takedowns": build.start.takedowns,
            }
            for each in written
        ],
        turn=turn,
        in_rounds=True,
    )


def _keep(build: Build, written: Sequence[Outcome]) -> None:
    """Note the documents that a stage wrote."""
    build.written += [each["documents"] for each in written]
    build.written_chunks += [each["chunks"] for each in written]
    build.origins += [each["origins"] for each in written]
    artifacts = build.book.artifacts
    artifacts |= {f"written-{n}": each for n, each in enumerate(build.written)}
    artifacts |= {f"origins-{n}": each for n, each in enumerate(build.origins)}
    artifacts |= {f"written_chunks-{n}": each for n, each in enumerate(build.written_chunks)}


async def _prove(build: Build, written: Sequence[Outcome], turn: str) -> list[Artifact]:
    plan = prove_plan(build.spec, build.start)
    proved = await build.all(
        prove_questions,
        [
            {"candidates": [each["kept"]], "chunks": [each["chunks"]], "plan": plan}
            for each in written
        ],
        turn=turn,
        at_once=AT_ONCE,
    )
    return [each["kept"] for each in proved]
