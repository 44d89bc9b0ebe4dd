"""What a round gave: its pairs measured, and the credit of each document."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from longhop.records.selection import Credit, FoundPair
from longhop.selection.relevance import new_relevant

_BLOCK = 1024


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
    if reference is None:
        near, nearest = np.zeros(count), np.full(count, -1)
        relevant = np.ones(count, dtype=bool)
        new = new_relevant(pairs.vectors, pairs.vectors, -2.0, earlier) if count else relevant
    else:
        near, nearest = _nearest(pairs.vectors, reference)
        relevant = near > threshold
        new = new_relevant(pairs.vectors, reference, threshold, earlier) if count else relevant
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


def _nearest(
    rows: NDArray[np.float32], reference: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The greatest cosine of each row and the first item that has it, in six digits."""
    near, nearest = np.zeros(len(rows)), np.zeros(len(rows), dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        cosines = (rows[block] @ reference.T).astype(np.float64).round(6)
        nearest[block] = cosines.argmax(axis=1)
        near[block] = cosines.max(axis=1)
    return near, nearest
