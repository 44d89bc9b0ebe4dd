"""A solver that errs at known rates: it knows, fails and guesses."""

from collections.abc import Sequence
from dataclasses import dataclass

from longhop.rehearsal.chance import draw
from longhop.rehearsal.fallible.items import Hop, Question
from longhop.rehearsal.fallible.sampling import asked_as


@dataclass(frozen=True)
class Solver:
    """How often it is right without a document, wrong with all evidence, right without some.

    Each is a share of the questions, drawn for the question, the hops that are shown and the number
    of the sample. A question that does not need a hop is answered without it, and that is no error.
    """

    knows: float = 0.1
    fails: float = 0.04
    guesses: float = 0.08

    def answer(
        self, question: Question, documents: Sequence[str], seed: int, sample: int = 0
    ) -> str:  # fmt: skip
        """The answer; empty where it finds none."""
        shown = {hop.at for hop in question.hops if any(states(each, hop) for each in documents)}
        key = (*asked_as(seed, sample), question.text, *map(str, sorted(shown)))
        if not documents:
            right = draw("knows", *key) < self.knows
        elif question.necessary <= shown:
            right = draw("fails", *key) >= self.fails
        else:
            right = draw("guesses", *key) < self.guesses
        return question.answer if right else ""


def states(document: str, hop: Hop) -> bool:
    """Whether a document holds the evidence of a hop, in whichever copy's words."""
    return hop.subject in document and hop.answer in document
