"""Merging: one question that needs all of its hops, from question–answer pairs alone.

MIMG finds no gain from showing the documents, and harm from a rationale, so neither is asked for.
"""

from collections.abc import Sequence

from longhop.concurrency import run_each
from longhop.corpus.languages.codes import LANGUAGES
from longhop.identity import make_id
from longhop.ports import ChatModel, NoReply
from longhop.questions.templates import COMPOSER, compose_question
from longhop.records.base import Record
from longhop.records.model import Prompt
from longhop.records.replies import MergedQuestion
from longhop.records.verification import MultiHop, Returned
from longhop.verification.checks import check_merged
from longhop.verification.repairing import Sifted, note_no_reply, turn_away


class MergePlan(Record):
    """What merging depends on; on the last attempt nothing is sent back any more.

    {"prompt": {…}, "last": false}
    """

    prompt: Prompt
    last: bool


async def merge_groups(todo: Sequence[Returned], plan: MergePlan, *, model: ChatModel) -> Sifted:
    """One question for each group, checked. A group with a history is told why it came back."""

    async def merge(item: Returned) -> MergedQuestion | NoReply:
        values = {
            "composition": item.group.composition.value,
            "hops": [{"question": hop.question, "answer": hop.answer} for hop in item.group.hops],
            "objection": _objection(item),
        }
        return await model.ask(plan.prompt, item.group.language, values, MergedQuestion)

    merged = Sifted()
    for item, reply in zip(todo, await run_each(todo, merge), strict=True):
        has_template = item.group.language in LANGUAGES
        if isinstance(reply, NoReply) and (reply.refused or not has_template):
            note_no_reply("merge", item.group.id, reply, into=merged)
            continue
        candidate = _candidate(item, reply, plan.prompt.model)
        finding = check_merged(
            candidate.question, candidate.answer, candidate.composition, candidate.hops
        )
        if finding is None:
            merged.kept.append(candidate)
            continue
        turn_away("merge", candidate, *finding, last=plan.last, into=merged)
    return merged


def _candidate(item: Returned, reply: MergedQuestion | NoReply, model: str) -> MultiHop:
    """The question as the model worded it, or as the template does where it could not be read."""
    group = item.group
    if isinstance(reply, NoReply):
        composer = COMPOSER
        question, answer = compose_question(group.composition, group.hops)
    else:
        composer = model
        question, answer = reply.question.strip(), reply.answer.strip()
    return MultiHop(
        id=make_id("m", group.id, question),
        group_id=group.id,
        question=question,
        answer=answer,
        composition=group.composition,
        scope=group.scope,
        hops=group.hops,
        composer=composer,
        history=item.history,
    )


def _objection(item: Returned) -> str | None:
    if not item.history:
        return None
    last = item.history[-1]
    return f"{last.question}\n{last.reason}: {last.detail}"
