"""Ask the single-hop questions of a shard, and gather those of all shards."""

from longhop.questions.asking import AskPlan, ask_chunks
from longhop.questions.gathering import gather_questions as gather
from longhop.records.accounts import Balance, Failure, LeftReason, Rejection, count_reasons
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, DocumentVector, Draw
from longhop.records.questions import HopGroup, SingleHop
from longhop.resources import resources
from tasks.sifted import write_rejected
from tasks.stage import stage


@stage("ask", revision=5)
async def ask_questions(chunks: Artifact, draws: Artifact, plan: AskPlan) -> Outcome:
    """The checked questions of the chunks of one round: of the documents that it draws."""
    live = resources()
    drawn = {each.document_id for each in live.store.read(draws, Draw)}
    rows = live.store.iterate(chunks, Chunk)
    chosen = [each for each in rows if each.document_id in drawn]
    asked = await ask_chunks(chosen, plan, model=live.model)
    rejected = [*asked.rejected_chunks, *asked.rejected_questions]
    return Outcome(
        artifacts={
            "questions": live.store.write("single_hop", asked.questions, SingleHop),
            "rejected": live.store.write("rejected", rejected, Rejection),
            "failed": live.store.write("failed", asked.failed_chunks, Failure),
        },
        balances=(
            Balance(
                stage="ask",
                unit="chunk",
                taken=len(chosen),
                accepted=asked.answered_chunks,
                rejected=count_reasons(asked.rejected_chunks),
                failed=count_reasons(asked.failed_chunks),
            ),
            Balance(
                stage="check",
                unit="question",
                taken=len(asked.questions) + len(asked.rejected_questions) + asked.beyond_limit,
                accepted=len(asked.questions),
                rejected=count_reasons(asked.rejected_questions),
                left=_left(LeftReason.BEYOND_LIMIT, asked.beyond_limit),
            ),
        ),
    )


@stage("gather", revision=3)
def gather_questions(
    questions: list[Artifact], vectors: list[Artifact], base: Artifact | None
) -> Outcome:
    """The questions of all shards, each once by its meaning, those of the base's groups first."""
    store = resources().store
    rows = store.read_all(questions, SingleHop)
    groups = store.read(base, HopGroup) if base else []
    meant = {each.document_id: each.vector for each in store.read_all(vectors, DocumentVector)}
    kept, rejected = gather(rows, meant, {hop.id for group in groups for hop in group.hops})
    written = {"questions": store.write("single_hop", kept, SingleHop)}
    return write_rejected("gather", "question", written, accepted=len(kept), rejected=rejected)


def _left(reason: LeftReason, number: int) -> dict[str, int]:
    return {reason.value: number} if number else {}
