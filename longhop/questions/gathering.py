"""One pool of questions: what is asked twice is kept once."""

from collections.abc import Sequence, Set

from longhop.identity import digest
from longhop.matching import normalise
from longhop.records.accounts import Reason, Rejection
from longhop.records.questions import SingleHop


def gather_questions(
    questions: Sequence[SingleHop], incumbents: Set[str] = frozenset()
) -> tuple[list[SingleHop], list[Rejection]]:
    """The questions in the order of their ids, each wording once within a split.

    Of equal wordings one that the base's groups rest on is kept, else the one with the smallest
    id, whatever shard it came from.
    """
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    kept, rejected = [], []
    for question in sorted(questions, key=lambda each: (each.id not in incumbents, _order(each))):
        wording = (question.split, normalise(question.question))
        twin = seen.get(wording)
        if twin is None:
            seen[wording] = question.id
            kept.append(question)
        else:
            rejected.append(
                Rejection(
                    stage="gather",
                    item=question.id,
                    reason=Reason.DUPLICATE_QUESTION,
                    detail=f"of {twin}",
                    raw=question.question,
                )
            )
    return sorted(kept, key=_order), rejected


def _order(question: SingleHop) -> tuple[str, str]:
    """By id; the same question may come twice from one chunk, with two answers."""
    return question.id, digest(question.model_dump(mode="json"))
