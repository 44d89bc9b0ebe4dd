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
    ReasonedAnswers,
    ReasonedQuestions,
    SingleHopQuestions,
    Told,
)
from longhop.verification.repairing import without_reply


class AskPlan(Record):
    """What asking depends on: with `find` questions are answered in a request of their own.

    {"prompt": {…}, "find": {…}, "limit": 3}
    """

    prompt: Prompt
    find: Prompt | None = None
    limit: int

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


async def ask_chunks(chunks: Sequence[Chunk], plan: AskPlan, *, model: ChatModel) -> Asked:
    """The questions that each chunk answers on its own, checked, and all that was turned away.

    The evidence of a question is looked for in all the chunks of its document that are given.
    """

    async def ask(chunk: Chunk) -> _Proposals | NoReply:
        return await (_ask_first(chunk, plan, model) if plan.find else _ask(chunk, plan, model))

    asked, around = Asked(), Chunks(chunks)
    for chunk, proposals in zip(chunks, await run_each(chunks, ask), strict=True):
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
            for number, question in enumerate(proposals.questions[: plan.limit], 1):
                found = locate_question(question, proposals.answers.get(number), chunk, around)
                if isinstance(found, SingleHop):
                    asked.questions.append(found)
                else:
                    asked.rejected_questions.append(found)
    return asked


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
