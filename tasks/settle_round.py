"""Settle a round: measure its pairs, credit its documents, and say where the build stands."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from longhop.identity import digest
from longhop.records.accounts import Failure, Reason, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Draw
from longhop.records.questions import SingleHop
from longhop.records.selection import Credit, FoundPair, Round, RoundTrace
from longhop.resources import resources
from longhop.selection.chance import chance_of
from longhop.selection.coverage import cover, find_modes
from longhop.selection.crediting import (
    Pairs,
    credit_documents,
    measure_pairs,
    of_warm_up,
)
from longhop.selection.need import worths_by_id
from longhop.selection.relevance import relevance_threshold
from longhop.selection.remaining import look_ahead
from longhop.selection.replaying import replay
from longhop.selection.transport import comparable_distance, nearest_costs
from tasks.draw_documents import DrawPlan
from tasks.field import chances_of, read_field, read_found, read_reference, vectors_of
from tasks.stage import stage

# A pool of fewer pairs has no distance that could be compared with a later one's.
_COMPARED = 64


@stage("settle", revision=2)
def settle_round(
    field: Artifact,
    reference: Artifact | None,
    chunks: list[Artifact],
    draws: Artifact,
    questions: list[Artifact],
    vectors: list[Artifact],
    failed: list[Artifact],
    rejected: list[Artifact],
    earlier: list[Round],
    plan: DrawPlan,
) -> Outcome:
    """The pairs of a round against the reference, the credit of its documents, and its trace."""
    store = resources().store
    drawn = store.read(draws, Draw)
    pairs = _pairs(drawn, questions, vectors)
    known = [read_found(each) for each in earlier]
    begun = store.read(earlier[0].draws, Draw) if earlier else drawn
    near = read_reference(reference)
    modes = find_modes(near) if near is not None else None
    documents = [each.document_id for each in known[0][0]] if known else pairs.documents
    first = of_warm_up(begun, documents, known[0][1] if known else pairs.vectors)
    threshold = relevance_threshold(near, first) if near is not None else 0.0
    counted = [
        vectors[[pair.relevant and pair.new for pair in found]] for found, vectors in known if found
    ]
    found = measure_pairs(
        pairs,
        near,
        threshold=threshold,
        earlier=np.concatenate(counted) if counted else pairs.vectors[:0],
    )
    names = [each.document_id for each in drawn]
    credited = credit_documents(names, found, _failed(failed, rejected, chunks))
    before = store.read(earlier[-1].trace, RoundTrace)[0] if earlier else None
    trace = _trace(drawn, credited, before, plan)
    if plan.learns:
        so_far = [
            _Settled(store.read(each.draws, Draw), store.read(each.credits, Credit), pairs_then)
            for each, (pairs_then, _) in zip(earlier, known, strict=True)
        ]
        so_far.append(_Settled(drawn, credited, found))
        weighed = modes if plan.selection.heeds_modes else None
        trace = trace.model_copy(update=_outlook(field, near, weighed, so_far))
    if near is not None and modes is not None:
        pool = [
            vectors for vectors in (*(each for _, each in known), pairs.vectors) if len(vectors)
        ]
        if pool:
            whole = np.concatenate(pool)
            told = _distance(whole, len(pairs.vectors), near, modes, threshold, plan.dataset)
            trace = trace.model_copy(update=told)
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


def _failed(failed: list[Artifact], rejected: list[Artifact], chunks: list[Artifact]) -> set[str]:
    """The documents of which a chunk could not be asked about to its end, or was not answered.

    A reply that cannot be read says nothing of what there is to ask about the text.
    """
    store = resources().store
    lost = {each.item for each in store.read_all(failed, Failure)}
    lost |= {
        each.item
        for each in store.read_all(rejected, Rejection)
        if each.stage == "ask" and each.reason is Reason.UNPARSABLE
    }
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


class _Settled(NamedTuple):
    """A round whose answers are known: who was drawn, what each gave, and the pairs."""

    draws: Sequence[Draw]
    credits: Sequence[Credit]
    found: Sequence[FoundPair]


def _outlook(
    field: Artifact,
    reference: NDArray[np.float32] | None,
    modes: NDArray[np.int32] | None,
    known: Sequence[_Settled],
) -> dict[str, float]:
    """What the documents that were not asked hold, and what the next would give each.

    With `modes`, the next are those that a policy takes which heeds them.
    """
    ids, read = read_field(field, reference)
    found = [pair for each in known for pair in each.found]
    ledger = replay(
        {each: row for row, each in enumerate(ids)},
        [each.credits for each in known],
        [],
        chances=chances_of(each.draws for each in known),
        worths=worths_by_id(found, modes) if modes is not None else None,
    )
    ahead = look_ahead(read, ledger, len(known[-1].draws))
    return {"remaining": ahead.remaining, "rate": ahead.rate} if ahead is not None else {}


def _distance(
    pool: NDArray[np.float32],
    last: int,
    reference: NDArray[np.float32],
    modes: NDArray[np.int32],
    threshold: float,
    dataset: str,
) -> dict[str, float]:
    """How far all pairs are from the reference, and what of it they cover; the `last` are new."""
    chance = np.random.default_rng(int(digest("distance", dataset)[:16], 16))
    covered = cover(pool, reference, modes, threshold)
    told = {
        "coverage": round(float(covered @ np.bincount(modes)) / len(reference), 6),
        "least_covered": round(float(covered.min()), 6),
    }
    if len(pool) >= _COMPARED:
        told["distance"] = comparable_distance(pool, reference, chance, size=_COMPARED)
    if 0 < last < len(pool):
        costs = nearest_costs(pool, reference)
        rows = np.arange(len(pool) - last, len(pool))
        told["chance"] = chance_of(rows, len(pool), lambda each: costs[each].mean(), chance)
    return told


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
