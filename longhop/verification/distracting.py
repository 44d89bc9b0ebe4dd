"""Distractors alone must not answer: a sampled share of finished rows is asked so.

The other probes are made before there is a context, so none of them sees what it was filled with.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from longhop.concurrency import run_through
from longhop.identity import keyed_share
from longhop.ports import ChatModel, NoReply
from longhop.records.accounts import Failure, Rejection
from longhop.records.base import Record
from longhop.records.verification import MultiHop, Probe, ProbeKind
from longhop.verification.proving import ProvePlan, Solver, reject_probed
from longhop.verification.repairing import without_reply

# So many rows and what they are asked with are in memory at once: more than are in flight.
_AT_HAND = 1024


class DistractPlan(Record):
    """What asking from distractors depends on.

    {"prove": {…}, "share": 0.05, "dataset": "almanac"}
    """

    prove: ProvePlan
    share: float
    dataset: str

    def draws(self, row_id: str) -> bool:
        """Whether a row is of the sample: by its id alone, so no other row changes it."""
        return keyed_share("distractors", self.dataset, row_id) < self.share


class Drawn(NamedTuple):
    """A row of the sample, and the documents that it is asked with."""

    row: MultiHop
    documents: list[str]

    @property
    def id(self) -> str:
        """The row's own."""
        return self.row.id


class Asked(Record):
    """What came of asking a row: a probe, or why there is none.

    {"id": "m-9be1…", "probe": {…}, "unread": null, "failed": null}
    """

    id: str
    probe: Probe | None = None
    unread: Rejection | None = None
    failed: Failure | None = None


async def probe_distractors(
    drawn: Iterable[Drawn],
    plan: DistractPlan,
    *,
    model: ChatModel,
    take: Callable[[Asked], None],
    total: int,
) -> None:
    """Hand over what comes of asking each drawn row, in their order and in little memory.

    A reply that does not come turns no finished row away: the row stays without the probe, and what
    became of it is counted. `total` says about how many rows there are.
    """
    solver = Solver(plan.prove, model)

    async def probe(item: Drawn) -> Probe | NoReply:
        return await solver.probe(item.row, ProbeKind.DISTRACTORS, item.documents)

    def settle(item: Drawn, found: Probe | NoReply) -> None:
        if not isinstance(found, NoReply):
            take(Asked(id=item.id, probe=found))
            return
        lost = without_reply("probe", item.id, found)
        if isinstance(lost, Failure):
            take(Asked(id=item.id, failed=lost))
        else:
            take(Asked(id=item.id, unread=lost))

    await run_through(drawn, probe, settle, most=_AT_HAND, total=total)


def judge_probed(row: MultiHop, asked: Asked) -> MultiHop | Rejection:
    """The row with its probe, if it has one; turned away where its distractors answered it."""
    probe = asked.probe
    if probe is None:
        return row
    if probe.correct:
        return reject_probed(row, probe, stage="probe")
    return row.model_copy(update={"probes": (*row.probes, probe)})
