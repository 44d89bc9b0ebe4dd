"""Draw the documents of a round: those of the base first, then those that a policy chooses."""

from collections.abc import Sequence

import numpy as np

from longhop.identity import digest
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.base import Record
from longhop.records.corpus import Draw
from longhop.records.selection import Credit, Round, RoundTrace
from longhop.resources import resources
from longhop.selection.policies import policy_of
from longhop.selection.replaying import replay
from longhop.selection.rounds import next_size
from longhop.selection.stopping import why_stop
from longhop.spec.sections import PolicyName, Selection
from tasks.field import pairs_of, read_field, read_reference
from tasks.stage import stage


class DrawPlan(Record):
    """How documents are drawn.

    {"selection": {…}, "dataset": "almanac", "learns": true, "rounds": 20}

    Where a policy `learns`, it has so many rounds of its own; else one is as large as may be.
    """

    selection: Selection
    dataset: str
    learns: bool
    rounds: int


@stage("draw", revision=2)
def draw_documents(
    field: Artifact,
    kept: Artifact,
    reference: Artifact | None,
    settled: list[Round],
    flying: list[Artifact],
    most: int | None,
    plan: DrawPlan,
) -> Outcome:
    """The documents of the next round, `most` at most; none where nothing more is to be asked.

    Those that the base asked about are asked first, for the reasons they were drawn for: only the
    places that are left are competed for.
    """
    store = resources().store
    trace = [row for each in settled for row in store.read(each.trace, RoundTrace)]
    if why := why_stop(plan.selection.stop, trace):
        return Outcome(artifacts={"draws": store.write("draws", [], Draw)}, notes=(why,))
    earlier = [store.read(each.draws, Draw) for each in settled]
    above = [store.read(each, Draw) for each in flying]
    taken = {each.document_id for draws in [*earlier, *above] for each in draws}
    waiting = [each for each in store.read(kept, Draw) if each.document_id not in taken][:most]
    room = None if most is None else most - len(waiting)
    if not waiting or (not plan.learns and room != 0):
        credited = [store.read(each.credits, Credit) for each in settled]
        flown = [[each.document_id for each in draws] for draws in [*above, waiting]]
        chosen = _drawn(field, kept.rows, reference, settled, credited, flown, room, plan)
        waiting = [*waiting, *chosen]
    return Outcome(artifacts={"draws": store.write("draws", waiting, Draw)})


def _drawn(
    source: Artifact,
    kept: int,
    reference: Artifact | None,
    settled: Sequence[Round],
    credited: Sequence[Sequence[Credit]],
    flown: Sequence[Sequence[str]],
    most: int | None,
    plan: DrawPlan,
) -> list[Draw]:
    ids, field = read_field(source, read_reference(reference))
    rows = {each: row for row, each in enumerate(ids)}
    name: PolicyName = plan.selection.policy
    if not plan.selection.chooses(len(ids), budgeted=most is not None):
        name = "exhaustive"
    policy = policy_of(name)
    pairs = pairs_of(settled) if name == "equal" else []
    ledger = replay(rows, credited, flown, pairs)
    room = plan.selection.most(len(ids)) - len(ledger)
    size = room
    if plan.learns:
        first = max(1, policy.warm_up(field) - kept)
        number = len(credited) + len(flown) - 1 - (1 if kept else 0)
        size = next_size(first, room + len(ledger) - kept, len(ledger) - kept, number, plan.rounds)
    size = min(size, room, len(ids) if most is None else most)
    if size <= 0:
        return []
    number = len(credited) + len(flown)
    chosen = policy.choose(field, ledger, size, _chance(plan.dataset, number))
    return [
        Draw(
            document_id=ids[row],
            policy=name,
            score=round(float(score), 6),
            round=number,
            reason=why,
        )
        for row, score, why in zip(chosen.documents, chosen.scores, chosen.reasons, strict=True)
    ]


def _chance(dataset: str, number: int) -> np.random.Generator:
    """What a round draws by: its key alone decides it."""
    return np.random.default_rng(int(digest("selection", dataset, number)[:16], 16))
