"""Write documents: those that seed pairs lack, and new ones for some of the rows."""

from collections.abc import Sequence

from flows.building import Build
from flows.wording import prove
from longhop.operations.planning import gate_plan, write_plan
from longhop.records.artifacts import Artifact, Outcome
from tasks.rewrite_rows import exchange_rows, take_rows
from tasks.rewrite_rows import rewrite_rows as rewrite
from tasks.write_contexts import gate_pairs, write_contexts


async def write_documents(build: Build) -> list[Artifact]:
    """Write the missing documents of the seed pairs, if the spec has any, and prove them."""
    spec, start = build.spec, build.start
    if not start.seeds:
        return []
    seeds = await gate_seeds(build)
    proved: list[Artifact] = []
    done = 0
    for taken, turn in build.rounds(seeds.rows, share=spec.budget.writing):
        written = await build.one(
            write_contexts,
            part=f"all{turn}",
            seeds=seeds,
            first=taken.start,
            last=taken.stop,
            plan=write_plan(spec, start),
            splits=spec.splits,
            dataset=spec.name,
            tokenizer=spec.contexts.tokenizer,
            vocabulary=start.vocabulary,
        )
        _keep(build, written)
        proved += await _prove(build, written, turn)
        done = taken.stop
    build.note_left("write", "seed", seeds.rows - done)
    return proved


async def gate_seeds(build: Build) -> Artifact:
    """The seed pairs that need a document and can be given one; it costs nothing."""
    spec, start = build.spec, build.start
    (path, hashed), *_ = start.seeds.items()
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
    )
    return gated["seeds"]


async def rewrite_rows(build: Build, rows: Sequence[Artifact]) -> list[Artifact]:
    """The rows, of which some have a written document instead of the corpus's, if the spec says so.

    A row whose document cannot be written or proved stays as it was.
    """
    spec, start = build.spec, build.start
    if not spec.seeds.rows or not rows:
        return list(rows)
    taken_rows = await build.one(
        take_rows, rows=list(rows), share=spec.seeds.rows, dataset=spec.name
    )
    drawn = taken_rows["drawn"]
    proved: list[Artifact] = []
    done = 0
    for taken, turn in build.rounds(drawn.rows, share=spec.budget.writing):
        written = await build.one(
            rewrite,
            part=f"all{turn}",
            rows=drawn,
            first=taken.start,
            last=taken.stop,
            plan=write_plan(spec, start),
            tokenizer=spec.contexts.tokenizer,
            vocabulary=start.vocabulary,
        )
        _keep(build, written)
        proved += await _prove(build, written, f", rewritten{turn}")
        done = taken.stop
    build.note_left("rewrite", "row", drawn.rows - done)
    exchanged = await build.one(exchange_rows, rows=list(rows), proved=proved)
    return [exchanged["rows"]]


def _keep(build: Build, written: Outcome) -> None:
    """Note the documents that a stage wrote."""
    build.written.append(written["documents"])
    build.written_chunks.append(written["chunks"])
    build.origins.append(written["origins"])
    artifacts = build.book.artifacts
    artifacts |= {f"written-{n}": each for n, each in enumerate(build.written)}
    artifacts |= {f"origins-{n}": each for n, each in enumerate(build.origins)}


async def _prove(build: Build, written: Outcome, turn: str) -> list[Artifact]:
    proved = await prove(build, [[written["kept"]]], [written["chunks"]], turn)
    return [each["kept"] for each in proved]
