"""The answers that prompts ask for, one model a prompt.

Their JSON schemas stand beside the prompts as files; a test holds the two together.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from longhop.records.questions import AnswerKind

Score = Annotated[int, Field(ge=1, le=10)]


class Reply(BaseModel):
    """A validated answer. Anything beyond its fields is an error, not a guess."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AskedQuestions(Reply):
    """All that a model asked about a chunk, without answers; none is a legal answer."""

    questions: tuple[str, ...]


class Told(Reply):
    """What a chunk tells in answer to a question, and what linking has to know of it."""

    answer: str
    quote: str
    subject: str
    subject_kind: str
    relation: str
    kind: AnswerKind
    aliases: tuple[str, ...]
    entities: tuple[str, ...]


class FoundAnswer(Told):
    """The answer to one of the questions, by its number, as the chunk gives it."""

    number: int
    answerable: bool


class FoundAnswers(Reply):
    """The answers that a model found in a chunk."""

    answers: tuple[FoundAnswer, ...]


class ReasonedAnswer(FoundAnswer):
    """An answer with the reasoning that led to it."""

    rationale: str


class ReasonedAnswers(FoundAnswers):
    """Answers with the reasoning that led to each."""

    answers: tuple[ReasonedAnswer, ...]


class ProposedQuestion(Told):
    """One question that a model wrote about a chunk, with its answer."""

    question: str


class SingleHopQuestions(Reply):
    """All that a model asked about a chunk; none is a legal answer."""

    questions: tuple[ProposedQuestion, ...]


class MendedQuestion(ProposedQuestion):
    """A question in place of one that was turned away, by its number."""

    number: int


class MendedQuestions(Reply):
    """What a model made of questions that were turned away."""

    questions: tuple[MendedQuestion, ...]


class ReasonedQuestion(ProposedQuestion):
    """A question whose answer was reasoned out before it was written."""

    rationale: str


class ReasonedQuestions(SingleHopQuestions):
    """Questions with the reasoning that led to each answer."""

    questions: tuple[ReasonedQuestion, ...]


class MergedQuestion(Reply):
    """One question made of several, with its answer."""

    question: str
    answer: str


class ReasonedMerge(MergedQuestion):
    """A merged question whose steps were written down before it."""

    rationale: str


class Judged(Reply):
    """A rationale, then a score for each criterion."""

    rationale: str
    clarity: Score
    faithfulness: Score
    coherence: Score
    complexity: Score


class Quality(StrEnum):
    """The classes of a judge that sorts."""

    HIGH = "high"
    LOW = "low"


class Classified(Reply):
    """A rationale, then a class."""

    rationale: str
    quality: Quality


class Compared(Reply):
    """Whether two answers to one question say the same, the rationale first."""

    rationale: str
    same: bool


class ShortAnswer(Reply):
    """An attempt to answer a question."""

    rationale: str
    answerable: bool
    answer: str


class WrittenSection(Reply):
    """A section of a written document; its heading may be empty."""

    heading: str
    text: str


class WrittenContext(Reply):
    """A document written for a question and its answer, or sections that it is to have, too."""

    title: str
    sections: tuple[WrittenSection, ...]
    evidence: tuple[str, ...]


REPLIES: dict[str, type[Reply]] = {
    "asked_questions": AskedQuestions,
    "found_answers": FoundAnswers,
    "reasoned_answers": ReasonedAnswers,
    "single_hop_questions": SingleHopQuestions,
    "reasoned_questions": ReasonedQuestions,
    "mended_questions": MendedQuestions,
    "merged_question": MergedQuestion,
    "reasoned_merge": ReasonedMerge,
    "judgement": Judged,
    "classification": Classified,
    "compared_answers": Compared,
    "short_answer": ShortAnswer,
    "written_context": WrittenContext,
}
# What is asked for instead where the model is to reason first.
REASONED = {
    "found_answers": "reasoned_answers",
    "single_hop_questions": "reasoned_questions",
    "merged_question": "reasoned_merge",
}
