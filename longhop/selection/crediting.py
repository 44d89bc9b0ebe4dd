"""What a round gave: its pairs measured, and the credit of each document."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from longhop.records.corpus import Draw
from longhop.records.selection import Credit, FoundPair
from longhop.selection.relevance import first_of_each, nearest_items


@dataclass(frozen=True)
class Pairs:
    """Pairs in the order in which they were found: ids, documents, and vectors (p, d)."""

    ids: Sequence[str]
    documents: Sequence[str]
    vectors: NDArray[np.float32]


def measure_pairs(
    pairs: Pairs,
    reference: NDArray[np.float32] | None,
    *,
    threshold: float,
    earlier: NDArray[np.float32],
) -> list[FoundPair]:
    """How close each pair is to the reference, and whether it is relevant and new.

    A pair is relevant where it is closer than `threshold`; `earlier` are those of earlier rounds
    that were relevant and new. Without a reference every pair is relevant.
    """
    count = len(pairs.ids)
    near, nearest = np.zeros(count), np.full(count, -1)
    relevant = np.ones(count, dtype=bool)
    if reference is not None and count:
        near, nearest = nearest_items(pairs.vectors, reference)
        relevant = near > threshold
    new = first_of_each(pairs.vectors, relevant, earlier) if count else relevant
    return [
        FoundPair(
            question_id=question,
            document_id=document,
            closeness=float(near[place]),
            reference=int(nearest[place]),
            relevant=bool(relevant[place]),
            new=bool(new[place]),
        )
        for place, (question, document) in enumerate(zip(pairs.ids, pairs.documents, strict=True))
    ]


def of_warm_up(
    drawn: Sequence[Draw], documents: Sequence[str], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The pairs of the first round that were first in an earlier version, too.

    In a later night the first round has all that was ever asked, what was drawn by chance in later
    rounds too; what counts would change with it.
    """
    warm = [each for each in drawn if each.round <= 1 and each.reason in ("audit", "warm-up")]
    first = {each.document_id for each in warm}
    chosen = [place for place, each in enumerate(documents) if each in first]
    return vectors[chosen] if chosen else vectors


def credit_documents(
    documents: Sequence[str], found: Sequence[FoundPair], failed: Collection[str]
) -> list[Credit]:
    """What each document of a round gave, in their order.

    One that `failed` in part, and gave a pair all the same, has told what it gives.
    """
    pairs = dict.fromkeys(documents, 0)
    rewards = dict.fromkeys(documents, 0.0)
    for each in found:
        pairs[each.document_id] += 1
        rewards[each.document_id] += each.relevant and each.new
    return [
        Credit(
            document_id=each,
            pairs=pairs[each],
            reward=rewards[each],
            failed=each in failed and not pairs[each],
        )
        for each in documents
    ]


def credit_supports(rows: Sequence[Sequence[str]]) -> dict[str, float]:
    """What rows say their documents are worth: 1 / hops of a row for each hop that rests on one.

    `rows` has the documents of each row's hops, in order. A pair that became part of no row is
    worth nothing, however good it is.
    """
    worth: dict[str, float] = {}
    for documents in rows:
        for each in documents:
            worth[each] = worth.get(each, 0.0) + 1 / len(documents)
    return worth
