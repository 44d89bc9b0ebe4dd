"""Fakes that behave: a model with a script, records with sensible fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.llm.meter import count_answer
from longhop.ports import NoReply
from longhop.records.corpus import Chunk, Document, DocumentVector, Span, Split
from longhop.records.model import Message, ModelAnswer, ModelRequest, Prompt
from longhop.records.questions import (
    AnswerKind,
    Composition,
    HopGroup,
    HopLink,
    Scope,
    SingleHop,
)
from longhop.records.replies import Reply
from longhop.records.status import ModelStatus
from longhop.records.verification import MultiHop

# What every answer of a scripted model takes.
ANSWER = ModelAnswer(text="", finish="stop", input_tokens=100, output_tokens=20)


class ScriptedModel:
    """A ChatModel that answers as its script says, and remembers what it was asked."""

    def __init__(self, script: Callable[[Prompt, Mapping[str, object]], Reply | NoReply]) -> None:
        self.script = script
        self.asked: list[tuple[str, Mapping[str, object]]] = []

    async def ask(
        self, prompt: Prompt, language: str, values: Mapping[str, object], reply: type[Any]
    ) -> Any:
        self.asked.append((prompt.name, values))
        count_answer(prompt.model, ANSWER)
        return self.script(prompt, values)

    def request(self, prompt: Prompt, language: str, values: Mapping[str, object]) -> ModelRequest:
        return ModelRequest(
            messages=(Message(role="user", content=str(values)),),
            model=prompt.model,
            temperature=prompt.temperature,
            max_tokens=prompt.max_tokens,
            reply=prompt.reply,
            reply_schema=prompt.reply_schema,
        )

    def kept(self, key: str) -> ModelAnswer | None:
        """Nothing is remembered."""
        return None

    @property
    def status(self) -> ModelStatus:
        return ModelStatus(
            requests=len(self.asked),
            remembered=0,
            input_tokens=0,
            output_tokens=0,
            cost="",
            per_second=0.0,
            in_flight=0,
            waiting_for="",
        )


class KeptInMemory(dict[str, object]):
    """A Remembrance that lasts as long as the test."""

    def put(self, key: str, value: object) -> None:
        self.setdefault(key, value)

    def get_many(self, keys: Sequence[str]) -> dict[str, object]:
        return {key: self[key] for key in keys if key in self}

    def put_many(self, values: Mapping[str, object]) -> None:
        for key, value in values.items():
            self.put(key, value)


class WordTokenizer:
    """A tokenizer whose tokens are characters: exact, and easy to reason about."""

    name = "characters"

    def count(self, text: str) -> int:
        return len(text)

    def encode(self, text: str) -> list[int]:
        return [ord(each) for each in text]

    def decode(self, tokens: Sequence[int]) -> str:
        return "".join(chr(each) for each in tokens)

    def boundaries(self, text: str) -> NDArray[np.int64]:
        return np.arange(1, len(text) + 1)

    def settled(self, text: str, start: int, end: int) -> tuple[int, int]:
        return start, start


def prompt(name: str = "single_hop") -> Prompt:
    return Prompt(
        name=name,
        templates={"en": "0" * 64, "zh": "1" * 64},
        reply="short_answer",
        reply_schema="2" * 64,
        model="scripted",
        temperature=0.0,
        max_tokens=100,
    )


def document(name: str, text: str, *, language: str = "en", title: str = "") -> Document:
    return Document(id=name, title=title or name, text=text, license="CC0-1.0", language=language)


def chunk(name: str, text: str, *, of: str | None = None, start: int = 0) -> Chunk:
    return Chunk(
        id=name,
        document_id=of or f"d-{name}",
        title=of or name,
        text=text,
        start=start,
        end=start + len(text),
        tokens=len(text),
        license="CC0-1.0",
        language="en",
        split=Split.TRAIN,
    )


def single_hop(
    question: str,
    answer: str,
    subject: str,
    *,
    relation: str = "relation",
    kind: AnswerKind = AnswerKind.PLACE,
    chunk_id: str | None = None,
    document_id: str | None = None,
    split: Split = Split.TRAIN,
    language: str = "en",
    quote: str | None = None,
    subject_kind: str = "",
) -> SingleHop:
    home = chunk_id or f"c-{subject}-{relation}"
    said = quote or f"{subject} … {answer}."
    return SingleHop(
        id=f"q-{question}",
        question=question,
        answer=answer,
        evidence=(Span(chunk_id=home, start=0, end=len(said)),),
        quote=said,
        subject=subject,
        subject_kind=subject_kind,
        relation=relation,
        kind=kind,
        document_id=document_id or f"d-{subject}",
        license="CC0-1.0",
        language=language,
        split=split,
    )


BORN = single_hop("Where was Ada Holm born?", "Orlin", "Ada Holm", relation="place of birth")
FOUNDED = single_hop(
    "Who founded Orlin?", "Brisa Tolle", "Orlin", relation="founder", kind=AnswerKind.PERSON
)
STUDIED = single_hop("Where did Brisa Tolle study?", "Marrow College", "Brisa Tolle")


def group(*hops: SingleHop, composition: Composition = Composition.BRIDGE) -> HopGroup:
    return HopGroup(
        id="g-" + "-".join(hop.id for hop in hops),
        composition=composition,
        scope=Scope.INTER,
        hops=hops,
        links=links_of(*hops),
        why="",
    )


def links_of(*hops: SingleHop) -> tuple[HopLink, ...]:
    """Where the answer of a hop is the subject of a later one."""
    return tuple(
        HopLink(head=at, tail=later, mention=hop.answer)
        for at, hop in enumerate(hops)
        for later in range(at + 1, len(hops))
        if hops[later].subject == hop.answer
    )


def multi_hop(*hops: SingleHop, question: str = "", answer: str = "") -> MultiHop:
    return MultiHop(
        id="m-" + "-".join(hop.id for hop in hops),
        group_id=group(*hops).id,
        question=question or "Who founded the place where Ada Holm was born?",
        answer=answer or hops[-1].answer,
        composition=Composition.BRIDGE if len(hops) > 1 else Composition.SINGLE,
        scope=Scope.INTER,
        hops=hops,
        links=links_of(*hops),
        composer="scripted",
    )


def vector(name: str, *steps: int) -> DocumentVector:
    return DocumentVector(document_id=name, vector=steps)
