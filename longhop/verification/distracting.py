"""Distractors alone must not answer: a sampled share of finished rows is asked so.

The other probes are made before there is a context, so none of them sees what it was filled with.
"""

from collections.abc import Callable, Sequence

from longhop.concurrency import run_each
from longhop.identity import keyed_share
from longhop.ports import ChatModel, NoReply
from longhop.records.base import Record
from longhop.records.verification import MultiHop, Probe, ProbeKind
from longhop.verification.proving import ProvePlan, Solver, reject_probed
from longhop.verification.repairing import Sifted


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


async def probe_distractors(
    rows: Sequence[MultiHop],
    documents_of: Callable[[MultiHop], Sequence[str]],
    plan: DistractPlan,
    *,
    model: ChatModel,
) -> Sifted:
    """The rows, but for those that were drawn and answered without any of their evidence.

    A drawn row that stays has the probe. A reply that does not come turns no finished row away: it
    is one that was not asked, and has no such probe.
    """
    solver = Solver(plan.prove, model)

    async def probe(row: MultiHop) -> Probe | NoReply | None:
        documents = documents_of(row) if plan.draws(row) else []
        if not documents:
            return None
        return await solver.probe(row, ProbeKind.DISTRACTORS, documents)

    sifted = Sifted()
    for row, found in zip(rows, await run_each(rows, probe), strict=True):
        if found is None or isinstance(found, NoReply):
            sifted.kept.append(row)
        elif found.correct:
            sifted.rejected.append(reject_probed(row, found, stage="probe"))
        else:
            sifted.kept.append(row.model_copy(update={"probes": (*row.probes, found)}))
    return sifted
