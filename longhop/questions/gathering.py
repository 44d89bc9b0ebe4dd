"""One pool of questions: what is asked twice is kept once."""

from collections.abc import Sequence

from longhop.matching import normalise
from longhop.records.accounts import Reason, Rejection
from longhop.records.questions import SingleHop


def gather_questions(questions: Sequence[SingleHop]) -> tuple[list[SingleHop], list[Rejection]]:
    """The questions in the order of their ids, each wording once within a split.

    Of equal wordings the one with the smallest id is kept, whatever shard it came from.
    """
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    kept, rejected = [], []
    for question in sorted(questions, key=lambda each: each.id):
        twin = seen.setdefault((question.split, normalise(question.question)), question.id)
        if twin == question.id:
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
    return kept, rejected
