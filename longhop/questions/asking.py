"""Single-hop questions: one prompt a chunk, question before answer, evidence located exactly.

MIMG §3 finds that asking first and answering second gives better questions; both stand in one
reply here, in that order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from longhop.concurrency import run_each
from longhop.identity import make_id
from longhop.ports import ChatModel, NoReply
from longhop.records.accounts import Failure, Reason, Rejection
from longhop.records.base import Record
from longhop.records.corpus import Chunk, Span
from longhop.records.model import Prompt
from longhop.records.questions import SingleHop
from longhop.records.replies import ProposedQuestion, SingleHopQuestions
from longhop.verification.checks import check_single_hop
from longhop.verification.repairing import without_reply


class AskPlan(Record):
    """What asking depends on.

    {"prompt": {…}, "limit": 3}
    """

    prompt: Prompt
    limit: int


@dataclass
class Asked:
    """What asking made of the chunks, and of the questions that were proposed."""

    questions: list[SingleHop] = field(default_factory=list)
    rejected_chunks: list[Rejection] = field(default_factory=list)
    failed_chunks: list[Failure] = field(default_factory=list)
    rejected_questions: list[Rejection] = field(default_factory=list)
    answered_chunks: int = 0
    beyond_limit: int = 0


async def ask_chunks(chunks: Sequence[Chunk], plan: AskPlan, *, model: ChatModel) -> Asked:
    """The questions that each chunk answers on its own, checked, and all that was turned away."""

    async def ask(chunk: Chunk) -> SingleHopQuestions | NoReply:
        values = {"title": chunk.title, "document": chunk.text, "limit": plan.limit}
        return await model.ask(plan.prompt, chunk.language, values, SingleHopQuestions)

    asked = Asked()
    for chunk, reply in zip(chunks, await run_each(chunks, ask), strict=True):
        if isinstance(reply, NoReply):
            lost = without_reply("ask", chunk.id, reply)
            if isinstance(lost, Failure):
                asked.failed_chunks.append(lost)
            else:
                asked.rejected_chunks.append(lost)
        elif not reply.questions:
            asked.rejected_chunks.append(
                Rejection(stage="ask", item=chunk.id, reason=Reason.NOTHING_TO_ASK)
            )
        else:
            asked.answered_chunks += 1
            asked.beyond_limit += len(reply.questions[plan.limit :])
            for proposed in reply.questions[: plan.limit]:
                checked = _check(proposed, chunk)
                if isinstance(checked, SingleHop):
                    asked.questions.append(checked)
                else:
                    asked.rejected_questions.append(checked)
    return asked


def locate(quote: str, text: str) -> tuple[tuple[int, int], ...]:
    """All places [start, end) of a quote in a text; white space may differ, nothing else."""
    words = quote.split()
    if not words:
        return ()
    pattern = r"\s+".join(re.escape(word) for word in words)
    return tuple(match.span() for match in re.finditer(pattern, text))


def _check(proposed: ProposedQuestion, chunk: Chunk) -> SingleHop | Rejection:
    question_id = make_id("q", chunk.id, proposed.question)
    places = locate(proposed.quote, chunk.text)
    if not places:
        return Rejection(
            stage="check",
            item=question_id,
            reason=Reason.EVIDENCE_MISSING,
            detail=f"the quote is not in {chunk.id}",
            raw=proposed.quote,
        )
    start, end = places[0]
    question = SingleHop(
        id=question_id,
        question=proposed.question.strip(),
        answer=proposed.answer.strip(),
        evidence=tuple(Span(chunk_id=chunk.id, start=s, end=e) for s, e in places),
        quote=chunk.text[start:end],
        subject=proposed.subject.strip(),
        relation=proposed.relation.strip(),
        kind=proposed.kind,
        document_id=chunk.document_id,
        license=chunk.license,
        language=chunk.language,
        split=chunk.split,
    )
    finding = check_single_hop(question)
    if finding is None:
        return question
    reason, detail = finding
    return Rejection(
        stage="check", item=question_id, reason=reason, detail=detail, raw=proposed.question
    )
