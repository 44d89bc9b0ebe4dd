"""Faults that a check without a model can see: in a merged question, and in a quote."""

from dataclasses import dataclass
from typing import Literal

from longhop.rehearsal.chance import draw
from longhop.rehearsal.relations import Language, language_of

Fault = Literal["", "names_bridge", "names_answer"]
WORDED: tuple[Fault, ...] = ("names_bridge", "names_answer")  # faults that stand in a question
_PRONOUN: dict[Language, str] = {"en": "it", "zh": "它"}
_ENDS: dict[Language, str] = {"en": ". ", "zh": "。"}


@dataclass(frozen=True)
class Faults:
    """How often a first attempt names a bridge or its answer, drops its subject, quotes amiss.

    Each is a share of the questions, and at most one of the first three happens to a question. A
    second attempt, told what was wrong, has none of them. Without rates nothing of it happens.
    """

    names_bridge: float = 0.0
    names_answer: float = 0.0
    pronoun: float = 0.0
    ungrounded: float = 0.0

    def of_question(self, text: str, seed: int) -> Fault | Literal["pronoun"]:
        """What happens to a merged question."""
        chance = draw("fault", str(seed), text)
        if chance < self.names_bridge:
            return "names_bridge"
        if chance < self.names_bridge + self.names_answer:
            return "names_answer"
        if chance < self.names_bridge + self.names_answer + self.pronoun:
            return "pronoun"
        return ""

    def quote(self, sentence: str, document: str, seed: int) -> str:
        """A sentence as it is quoted: now and then another one of the document."""
        if draw("ungrounded", str(seed), sentence) >= self.ungrounded:
            return sentence
        end = _ENDS[language_of(sentence)]
        first = (each.strip() for each in document.split(end))
        return next((f"{each}{end.strip()}" for each in first if each not in sentence), sentence)


def put_in(question: str, name: str, language: Language) -> str:
    """A question that names what it should describe."""
    told = f"（{name}）" if language == "zh" else f" ({name})"
    return question[:-1] + told + question[-1]


def drop(question: str, name: str, language: Language) -> str:
    """A question that nobody can understand on its own."""
    return question.replace(name, _PRONOUN[language])
