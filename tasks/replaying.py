"""Which entries of the memo are answers to prompts that held documents: asked again, for nothing.

The prompts are made once more by the code that made them, and a model that only remembers answers.
So the keys of the answers are found whatever these say.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from longhop.contexts.composing import Composer
from longhop.corpus.tokenizing import open_tokenizer
from longhop.llm.reading import Unreadable, read_reply
from longhop.operations.calibrated import read_calibration
from longhop.operations.planning import ask_plan, audit_plan, judge_plan, prove_plan
from longhop.operations.preparing import Preparation, freeze_prompts
from longhop.ports import NoReply
from longhop.questions.asking import ask_chunks
from longhop.questions.merging import MergePlan, merge_groups
from longhop.records.artifacts import parts_of
from longhop.records.corpus import Chunk
from longhop.records.examples import ComposedContext
from longhop.records.manifest import Manifest
from longhop.records.model import Prompt
from longhop.records.questions import HopGroup, SingleHop
from longhop.records.replies import Reply
from longhop.records.verification import MultiHop, Returned
from longhop.resources import Resources, resources
from longhop.spec import DatasetSpec
from longhop.verification.answers import says_nothing
from longhop.verification.auditing import audit_rows
from longhop.verification.distracting import DistractPlan, Drawn, probe_distractors
from longhop.verification.judging import judge_questions
from longhop.verification.proving import prove_questions
from tasks.compose_contexts import both
from tasks.evidence import read_evidence
from tasks.library import open_library
from tasks.ordered import in_order
from tasks.reaching import Reach

P = TypeVar("P", bound=Reply)


class Remembering:
    """A ChatModel that asks nobody: it answers from the memo, and notes the keys it looked at."""

    def __init__(self, live: Resources) -> None:
        self._model = live.model
        self.keys: set[str] = set()

    async def ask(
        self, prompt: Prompt, language: str, values: Mapping[str, object], reply: type[P]
    ) -> P | NoReply:
        """The reply that a build found, if it is remembered."""
        key = self._model.request(prompt, language, values).key
        detail = raw = ""
        for each in (key, f"{key}+1"):
            self.keys.add(each)
            answer = self._model.kept(each)
            if answer is None:
                return NoReply(refused=True, detail="not remembered", raw="")
            raw = answer.text
            try:
                return read_reply(raw, reply, is_cut=answer.finish == "length")
            except Unreadable as error:
                detail = str(error)
        return NoReply(refused=False, detail=detail, raw=raw)


async def keys_of(manifest: Manifest, reach: Reach) -> set[str]:
    """The keys of all that was asked for a version with the documents in the prompt, or of them.

    Their chunks are asked about, the groups that rest on them worded, judged and proved as often as
    the spec says, the finished rows audited, and rows in whose contexts they are probed. They are
    found as long as the prompts, models and sampling are those that the version was built with.
    """
    live = resources()
    spec = DatasetSpec.model_validate(manifest.spec)
    prompts = freeze_prompts(spec, live)
    start = _start(spec, prompts, live)
    model = Remembering(live)
    chunks = [
        each
        for name in ("chunks", "written_chunks")
        for part in parts_of(manifest.artifacts, name)
        for each in live.store.iterate(part, Chunk)
        if each.document_id in reach.documents
    ]
    await ask_chunks(chunks, ask_plan(spec, start), model=model)
    await _word(manifest, reach, spec, start, model)
    if "rows" in manifest.artifacts:
        await _prove_finished(manifest, reach, spec, start, model)
        await _probe(manifest, reach, spec, start, model)
    return model.keys


def _start(spec: DatasetSpec, prompts: dict[str, Prompt], live: Resources) -> Preparation:
    """As much of a build's start as plans are made of."""
    return Preparation(
        corpus={},
        benchmarks={},
        reference={},
        seeds={},
        prompts=prompts,
        weights="",
        vocabulary="",
        prices=None,
        base=None,
        calibration=read_calibration(spec, prompts, live.sources),
    )


async def _word(
    manifest: Manifest, reach: Reach, spec: DatasetSpec, start: Preparation, model: Remembering
) -> None:
    store = resources().store
    todo = [
        Returned(group=each, history=())
        for part in parts_of(manifest.artifacts, "groups")
        for each in store.iterate(part, HopGroup)
        if each.id in reach.groups
    ]
    shown = _shown(manifest, [hop for each in todo for hop in each.group.hops])
    for attempt in range(1, spec.verification.attempts + 1):
        last = attempt == spec.verification.attempts
        merge = MergePlan(
            prompt=start.prompts["merge"],
            last=last,
            documents=spec.questions.merging.documents,
            steps=spec.questions.merging.steps,
        )
        merged = await merge_groups(
            todo, merge, model=model, chunks=shown if merge.documents else {}
        )
        judged = await judge_questions(merged.kept, judge_plan(spec, start, last=last), model=model)
        proved = await prove_questions(
            judged.kept, shown, prove_plan(spec, start, last=last), model=model
        )
        todo = [*merged.returned, *judged.returned, *proved.returned]


async def _prove_finished(
    manifest: Manifest, reach: Reach, spec: DatasetSpec, start: Preparation, model: Remembering
) -> None:
    """Also of rows on written documents, which no group tells of."""
    rests = frozenset(reach.rests)
    found = resources().store.iterate(manifest.artifacts["rows"], MultiHop)
    rows = [
        each.model_copy(update={"probes": (), "proof": "none"})
        for each in found
        if each.id in rests
    ]
    shown = _shown(manifest, [hop for row in rows for hop in row.hops])
    await prove_questions(rows, shown, prove_plan(spec, start), model=model)
    if spec.verification.audit:
        await audit_rows(rows, shown, audit_plan(spec, start), model=model)


async def _probe(
    manifest: Manifest, reach: Reach, spec: DatasetSpec, start: Preparation, model: Remembering
) -> None:
    made = manifest.artifacts
    parts = [*parts_of(made, "documents"), *parts_of(made, "written")]
    share, wanted = spec.verification.distractor_probes, {*reach.rests, *reach.holds}
    plan = DistractPlan(prove=prove_plan(spec, start), share=share, dataset=spec.name)
    if not share or not parts:
        return
    drawn = []
    with (
        open_library(parts, [], None, [], spec.name) as library,
        in_order([made["rows"]], MultiHop) as rows,
        in_order([made["contexts"]], ComposedContext, "row_id") as contexts,
    ):
        composer = Composer(library, open_tokenizer(spec.contexts.tokenizer))
        for row, context in both(rows, contexts):
            if row.id in wanted and plan.draws(row.id) and not says_nothing(row.answer):
                plain = tuple(each for each in row.probes if each.kind != "distractors")
                bare = row.model_copy(update={"probes": plain})
                drawn.append(Drawn(bare, composer.distractors_of(context)))
    shown = [each for each in drawn if each.documents]
    await probe_distractors(shown, plan, model=model, take=lambda _: None, total=len(shown))


def _shown(manifest: Manifest, hops: Sequence[SingleHop]) -> dict[str, Chunk]:
    made = manifest.artifacts
    parts = [*parts_of(made, "chunks"), *parts_of(made, "written_chunks")]
    return read_evidence(parts, hops)
