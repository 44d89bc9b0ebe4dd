"""Binding: a finished draft becomes a document whose sections are its chunks."""

from collections.abc import Sequence
from dataclasses import dataclass

from longhop.contexts.drafting import Order
from longhop.contexts.drafts import BETWEEN, Draft, Place
from longhop.identity import make_id
from longhop.ports import Tokenizer
from longhop.records.corpus import Chunk, Document, Span, Split
from longhop.records.questions import AnswerKind, SingleHop


@dataclass(frozen=True)
class Bound:
    """A written document and its chunks, one a section."""

    document: Document
    chunks: tuple[Chunk, ...]

    def span(self, place: Place) -> Span:
        """Where a place of the draft is."""
        chunk = self.chunks[place.section]
        return Span(chunk_id=chunk.id, start=place.start, end=place.end)

    def hop(self, question: str, answer: str, place: Place, *, subject: str = "") -> SingleHop:
        """A question that is answered at a place."""
        chunk, span = self.chunks[place.section], self.span(place)
        return SingleHop(
            id=make_id("q", chunk.id, question),
            question=question,
            answer=answer,
            evidence=(span,),
            quote=chunk.text[span.start : span.end],
            subject=subject,
            relation="",
            kind=AnswerKind.OTHER,
            document_id=self.document.id,
            license=chunk.license,
            language=chunk.language,
            split=chunk.split,
        )


def bind(draft: Draft, order: Order, *, license: str, split: Split, tokenizer: Tokenizer) -> Bound:
    """The document of a draft, named by what it was written for and by its text."""
    document = Document(
        id=make_id("s", order.id, draft.text),
        title=draft.title,
        text=draft.text,
        license=license,
        language=order.language,
    )
    starts = _starts(draft.sections)
    chunks = tuple(
        Chunk(
            id=make_id("c", document.id, section),
            document_id=document.id,
            title=draft.title,
            text=section,
            start=start,
            end=start + len(section),
            tokens=tokenizer.count(section),
            license=license,
            language=order.language,
            split=split,
        )
        for start, section in zip(starts, draft.sections, strict=True)
    )
    return Bound(document, chunks)


def _starts(sections: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for section in sections:
        starts.append(at)
        at += len(section) + len(BETWEEN)
    return starts
