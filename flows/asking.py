"""One round: ask about the documents that it draws, and embed what they gave."""

from dataclasses import dataclass

from flows.book import Book
from flows.building import Build
from flows.surveying import Model, own_model
from longhop.operations.planning import ask_plan
from longhop.records.artifacts import Artifact
from tasks.ask_questions import ask_questions
from tasks.embed_documents import embed_questions


@dataclass
class Answers:
    """What a round has brought, a part of each a shard, and what is noted of it."""

    book: Book
    questions: list[Artifact]
    vectors: list[Artifact]
    failed: list[Artifact]
    rejected: list[Artifact]


async def ask_round(build: Build, draws: Artifact, turn: str) -> Answers:
    """The answers of a round, with a book of their own: rounds may overlap."""
    build = build.apart()
    plan = ask_plan(build.spec, build.start)
    asked = await build.all(
        ask_questions,
        [{"chunks": each, "draws": draws, "plan": plan} for each in build.chunks],
        turn=turn,
    )
    questions = [each["questions"] for each in asked]
    vectors = await embed_round(build, questions, own_model(build), turn)
    failed, rejected = ([each[name] for each in asked] for name in ("failed", "rejected"))
    return Answers(build.book, questions, vectors, failed, rejected)


async def embed_round(
    build: Build, questions: list[Artifact], model: Model, turn: str
) -> list[Artifact]:
    """The vectors of the questions of a round, a part a shard."""
    embedded = await build.all(
        embed_questions,
        [{"questions": each, **model.told} for each in questions],
        turn=turn,
        in_rounds=True,
    )
    return [each["vectors"] for each in embedded]
