"""The audit: finished rows judged and proved once more, by answers that had no part in choosing.

A row that was kept because of a lucky score or probe has no such luck a second time. So the shares
that an audit finds are those of the dataset; those of the gates themselves would flatter it.
"""

from collections.abc import Mapping, Sequence

from longhop.concurrency import run_each
from longhop.identity import keyed_order
from longhop.ports import ChatModel, NoReply
from longhop.records.base import Record
from longhop.records.corpus import Chunk
from longhop.records.questions import Composition
from longhop.records.release import AuditedRow
from longhop.records.verification import MultiHop
from longhop.verification.judging import JudgePlan, judge_one, object_to
from longhop.verification.proving import ProvePlan, Solver

# The numbers of the audit's samples begin here: no gate asks under one of them.
FIRST_SAMPLE = 1000


class AuditPlan(Record):
    """What an audit depends on.

    {"judge": {…}, "prove": {…}, "rows": 200, "dataset": "almanac"}
    """

    judge: JudgePlan
    prove: ProvePlan
    rows: int
    dataset: str


async def audit_rows(
    rows: Sequence[MultiHop],
    chunks: Mapping[str, Chunk],
    plan: AuditPlan,
    *,
    model: ChatModel,
) -> list[AuditedRow]:
    """A sample of the rows of several hops, drawn by a keyed hash, judged and proved anew."""
    several = [each for each in rows if each.composition is not Composition.SINGLE]
    drawn = keyed_order(several, lambda each: each.id, "audit", plan.dataset)[: plan.rows]
    solver = Solver(plan.prove, model)

    async def audit(row: MultiHop) -> AuditedRow:
        bare = row.model_copy(update={"judgements": (), "probes": (), "proof": "none"})
        judged = await judge_one(bare, plan.judge.judges, plan.judge.mode, model=model)
        proved = await solver.prove(bare, chunks)
        good = None
        if not isinstance(judged, NoReply):
            bare = bare.model_copy(update={"judgements": judged})
            good = object_to(bare, plan.judge) is None
        return AuditedRow(
            id=row.id,
            good=good,
            multi_hop=None if isinstance(proved, NoReply) else proved.proof == "complete",
            judgements=bare.judgements,
            probes=() if isinstance(proved, NoReply) else proved.probes,
        )

    return sorted(await run_each(drawn, audit), key=lambda each: each.id)
