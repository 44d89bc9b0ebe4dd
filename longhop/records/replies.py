"""The answers that prompts ask for, one model a prompt.

Their JSON schemas stand beside the prompts as files; a test holds the two together.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from longhop.records.questions import AnswerKind

Score = Annotated[int, Field(ge=1, le=10)]


class Reply(BaseModel):
    """A validated answer. Anything beyond its fields is an error, not a guess."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProposedQuestion(Reply):
    """One question that a model wrote about a chunk."""

    question: str
    answer: str
    quote: str
    subject: str
    relation: str
    kind: AnswerKind


class SingleHopQuestions(Reply):
    """All that a model asked about a chunk; none is a legal answer."""

    questions: tuple[ProposedQuestion, ...]


class MergedQuestion(Reply):
    """One question made of several, with its answer."""

    question: str
    answer: str


class Judged(Reply):
    """A rationale, then a score for each criterion."""

    rationale: str
    clarity: Score
    faithfulness: Score
    coherence: Score
    complexity: Score


class ShortAnswer(Reply):
    """An attempt to answer a question."""

    rationale: str
    answerable: bool
    answer: str


class WrittenContext(Reply):
    """A document written for a question and its answer."""

    title: str
    text: str
    evidence: tuple[str, ...]


REPLIES: dict[str, type[Reply]] = {
    "single_hop_questions": SingleHopQuestions,
    "merged_question": MergedQuestion,
    "judgement": Judged,
    "short_answer": ShortAnswer,
    "written_context": WrittenContext,
}
