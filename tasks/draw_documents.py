"""Draw the documents of a round: those of the base first, then those that a policy chooses."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from longhop.identity import digest
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.base import Record
from longhop.records.corpus import Draw
from longhop.records.selection import Credit, Round, RoundTrace
from longhop.resources import resources
from longhop.selection.field import Field
from longhop.selection.policies import Policy, policy_of
from longhop.selection.policies.warming import warm_up_size
from longhop.selection.replaying import replay
from longhop.selection.rounds import next_size
from longhop.selection.stopping import why_stop
from longhop.spec.sections import PolicyName, Selection
from tasks.field import chances_of, pairs_of, read_field, read_reference, worths_of
from tasks.stage import stage

# A document that was drawn had a chance, however small.
_LEAST_CHANCE = 1e-9


class DrawPlan(Record):
    """How documents are drawn.

    {"selection": {…}, "dataset": "almanac", "learns": true, "rounds": 20}

    Where something is learnt between them, by a policy or by the rules that end it, there are so
    many rounds; else one is as large as may be.
    """

    selection: Selection
    dataset: str
    learns: bool
    rounds: int


@stage("draw", revision=3)
def draw_documents(
    field: Artifact,
    kept: Artifact,
    reference: Artifact | None,
    trace: list[Artifact],
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
    above = [store.read(each, Draw) for each in flying]
    taken = {each.document_id for draws in above for each in draws}
    taken |= {each.document_id for known in settled for each in store.iterate(known.draws, Draw)}
    left = plan.selection.most(field.rows) > len(taken)
    if left and (why := why_stop(plan.selection.stop, store.read_all(trace, RoundTrace))):
        return Outcome(artifacts={"draws": store.write("draws", [], Draw)}, notes=(why,))
    waiting = [each for each in store.read(kept, Draw) if each.document_id not in taken][:most]
    draws, room = waiting, None if most is None else most - len(waiting)
    if not waiting or (not plan.learns and room != 0):
        flown = [*above, waiting] if waiting else above
        sight = _Sight(*read_field(field, read_reference(reference)), kept.rows)
        number = len(settled) + len(above)
        draws = [*waiting, *_chosen(sight, settled, flown, number, room, plan)]
    return Outcome(artifacts={"draws": store.write("draws", draws, Draw)})


class _Sight(NamedTuple):
    """The ids of the documents, what is known of each, and how many the base asked about."""

    ids: list[str]
    field: Field
    kept: int


def _chosen(
    sight: _Sight,
    settled: Sequence[Round],
    flown: Sequence[Sequence[Draw]],
    number: int,
    most: int | None,
    plan: DrawPlan,
) -> list[Draw]:
    """What the policy chooses of the documents that neither the base nor a round has asked.

    `number` rounds went before this one.
    """
    ids, field, _ = sight
    needed = plan.selection.chooses(len(ids), budgeted=most is not None)
    name: PolicyName = plan.selection.policy if needed else "exhaustive"
    policy = policy_of(name, **({"audited": plan.selection.audit} if name == "hybrid" else {}))
    store = resources().store
    ledger = replay(
        {each: row for row, each in enumerate(ids)},
        [store.read(each.credits, Credit) for each in settled],
        [[each.document_id for each in draws] for draws in flown],
        pairs_of(settled) if name == "equal" else [],
        chances=chances_of([store.read_all([each.draws for each in settled], Draw), *flown]),
        worths=worths_of(settled, field.reference) if plan.selection.heeds_modes else None,
    )
    size = _size(sight, policy, len(ledger), number, most, plan)
    if size <= 0:
        return []
    chosen = policy.choose(field, ledger, size, _chance(plan.dataset, number))
    return [
        Draw(
            document_id=ids[row],
            policy=name,
            score=round(float(score), 6),
            round=number + 1,
            reason=why,
            chance=max(_LEAST_CHANCE, round(float(chance), 9)) if chance else 0.0,
        )
        for row, score, why, chance in zip(
            chosen.documents, chosen.scores, chosen.reasons, chosen.by_chance, strict=True
        )
    ]


def _size(
    sight: _Sight, policy: Policy, asked: int, number: int, most: int | None, plan: DrawPlan
) -> int:
    """The documents of a round, of which `number` went before it."""
    room = plan.selection.most(len(sight.ids))
    size = room - asked
    if plan.learns:
        first = policy.warm_up(sight.field) or warm_up_size(len(sight.ids))
        fresh = room - sight.kept
        size = next_size(first, fresh, asked - sight.kept, number, plan.rounds)
    return min(size, room - asked, size if most is None else most)


def _chance(dataset: str, number: int) -> np.random.Generator:
    """What a round draws by: its key alone decides it."""
    return np.random.default_rng(int(digest("selection", dataset, number)[:16], 16))
