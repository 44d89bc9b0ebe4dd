"""The audit: finished rows judged and proved once more, by answers that had no part in choosing.

A row that was kept because of a lucky score or probe has no such luck a second time. So the shares
that an audit finds are those of the dataset; those of the gates themselves would flatter it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from longhop.concurrency import run_each
from longhop.identity import keyed_first
from longhop.ports import ChatModel, NoReply
from longhop.records.accounts import Failure, Rejection
from longhop.records.base import Record
from longhop.records.corpus import Chunk
from longhop.records.questions import Composition
from longhop.records.release import AuditedRow
from longhop.records.verification import MultiHop
from longhop.verification.judging import JudgePlan, judge_one, object_to
from longhop.verification.proving import ProvePlan, Solver
from longhop.verification.repairing import without_reply

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


@dataclass
class Audited:
    """The rows that were judged and proved once more; those without a reply have no verdict."""

    drawn: int
    rows: list[AuditedRow] = field(default_factory=list)
    unread: list[Rejection] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def draw_rows(rows: Iterable[MultiHop], plan: AuditPlan) -> list[MultiHop]:
    """A sample of the rows of several hops, drawn by a keyed hash, in the order of that."""
    several = (each for each in rows if each.composition is not Composition.SINGLE)
    return keyed_first(several, plan.rows, lambda each: each.id, "audit", plan.dataset)


async def audit_rows(
    rows: Iterable[MultiHop],
    chunks: Mapping[str, Chunk],
    plan: AuditPlan,
    *,
    model: ChatModel,
) -> Audited:
    """A sample of the rows, judged and proved anew; what was drawn before is drawn again."""
    drawn = draw_rows(rows, plan)
    solver = Solver(plan.prove, model)

    audited = Audited(drawn=len(drawn))

    async def audit(row: MultiHop) -> AuditedRow | NoReply:
        bare = row.model_copy(update={"judgements": (), "probes": (), "proof": "none"})
        judged = await judge_one(bare, plan.judge.judges, plan.judge.mode, model=model)
        if isinstance(judged, NoReply):
            return judged
        proved = await solver.prove(bare, chunks)
        if isinstance(proved, NoReply):
            return proved
        bare = bare.model_copy(update={"judgements": judged})
        return AuditedRow(
            id=row.id,
            good=object_to(bare, plan.judge) is None,
            multi_hop=proved.proof == "complete",
            judgements=judged,
            probes=proved.probes,
        )

    for row, found in zip(drawn, await run_each(drawn, audit), strict=True):
        if isinstance(found, AuditedRow):
            audited.rows.append(found)
            continue
        lost = without_reply("audit", row.id, found)
        if isinstance(lost, Failure):
            audited.failed.append(lost)
        else:
            audited.unread.append(lost)
    audited.rows.sort(key=lambda each: each.id)
    return audited
