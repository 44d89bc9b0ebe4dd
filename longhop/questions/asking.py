"""Single-hop questions: asked of one chunk first, answered from it second, each answer quoted.

MIMG (arXiv 2409.01893, §3) finds that questions are better when they are asked before they are
answered; so the answers come from a request of their own, or, if the plan says so, together with
the questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from longhop.concurrency import run_each
from longhop.ports import ChatModel, NoReply
from longhop.questions.locating import Chunks, locate_question
from longhop.records.accounts import Failure, Reason, Rejection
from longhop.records.base import Record
from longhop.records.corpus import Chunk
from longhop.records.model import Prompt
from longhop.records.questions import SingleHop
from longhop.records.replies import (
    AskedQuestions,
    FoundAnswer,
    FoundAnswers,
    MendedQuestions,
    ReasonedAnswers,
    ReasonedQuestions,
    SingleHopQuestions,
    Told,
)
from longhop.verification.repairing import ASKABLE, without_reply


class AskPlan(Record):
    """What asking depends on: with `find` questions are answered in a request of their own.

    {"prompt": {…}, "find": {…}, "mend": {…}, "limit": 3, "attempts": 2}

    With `mend` what was turned away is asked anew, `attempts` counting the first time, too.
    """

    prompt: Prompt
    find: Prompt | None = None
    mend: Prompt | None = None
    limit: int
    attempts: int = 1

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """The prompts of a chunk, in the order in which they are sent."""
        return (self.prompt, self.find) if self.find else (self.prompt,)


@dataclass
class Asked:
    """What asking made of the chunks, and of the questions that were proposed."""

    questions: list[SingleHop] = field(default_factory=list)
    rejected_chunks: list[Rejection] = field(default_factory=list)
    failed_chunks: list[Failure] = field(default_factory=list)
    rejected_questions: list[Rejection] = field(default_factory=list)
    answered_chunks: int = 0
    beyond_limit: int = 0


@dataclass(frozen=True)
class _Proposals:
    """What a model proposed of one chunk: questions, and their answers as far as it gave any."""

    questions: tuple[str, ...]
    answers: Mapping[int, Told]


@dataclass
class _Found:
    """What became of the questions of one chunk, at all attempts."""

    proposals: _Proposals | NoReply
    questions: list[SingleHop] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)


async def ask_chunks(chunks: Sequence[Chunk], plan: AskPlan, *, model: ChatModel) -> Asked:
    """The questions that each chunk answers on its own, checked, and all that was turned away.

    The evidence of a question is looked for in all the chunks of its document that are given. What
    a check turns away is asked anew with the reason, as often as the plan says.
    """
    asked, around = Asked(), Chunks(chunks)

    async def ask(chunk: Chunk) -> _Found:
        return await _ask_and_mend(chunk, plan, model, around)

    for chunk, found in zip(chunks, await run_each(chunks, ask), strict=True):
        proposals = found.proposals
        if isinstance(proposals, NoReply):
            lost = without_reply("ask", chunk.id, proposals)
            if isinstance(lost, Failure):
                asked.failed_chunks.append(lost)
            else:
                asked.rejected_chunks.append(lost)
        elif not proposals.questions:
            asked.rejected_chunks.append(
                Rejection(stage="ask", item=chunk.id, reason=Reason.NOTHING_TO_ASK)
            )
        else:
            asked.answered_chunks += 1
            asked.beyond_limit += len(proposals.questions[plan.limit :])
            asked.questions += found.questions
            asked.rejected_questions += found.rejected
    return asked


async def _ask_and_mend(chunk: Chunk, plan: AskPlan, model: ChatModel, around: Chunks) -> _Found:
    proposals = await (_ask_first(chunk, plan, model) if plan.find else _ask(chunk, plan, model))
    found = _Found(proposals)
    if isinstance(proposals, NoReply):
        return found
    wrong = _sort(proposals.questions[: plan.limit], proposals.answers, chunk, around, found)
    for _ in range(plan.attempts - 1 if plan.mend else 0):
        wrong = [(asked, each) for asked, each in wrong if each.reason in ASKABLE]
        if not wrong:
            break
        mended = await _mend(chunk, wrong, plan, model)
        if isinstance(mended, NoReply):
            break  # what was turned away stays so, with its first reason
        told = mended.questions[: len(wrong)]
        mends = {
            at: wrong[each.number - 1][1].item
            for at, each in enumerate(told, 1)
            if 1 <= each.number <= len(wrong)
        }
        asked_anew = [each.question for each in told]
        wrong = _sort(asked_anew, dict(enumerate(told, 1)), chunk, around, found, mends)
    return found


def _sort(
    questions: Sequence[str],
    answers: Mapping[int, Told],
    chunk: Chunk,
    around: Chunks,
    into: _Found,
    mends: Mapping[int, str] | None = None,
) -> list[tuple[str, Rejection]]:
    """Put each question where it belongs; those that were turned away are returned, too."""
    wrong = []
    for number, question in enumerate(questions, 1):
        found = locate_question(question, answers.get(number), chunk, around)
        if isinstance(found, SingleHop):
            replaced = (mends or {}).get(number, "")
            into.questions.append(found.model_copy(update={"mends": replaced}))
        else:
            into.rejected.append(found)
            wrong.append((question, found))
    return wrong


async def _mend(
    chunk: Chunk, wrong: Sequence[tuple[str, Rejection]], plan: AskPlan, model: ChatModel
) -> MendedQuestions | NoReply:
    """Questions in place of those that were turned away, with their answers."""
    assert plan.mend is not None
    values = {
        "title": chunk.title,
        "document": chunk.text,
        "limit": len(wrong),
        "turned_away": [
            {"question": asked, "objection": f"{each.reason}: {each.detail}"}
            for asked, each in wrong
        ],
    }
    return await model.ask(plan.mend, chunk.language, values, MendedQuestions)


def values_of(chunk: Chunk, plan: AskPlan) -> dict[str, object]:
    """What the first prompt of a chunk is filled with."""
    return {
        "title": chunk.title,
        "document": chunk.text,
        "limit": plan.limit,
        "rationale": plan.prompt.reasons,
    }


async def _ask(chunk: Chunk, plan: AskPlan, model: ChatModel) -> _Proposals | NoReply:
    """Questions and answers in one request."""
    kind = ReasonedQuestions if plan.prompt.reasons else SingleHopQuestions
    reply = await model.ask(plan.prompt, chunk.language, values_of(chunk, plan), kind)
    if isinstance(reply, NoReply):
        return reply
    questions = tuple(each.question for each in reply.questions)
    return _Proposals(questions, dict(enumerate(reply.questions, 1)))


async def _ask_first(chunk: Chunk, plan: AskPlan, model: ChatModel) -> _Proposals | NoReply:
    """Questions, then the answers to as many of them as are wanted."""
    assert plan.find is not None
    reply = await model.ask(plan.prompt, chunk.language, values_of(chunk, plan), AskedQuestions)
    if isinstance(reply, NoReply) or not reply.questions:
        return reply if isinstance(reply, NoReply) else _Proposals((), {})
    values = {
        "title": chunk.title,
        "document": chunk.text,
        "questions": list(reply.questions[: plan.limit]),
        "rationale": plan.find.reasons,
    }
    kind = ReasonedAnswers if plan.find.reasons else FoundAnswers
    found = await model.ask(plan.find, chunk.language, values, kind)
    if isinstance(found, NoReply):
        return found
    return _Proposals(reply.questions, _by_number(found.answers))


def _by_number(found: Sequence[FoundAnswer]) -> dict[int, FoundAnswer]:
    """Answers by the number of their question; of two to one question the first counts.

    A model that counts from 0 has numbered them all so.
    """
    shift = 1 if found and sorted(each.number for each in found) == list(range(len(found))) else 0
    return {each.number + shift: each for each in reversed(found)}
