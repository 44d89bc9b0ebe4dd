"""The necessity certificate: a row is answered with its evidence and not without any of it."""

from collections.abc import Mapping, Sequence

from longhop.concurrency import run_each
from longhop.matching import same_answer
from longhop.ports import ChatModel, NoReply
from longhop.records.accounts import Reason, Rejection
from longhop.records.base import Record
from longhop.records.corpus import Chunk
from longhop.records.model import Prompt
from longhop.records.replies import ShortAnswer
from longhop.records.verification import MultiHop, Probe, ProbeKind
from longhop.verification.repairing import Sifted, note_no_reply


class ProvePlan(Record):
    """What proving depends on.

    {"answer": {…}, "closed_book": {…}}
    """

    answer: Prompt
    closed_book: Prompt


async def prove_questions(
    candidates: Sequence[MultiHop],
    chunks: Mapping[str, Chunk],
    plan: ProvePlan,
    *,
    model: ChatModel,
) -> Sifted:
    """The candidates that need all of their evidence, each with its probes.

    In turn: not answered closed-book, answered with all evidence, not answered with any one
    chunk left out. The first probe that fails ends it, so that no more is paid for it.
    """

    async def prove(candidate: MultiHop) -> MultiHop | Rejection | NoReply:
        return await _prove(candidate, chunks, plan, model)

    proved = Sifted()
    for candidate, result in zip(candidates, await run_each(candidates, prove), strict=True):
        if isinstance(result, MultiHop):
            proved.kept.append(result)
        elif isinstance(result, Rejection):
            proved.rejected.append(result)
        else:
            note_no_reply("prove", candidate.id, result, into=proved)
    return proved


async def _prove(
    candidate: MultiHop, chunks: Mapping[str, Chunk], plan: ProvePlan, model: ChatModel
) -> MultiHop | Rejection | NoReply:
    evidence = candidate.evidence_chunks
    left_out = evidence if len(evidence) > 1 else ()
    probes: list[Probe] = []
    for kind, missing in (
        (ProbeKind.CLOSED_BOOK, ""),
        (ProbeKind.FULL, ""),
        *((ProbeKind.LEAVE_ONE_OUT, each) for each in left_out),
    ):
        shown = [each for each in evidence if each != missing]
        probe = await _probe(candidate, kind, missing, shown, chunks, plan, model)
        if isinstance(probe, NoReply):
            return probe
        probes.append(probe)
        if probe.correct != (kind is ProbeKind.FULL):
            return _failed(candidate, probe)
    return candidate.model_copy(update={"probes": tuple(probes), "proof": "complete"})


async def _probe(
    candidate: MultiHop,
    kind: ProbeKind,
    missing: str,
    shown: Sequence[str],
    chunks: Mapping[str, Chunk],
    plan: ProvePlan,
    model: ChatModel,
) -> Probe | NoReply:
    values: dict[str, object] = {"question": candidate.question}
    prompt = plan.closed_book
    if kind is not ProbeKind.CLOSED_BOOK:
        prompt = plan.answer
        values["documents"] = [f"{chunks[each].title}\n{chunks[each].text}" for each in shown]
    reply = await model.ask(prompt, candidate.language, values, ShortAnswer)
    if isinstance(reply, NoReply):
        return reply
    answer = reply.answer if reply.answerable else ""
    return Probe(
        kind=kind,
        left_out=missing,
        answer=answer,
        correct=same_answer(answer, candidate.answer),
        model=prompt.model,
    )


_REASON = {
    ProbeKind.CLOSED_BOOK: Reason.ANSWERED_CLOSED_BOOK,
    ProbeKind.FULL: Reason.NOT_ANSWERED,
    ProbeKind.LEAVE_ONE_OUT: Reason.HOP_NOT_NEEDED,
}


def _failed(candidate: MultiHop, probe: Probe) -> Rejection:
    without = f"without {probe.left_out}: " if probe.left_out else ""
    return Rejection(
        stage="prove",
        item=candidate.id,
        reason=_REASON[probe.kind],
        detail=f"{without}{probe.answer!r} for {candidate.answer!r}",
        raw=candidate.question,
    )
