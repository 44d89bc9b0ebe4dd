"""Settle a round: measure its pairs, credit its documents, and say where the build stands."""

from collections.abc import Sequence

import numpy as np

from longhop.records.accounts import Failure
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Draw
from longhop.records.questions import SingleHop
from longhop.records.selection import Credit, FoundPair, Round, RoundTrace
from longhop.resources import resources
from longhop.selection.crediting import Pairs, credit_documents, measure_pairs
from tasks.draw_documents import DrawPlan
from tasks.field import read_found, read_reference, vectors_of
from tasks.stage import stage


@stage("settle", revision=1)
def settle_round(
    field: Artifact,
    reference: Artifact | None,
    chunks: list[Artifact],
    draws: Artifact,
    questions: list[Artifact],
    vectors: list[Artifact],
    failed: list[Artifact],
    earlier: list[Round],
    plan: DrawPlan,
) -> Outcome:
    """The pairs of a round against the reference, the credit of its documents, and its trace."""
    store = resources().store
    drawn = store.read(draws, Draw)
    pairs = _pairs(drawn, questions, vectors)
    known = [read_found(each) for each in earlier]
    counted = [
        vectors[[pair.relevant and pair.new for pair in found]] for found, vectors in known if found
    ]
    found = measure_pairs(
        pairs,
        read_reference(reference),
        first=known[0][1] if known else pairs.vectors,
        earlier=np.concatenate(counted) if counted else pairs.vectors[:0],
    )
    credited = credit_documents(
        [each.document_id for each in drawn], found, _failed(failed, chunks)
    )
    before = store.read(earlier[-1].trace, RoundTrace)[0] if earlier else None
    trace = _trace(drawn, credited, before, plan)
    return Outcome(
        artifacts={
            "credits": store.write("credits", credited, Credit),
            "found": store.write("found", found, FoundPair),
            "trace": store.write("trace", [trace], RoundTrace),
        }
    )


def _pairs(drawn: Sequence[Draw], questions: list[Artifact], vectors: list[Artifact]) -> Pairs:
    """The pairs of a round in the order of its draws, and of their ids."""
    place = {each.document_id: number for number, each in enumerate(drawn)}
    rows = [
        (place[document], each, document)
        for part in questions
        for batch in resources().store.batches(part, SingleHop, ("id", "document_id"))
        for each, document in zip(
            batch.column("id").to_pylist(), batch.column("document_id").to_pylist(), strict=True
        )
    ]
    rows.sort()
    units = vectors_of(vectors)
    found = [units[each] for _, each, _ in rows]
    return Pairs(
        ids=[each for _, each, _ in rows],
        documents=[each for _, _, each in rows],
        vectors=np.stack(found) if found else np.zeros((0, 0), dtype=np.float32),
    )


def _failed(failed: list[Artifact], chunks: list[Artifact]) -> set[str]:
    """The documents of which a chunk could not be asked about to its end."""
    store = resources().store
    lost = {each.item for each in store.read_all(failed, Failure)}
    if not lost:
        return set()
    return {
        document
        for part in chunks
        for batch in store.batches(part, Chunk, ("id", "document_id"))
        for each, document in zip(
            batch.column("id").to_pylist(), batch.column("document_id").to_pylist(), strict=True
        )
        if each in lost
    }


def _trace(
    drawn: Sequence[Draw], credited: Sequence[Credit], before: RoundTrace | None, plan: DrawPlan
) -> RoundTrace:
    reward = sum(each.reward for each in credited)
    return RoundTrace(
        round=before.round + 1 if before else 1,
        policy=drawn[-1].policy if drawn else plan.selection.policy,
        documents=len(drawn),
        failed=sum(each.failed for each in credited),
        pairs=sum(each.pairs for each in credited),
        reward=reward,
        asked=len(drawn) + (before.asked if before else 0),
        found=reward + (before.found if before else 0.0),
    )
