"""Merging: one question that needs all of its hops, from question–answer pairs alone.

MIMG (arXiv 2409.01893, §3) finds no gain from showing the documents, and harm from a rationale, so
neither is asked for unless the spec says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from longhop.concurrency import run_each
from longhop.corpus.languages.codes import LANGUAGES
from longhop.identity import make_id
from longhop.ports import ChatModel, NoReply
from longhop.questions.composed import composed_answer
from longhop.questions.templates import COMPOSER, compose_question
from longhop.records.base import Record
from longhop.records.corpus import Chunk
from longhop.records.model import Prompt
from longhop.records.questions import Composition, HopGroup, SingleHop
from longhop.records.replies import MergedQuestion, ReasonedMerge
from longhop.records.verification import MultiHop, Returned
from longhop.verification.checks import check_merged
from longhop.verification.repairing import Sifted, note_no_reply, turn_away


class MergePlan(Record):
    """What merging depends on; on the last attempt nothing is sent back any more.

    {"prompt": {…}, "last": false, "documents": false, "steps": "whole"}
    """

    prompt: Prompt
    last: bool
    documents: bool = False
    steps: Literal["whole", "pairs"] = "whole"


async def merge_groups(
    todo: Sequence[Returned],
    plan: MergePlan,
    *,
    model: ChatModel,
    chunks: Mapping[str, Chunk] | None = None,
) -> Sifted:
    """One question for each group, checked. A group with a history is told why it came back.

    `chunks` are those of the evidence, where the plan shows them to the model.
    """
    merger = _Merger(plan, model, chunks or {})
    merged = Sifted()
    for item, reply in zip(todo, await run_each(todo, merger.merge), strict=True):
        has_template = item.group.language in LANGUAGES
        if isinstance(reply, NoReply) and (reply.refused or not has_template):
            note_no_reply("merge", item.group.id, reply, into=merged)
            continue
        candidate = _candidate(item, reply, plan.prompt.model)
        finding = check_merged(
            candidate.question,
            candidate.answer,
            candidate.composition,
            candidate.hops,
            candidate.links,
        )
        if finding is None:
            merged.kept.append(candidate.model_copy(update={"answer": _answer(candidate)}))
            continue
        turn_away("merge", candidate, *finding, last=plan.last, into=merged)
    return merged


@dataclass(frozen=True)
class _Merger:
    """Asks for the wording of one group at a time, whole or link by link."""

    plan: MergePlan
    model: ChatModel
    chunks: Mapping[str, Chunk]

    async def merge(self, item: Returned) -> MergedQuestion | NoReply:
        group, objection = item.group, _objection(item)
        asked = [(hop.question, hop.answer) for hop in group.hops]
        is_chain = group.composition is Composition.BRIDGE and len(group.hops) > 2
        if self.plan.steps == "whole" or not is_chain:
            mentions: dict[int, list[tuple[int, str]]] = {}
            for link in group.links:
                mentions.setdefault(link.tail, []).append((link.head, link.mention))
            return await self._ask(group, group.composition, asked, group.hops, mentions, objection)
        return await self._in_pairs(group, objection)

    async def _in_pairs(self, group: HopGroup, objection: str | None) -> MergedQuestion | NoReply:
        """Each hop merged with what leads to it; the question of the last one is the group's."""
        worded = [hop.question for hop in group.hops]
        reply: MergedQuestion | NoReply | None = None
        for link in sorted(group.links, key=lambda each: (each.tail, each.head)):
            head, tail = group.hops[link.head], group.hops[link.tail]
            pair = [(worded[link.head], head.answer), (worded[link.tail], tail.answer)]
            about = {1: [(0, link.mention)]}
            reply = await self._ask(group, Composition.BRIDGE, pair, (head, tail), about, objection)
            if isinstance(reply, NoReply):
                return reply
            worded[link.tail] = reply.question.strip()
        assert reply is not None  # a chain has links
        return reply

    async def _ask(
        self,
        group: HopGroup,
        composition: Composition,
        asked: Sequence[tuple[str, str]],
        hops: Sequence[SingleHop],
        mentions: Mapping[int, Sequence[tuple[int, str]]],
        objection: str | None,
    ) -> MergedQuestion | NoReply:
        values = {
            "composition": composition.value,
            "hops": [
                {
                    "question": question,
                    "answer": answer,
                    "about": [
                        {"number": head + 1, "mention": mention}
                        for head, mention in mentions.get(at, ())
                    ],
                }
                for at, (question, answer) in enumerate(asked)
            ],
            "documents": self._documents(hops),
            "rationale": self.plan.prompt.reasons,
            "objection": objection,
        }
        kind = ReasonedMerge if self.plan.prompt.reasons else MergedQuestion
        return await self.model.ask(self.plan.prompt, group.language, values, kind)

    def _documents(self, hops: Sequence[SingleHop]) -> list[str]:
        if not self.plan.documents:
            return []
        shown = dict.fromkeys(hop.chunk_id for hop in hops)
        return [f"{self.chunks[each].title}\n{self.chunks[each].text}" for each in shown]


def _candidate(item: Returned, reply: MergedQuestion | NoReply, model: str) -> MultiHop:
    """The question as the model worded it, or as the template does where it could not be read."""
    group = item.group
    if isinstance(reply, NoReply):
        composer = COMPOSER
        question, answer = compose_question(group.composition, group.hops, group.links)
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
        links=group.links,
        composer=composer,
        history=item.history,
    )


def _answer(candidate: MultiHop) -> str:
    """The answer as the hops have it: the model may have put a word around it."""
    return composed_answer(candidate.composition, candidate.hops)


def _objection(item: Returned) -> str | None:
    if not item.history:
        return None
    last = item.history[-1]
    return f"{last.question}\n{last.reason}: {last.detail}"
