"""The necessity certificate: a row is answered with its evidence and not without any of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from longhop.concurrency import run_each
from longhop.ports import ChatModel, NoReply
from longhop.records.accounts import Reason, Rejection
from longhop.records.base import Record
from longhop.records.corpus import Chunk
from longhop.records.model import Prompt
from longhop.records.questions import Composition
from longhop.records.replies import ShortAnswer
from longhop.records.verification import MultiHop, Probe, ProbeKind
from longhop.verification.answers import says_nothing
from longhop.verification.comparing import compare_answers, is_free_text
from longhop.verification.repairing import Sifted, note_no_reply, turn_away


class ProvePlan(Record):
    """What proving depends on; on the last attempt nothing is sent back any more.

    {"answer": {…}, "closed_book": {…}, "compare": {…}, "samples": 1, "last": true}

    `samples` says how often the solver is asked with a part of the evidence missing: one right
    answer among them is enough to show that the part is not needed.
    """

    answer: Prompt
    closed_book: Prompt
    compare: Prompt
    samples: int = 1
    last: bool = True


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
    solver = Solver(plan, model)

    async def prove(candidate: MultiHop) -> MultiHop | NoReply:
        return await solver.prove(candidate, chunks)

    proved = Sifted()
    for candidate, result in zip(candidates, await run_each(candidates, prove), strict=True):
        if isinstance(result, NoReply):
            note_no_reply("prove", candidate.id, result, into=proved)
        elif not result.probes:
            chunks_of = f"{len(result.hops)} hops on {len(result.evidence_chunks)} chunks"
            shared = Reason.SHARED_EVIDENCE
            turn_away("prove", result, shared, chunks_of, last=True, into=proved)
        elif result.proof == "complete":
            proved.kept.append(result)
        else:
            last = result.probes[-1]
            detail = _told(last, result)
            turn_away("prove", result, REASON[last.kind], detail, last=plan.last, into=proved)
    return proved


@dataclass(frozen=True)
class Solver:
    """Answers questions from documents, and holds its answers against the right ones."""

    plan: ProvePlan
    model: ChatModel

    async def prove(self, candidate: MultiHop, chunks: Mapping[str, Chunk]) -> MultiHop | NoReply:
        """The candidate with its probes, up to the first that fails; complete if none does.

        Without any where two hops rest on one chunk: no probe could leave out one of them alone.
        """
        if len(candidate.evidence_chunks) < len(candidate.hops):
            return candidate
        probes: list[Probe] = []
        for kind, missing, sample in self._probes(candidate):
            shown = [each for each in candidate.evidence_chunks if each != missing]
            texts = [] if kind is ProbeKind.CLOSED_BOOK else [shown_as(chunks[it]) for it in shown]
            probe = await self.probe(candidate, kind, texts, missing=missing, sample=sample)
            if isinstance(probe, NoReply):
                return probe
            probes.append(probe)
            if probe.correct != (kind is ProbeKind.FULL):
                return candidate.model_copy(update={"probes": tuple(probes)})
        return candidate.model_copy(update={"probes": tuple(probes), "proof": "complete"})

    async def probe(
        self,
        candidate: MultiHop,
        kind: ProbeKind,
        documents: Sequence[str],
        *,
        missing: str = "",
        sample: int = 0,
    ) -> Probe | NoReply:
        """One attempt to answer a question from documents, or from none."""
        prompt = self.plan.closed_book if kind is ProbeKind.CLOSED_BOOK else self.plan.answer
        prompt = prompt.model_copy(update={"sample": prompt.sample + sample}) if sample else prompt
        values: dict[str, object] = {"question": candidate.question}
        if kind is not ProbeKind.CLOSED_BOOK:
            values["documents"] = list(documents)
        reply = await self.model.ask(prompt, candidate.language, values, ShortAnswer)
        if isinstance(reply, NoReply):
            return reply
        answer = reply.answer if reply.answerable else ""
        compared = await compare_answers(answer, candidate, self.plan.compare, model=self.model)
        if isinstance(compared, NoReply):
            return compared
        correct, by = compared
        return Probe(
            kind=kind,
            left_out=missing,
            answer=answer,
            correct=correct,
            model=prompt.model,
            compared=by,
        )

    def _probes(self, candidate: MultiHop) -> Iterator[tuple[ProbeKind, str, int]]:
        """What is tried in turn: the kind, the chunk that is missing, and which time it is.

        Whoever has no document finds no answer, so that proves nothing of a question without one.
        And a text of a trusted pair, such as a summary, is hardly another without one of its facts.
        """
        if says_nothing(candidate.answer):
            yield ProbeKind.FULL, "", 0
            return
        for sample in range(self.plan.samples):
            yield ProbeKind.CLOSED_BOOK, "", sample
        yield ProbeKind.FULL, "", 0
        evidence = candidate.evidence_chunks
        if len(evidence) == 1 or (
            candidate.composition is Composition.SINGLE and is_free_text(candidate)
        ):
            return
        for missing in evidence:
            for sample in range(self.plan.samples):
                yield ProbeKind.LEAVE_ONE_OUT, missing, sample


def shown_as(chunk: Chunk) -> str:
    """A chunk as a solver sees it."""
    return f"{chunk.title}\n{chunk.text}"


REASON = {
    ProbeKind.CLOSED_BOOK: Reason.ANSWERED_CLOSED_BOOK,
    ProbeKind.FULL: Reason.NOT_ANSWERED,
    ProbeKind.LEAVE_ONE_OUT: Reason.HOP_NOT_NEEDED,
    ProbeKind.DISTRACTORS: Reason.ANSWERED_BY_DISTRACTORS,
}


def reject_probed(candidate: MultiHop, probe: Probe, *, stage: str) -> Rejection:
    """A candidate turned away for what a probe showed."""
    return Rejection(
        stage=stage,
        item=candidate.id,
        reason=REASON[probe.kind],
        detail=_told(probe, candidate),
        raw=candidate.question,
    )


def _told(probe: Probe, candidate: MultiHop) -> str:
    without = f"without {probe.left_out}: " if probe.left_out else ""
    return f"{without}{probe.answer!r} for {candidate.answer!r}"
