"""Repairing: what another wording could mend goes back with its reason, its history kept."""

from dataclasses import dataclass, field

from longhop.ports import NoReply
from longhop.records.accounts import Failure, FailureReason, Reason, Rejection
from longhop.records.questions import HopGroup
from longhop.records.verification import Attempt, MultiHop, Returned

# A new wording may mend these: one that cannot be answered, or that gives a hop away, is badly
# worded as often as badly linked. What a solver knows by heart it knows in any words.
MENDABLE = frozenset(
    {
        Reason.ANSWER_LEAK,
        Reason.BRIDGE_LEAK,
        Reason.WRONG_ANSWER,
        Reason.BAD_LENGTH,
        Reason.WRONG_LANGUAGE,
        Reason.NOT_SELF_CONTAINED,
        Reason.JUDGED_LOW,
        Reason.NOT_ANSWERED,
        Reason.HOP_NOT_NEEDED,
    }
)

# What asking anew can mend of a question of one hop; a quote that is nowhere may be another's.
ASKABLE = frozenset(
    {
        Reason.ANSWER_LEAK,
        Reason.BAD_LENGTH,
        Reason.WRONG_LANGUAGE,
        Reason.NOT_SELF_CONTAINED,
        Reason.EVIDENCE_MISSING,
        Reason.ANSWER_NOT_IN_EVIDENCE,
    }
)


@dataclass
class Sifted:
    """The candidates that passed a stage, and what became of the others.

    `low` holds those of the rejected that a judge thought little of, whole.
    """

    kept: list[MultiHop] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    returned: list[Returned] = field(default_factory=list)
    low: list[MultiHop] = field(default_factory=list)


def turn_away(
    stage: str, candidate: MultiHop, reason: Reason, detail: str, *, last: bool, into: Sifted
) -> None:
    """Note a rejected wording, and send its group back where another wording could mend it."""
    into.rejected.append(
        Rejection(
            stage=stage, item=candidate.id, reason=reason, detail=detail, raw=candidate.question
        )
    )
    if last or reason not in MENDABLE:
        return
    attempt = Attempt(
        question=candidate.question,
        answer=candidate.answer,
        reason=reason,
        detail=detail,
        score=candidate.score,
    )
    into.returned.append(Returned(group=group_of(candidate), history=(*candidate.history, attempt)))


def group_of(candidate: MultiHop) -> HopGroup:
    """The group that a question was merged from."""
    return HopGroup(
        id=candidate.group_id,
        composition=candidate.composition,
        scope=candidate.scope,
        hops=candidate.hops,
        links=candidate.links,
        why="",
    )


def note_no_reply(stage: str, item: str, reply: NoReply, *, into: Sifted) -> None:
    """Note what became of a candidate that no reply came for."""
    lost = without_reply(stage, item, reply)
    if isinstance(lost, Failure):
        into.failed.append(lost)
    else:
        into.rejected.append(lost)


def without_reply(stage: str, item: str, reply: NoReply) -> Rejection | Failure:
    """An unreadable reply is a rejection that keeps it; a refused request is a failure."""
    if reply.refused:
        refused = FailureReason.REQUEST_REFUSED
        return Failure(stage=stage, item=item, reason=refused, detail=reply.detail)
    unparsable = Reason.UNPARSABLE
    return Rejection(stage=stage, item=item, reason=unparsable, detail=reply.detail, raw=reply.raw)
