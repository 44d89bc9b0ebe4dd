"""The signals that a plan wants to propose by: what is compared, and how."""

from collections.abc import Mapping, Sequence

from longhop.questions.bridging import BridgeIndex
from longhop.questions.linking.closeness import Closeness, VectorCloseness, WordCloseness
from longhop.records.questions import SingleHop
from longhop.selection.vectors import stack
from longhop.spec.sections import Questions


def open_closeness(
    pool: Sequence[SingleHop],
    plan: Questions,
    vectors: Mapping[str, Sequence[int]],
    texts: Mapping[str, str],
) -> tuple[Closeness, BridgeIndex]:
    """How near questions are to each other, and which asks about which answer.

    `vectors` are by the ids of questions or of documents, as the plan compares them; `texts` are
    those of documents, where it compares their words.
    """
    by_document = plan.similarity == "documents"
    if plan.retrieval == "bm25":
        words = [
            texts[each.document_id] if by_document else f"{each.question} {each.answer}"
            for each in pool
        ]
        return WordCloseness(words), BridgeIndex(pool, None)
    rows = stack([vectors[each.document_id if by_document else each.id] for each in pool])
    return VectorCloseness(rows), BridgeIndex(pool, rows)
