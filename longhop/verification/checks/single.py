"""A question of one hop, as it comes from asking: its wording, and its answer in its quote."""

import re

from longhop.matching import mentions
from longhop.records.accounts import Reason
from longhop.records.questions import SingleHop
from longhop.verification.checks.finding import Finding, find
from longhop.verification.checks.instructions import check_instructions
from longhop.verification.checks.wording import check_wording

# What a question cannot be about without a name: "the film", "he".
_BARE_SUBJECT = re.compile(
    r"(?:the|this|that|these|those|its|his|her|their) [a-z]+|(?i:it|he|she|they)"
    r"|[它他她这那该其本].{0,3}"
)


def check_single_hop(question: SingleHop) -> Finding | None:
    """What is wrong with a question whose evidence was located, if anything is."""
    return (
        check_wording(question.question, question.answer, question.language)
        or find(
            _BARE_SUBJECT.fullmatch(question.subject) is not None,
            Reason.NOT_SELF_CONTAINED,
            f"{question.subject!r} could be any",
        )
        or find(mentions(question.question, question.answer), Reason.ANSWER_LEAK, question.answer)
        or find(
            not mentions(question.quote, question.answer),
            Reason.ANSWER_NOT_IN_EVIDENCE,
            question.quote,
        )
        or check_instructions(question.question, question.answer, (question,))
    )
