"""Judging: a score for each criterion, the rationale written first (MIMG, quality verification)."""

from collections.abc import Sequence

from longhop.concurrency import run_each
from longhop.ports import ChatModel, NoReply
from longhop.records.accounts import Reason
from longhop.records.base import Record
from longhop.records.model import Prompt
from longhop.records.replies import Judged
from longhop.records.verification import Judgement, MultiHop
from longhop.verification.repairing import Sifted, note_no_reply, turn_away


class JudgePlan(Record):
    """What judging depends on.

    {"prompt": {…}, "threshold": 8.0, "last": false}
    """

    prompt: Prompt
    threshold: float
    last: bool


async def judge_questions(
    candidates: Sequence[MultiHop], plan: JudgePlan, *, model: ChatModel
) -> Sifted:
    """The candidates whose mean score reaches the threshold, each with its judgement."""

    async def judge(candidate: MultiHop) -> Judged | NoReply:
        values = {
            "question": candidate.question,
            "answer": candidate.answer,
            "hops": [
                {"question": hop.question, "answer": hop.answer, "evidence": hop.quote}
                for hop in candidate.hops
            ],
        }
        return await model.ask(plan.prompt, candidate.language, values, Judged)

    judged = Sifted()
    for candidate, reply in zip(candidates, await run_each(candidates, judge), strict=True):
        if isinstance(reply, NoReply):
            note_no_reply("judge", candidate.id, reply, into=judged)
            continue
        judgement = Judgement(**reply.model_dump(), model=plan.prompt.model)
        seen = candidate.model_copy(update={"judgement": judgement})
        if judgement.score >= plan.threshold:
            judged.kept.append(seen)
        else:
            detail = f"{judgement.score:.2f} of {plan.threshold:g}: {judgement.rationale}"
            turn_away("judge", seen, Reason.JUDGED_LOW, detail, last=plan.last, into=judged)
    return judged
