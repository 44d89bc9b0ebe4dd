"""Policies: which documents are asked about next."""

from collections.abc import Mapping, Sequence

import numpy as np

from longhop.identity import keyed_order
from longhop.records.corpus import DocumentVector, Draw
from longhop.selection.vectors import Steps, similarities, stack
from longhop.spec.sections import Selection

_NEIGHBOURS = 5


def draw_documents(
    documents: Sequence[str],
    vectors: Mapping[str, DocumentVector],
    reference: Steps | None,
    plan: Selection,
    *,
    dataset: str,
    asked: Sequence[Draw],
) -> list[Draw]:
    """The documents to ask about, those that the base asked about before any other.

    An asked document stays asked, for the reason it was drawn for; only the places that are left
    are competed for.
    """
    present = set(documents)
    earlier = [each for each in asked if each.document_id in present]
    taken = {each.document_id for each in earlier}
    fresh = sorted(present - taken)
    room = len(fresh) if plan.documents is None else max(0, plan.documents - len(earlier))
    if plan.policy == "similarity" and reference is not None:
        ranked = _by_similarity(fresh, vectors, reference)
    else:
        ranked = [(each, 0) for each in keyed_order(fresh, str, "draw", dataset)]
    return earlier + [
        Draw(document_id=each, policy=plan.policy, score=score) for each, score in ranked[:room]
    ]


def _by_similarity(
    documents: Sequence[str], vectors: Mapping[str, DocumentVector], reference: Steps
) -> list[tuple[str, int]]:
    """The documents by the sum of their similarities to the nearest references, ties by id."""
    if not documents:
        return []
    near = similarities(stack([vectors[each].vector for each in documents]), reference)
    width = min(_NEIGHBOURS, reference.shape[0])
    scores = np.sort(near, axis=1)[:, -width:].sum(axis=1)
    return sorted(
        zip(documents, (int(score) for score in scores), strict=True),
        key=lambda item: (-item[1], item[0]),
    )
