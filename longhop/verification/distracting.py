"""Distractors alone must not answer: a sampled share of finished rows is asked so.

The other probes are made before there is a context, so none of them sees what it was filled with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from longhop.concurrency import run_each
from longhop.identity import keyed_share
from longhop.ports import ChatModel, NoReply
from longhop.records.accounts import Failure, Rejection
from longhop.records.base import Record
from longhop.records.verification import MultiHop, Probe, ProbeKind
from longhop.verification.answers import says_nothing
from longhop.verification.proving import ProvePlan, Solver, reject_probed
from longhop.verification.repairing import without_reply


class DistractPlan(Record):
    """What asking from distractors depends on.

    {"prove": {…}, "share": 0.05, "dataset": "almanac"}
    """

    prove: ProvePlan
    share: float
    dataset: str

    def draws(self, row: MultiHop) -> bool:
        """Whether a row is of the sample: by its id alone, so no other row changes it."""
        return keyed_share("distractors", self.dataset, row.id) < self.share


@dataclass
class Probed:
    """The rows that stay, and what became of the probes: `unread` and `failed` rows stay, too."""

    rows: list[MultiHop] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    unread: list[Rejection] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    drawn: int = 0


async def probe_distractors(
    rows: Sequence[MultiHop],
    documents_of: Callable[[MultiHop], Sequence[str]],
    plan: DistractPlan,
    *,
    model: ChatModel,
) -> Probed:
    """The rows, but for those that were drawn and answered without any of their evidence.

    A drawn row that stays has the probe. A reply that does not come turns no finished row away: the
    row stays without the probe, and what became of it is counted.
    """
    solver = Solver(plan.prove, model)

    async def probe(row: MultiHop) -> Probe | NoReply | None:
        drawn = plan.draws(row) and not says_nothing(row.answer)  # other documents say nothing, too
        documents = documents_of(row) if drawn else []
        if not documents:
            return None
        return await solver.probe(row, ProbeKind.DISTRACTORS, documents)

    probed = Probed()
    for row, found in zip(rows, await run_each(rows, probe), strict=True):
        if found is None:
            probed.rows.append(row)
            continue
        probed.drawn += 1
        if isinstance(found, NoReply):
            probed.rows.append(row)
            lost = without_reply("probe", row.id, found)
            if isinstance(lost, Failure):
                probed.failed.append(lost)
            else:
                probed.unread.append(lost)
        elif found.correct:
            probed.rejected.append(reject_probed(row, found, stage="probe"))
        else:
            probed.rows.append(row.model_copy(update={"probes": (*row.probes, found)}))
    return probed
