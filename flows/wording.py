"""Merge, check, judge and prove, as often as a wording may be tried."""

from flows.building import Build
from longhop.operations.planning import judge_plan, prove_plan
from longhop.questions.merging import MergePlan
from longhop.records.artifacts import Artifact, Outcome
from tasks.merge_questions import judge_questions, merge_questions
from tasks.prove_questions import prove_questions


async def word_groups(build: Build, todo: list[list[Artifact]], turn: str) -> list[Artifact]:
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
        proved = await prove(build, candidates, build.chunks, named, last=last)
        found += [each["kept"] for each in proved]
        todo = [
            [stage["returned"] for stage in stages]
            for stages in zip(merged, graded, proved, strict=True)
        ]
    return found


async def prove(
    build: Build,
    candidates: list[list[Artifact]],
    chunks: list[Artifact],
    turn: str,
    *,
    last: bool = True,
) -> list[Outcome]:
    """Put each wording to the proof, side by side."""
    plan = prove_plan(build.spec, build.start, last=last)
    return await build.all(
        prove_questions,
        [{"candidates": each, "chunks": chunks, "plan": plan} for each in candidates],
        turn=turn,
    )
