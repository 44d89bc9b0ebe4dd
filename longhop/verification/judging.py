"""Judging: a score for each criterion, the rationale written first (MIMG, quality verification).

The guidelines are the judge's prompt: its hash is their version, in the plan and the manifest.
"""

from collections.abc import Sequence
from statistics import mean

from longhop.concurrency import run_each
from longhop.identity import digest
from longhop.ports import ChatModel, NoReply
from longhop.records.accounts import Reason
from longhop.records.base import Record
from longhop.records.calibration import Calibration, Mode
from longhop.records.model import Prompt
from longhop.records.replies import Classified, Judged, Quality
from longhop.records.verification import Judgement, MultiHop
from longhop.verification.repairing import Sifted, note_no_reply, turn_away


class JudgePlan(Record):
    """What judging depends on: who judges, and what it takes to be kept.

    {"judges": [{…}, {…}], "mode": "scoring", "threshold": 8.0, "agreement": 0.5,
     "calibration": null, "last": false}

    `judges` holds a prompt for each judge and each time it is asked. A row is kept whose mean
    reaches the threshold, if at least a share of `agreement` of the judges would keep it alone. A
    calibration has thresholds of its own, by language and length.
    """

    judges: tuple[Prompt, ...]
    mode: Mode
    threshold: float
    agreement: float
    calibration: Calibration | None
    last: bool

    def threshold_of(self, candidate: MultiHop) -> float | None:
        """The lowest mean that is kept; None where no calibrated one is known."""
        if self.calibration is not None:
            return self.calibration.threshold_of(candidate.language, judged_length(candidate))
        return self.threshold if self.mode is Mode.SCORING else 0.5


async def judge_questions(
    candidates: Sequence[MultiHop], plan: JudgePlan, *, model: ChatModel
) -> Sifted:
    """The candidates that the judges score high enough, each with all of its judgements.

    Those that they do not are `low`, with theirs: whoever calibrates has to see both.
    """

    async def judge(candidate: MultiHop) -> tuple[Judgement, ...] | NoReply:
        return await judge_one(candidate, plan.judges, plan.mode, model=model)

    judged = Sifted()
    for candidate, found in zip(candidates, await run_each(candidates, judge), strict=True):
        if isinstance(found, NoReply):
            note_no_reply("judge", candidate.id, found, into=judged)
            continue
        seen = candidate.model_copy(update={"judgements": found})
        objection = object_to(seen, plan)
        if objection is None:
            judged.kept.append(seen)
        else:
            judged.low.append(seen)
            turn_away("judge", seen, Reason.JUDGED_LOW, objection, last=plan.last, into=judged)
    return judged


async def judge_one(
    candidate: MultiHop, judges: Sequence[Prompt], mode: Mode, *, model: ChatModel
) -> tuple[Judgement, ...] | NoReply:
    """What each judge says of a candidate, or the first reply that did not come."""
    values = {
        "question": candidate.question,
        "answer": candidate.answer,
        "hops": [
            {"question": hop.question, "answer": hop.answer, "evidence": hop.quote}
            for hop in candidate.hops
        ],
    }
    found = []
    kind: type[Judged | Classified] = Judged if mode is Mode.SCORING else Classified
    for prompt in judges:
        reply = await model.ask(prompt, candidate.language, values, kind)
        if isinstance(reply, NoReply):
            return reply
        found.append(_judgement(reply, prompt))
    return tuple(found)


def guidelines_of(prompt: Prompt) -> str:
    """The version of a judge's guidelines: the hash of its templates and its answer's schema."""
    return digest("guidelines", prompt.templates, prompt.reply_schema)


def judged_length(candidate: MultiHop) -> int:
    """The characters that a judge reads of a candidate."""
    steps = sum(len(each.question) + len(each.answer) + len(each.quote) for each in candidate.hops)
    return len(candidate.question) + len(candidate.answer) + steps


def _judgement(reply: Judged | Classified, prompt: Prompt) -> Judgement:
    by = {"model": prompt.model, "sample": prompt.sample}
    if isinstance(reply, Classified):
        return Judgement(rationale=reply.rationale, high=reply.quality is Quality.HIGH, **by)
    return Judgement(**reply.model_dump(), **by)


def object_to(candidate: MultiHop, plan: JudgePlan) -> str | None:
    """Why a candidate is not kept, in the words of the judge that thinks least of it."""
    threshold, given = plan.threshold_of(candidate), candidate.judgements
    worst = min(given, key=lambda each: each.score)
    if threshold is None:
        place = f"{candidate.language}, {judged_length(candidate)} characters"
        return f"no threshold is calibrated for {place}: {worst.rationale}"
    score = mean(each.score for each in given)
    if score < threshold:
        return f"{score:.2f} of {threshold:g}: {worst.rationale}"
    agreed = sum(each.score >= threshold for each in given) / len(given)
    if agreed < plan.agreement:
        return (
            f"only {agreed:.0%} of {len(given)} judgements reach {threshold:g}: {worst.rationale}"
        )
    return None
