"""Composing: supporting documents among distractors, within an exact token budget."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from longhop.contexts.layout import DEPTHS
from longhop.contexts.library import Library
from longhop.corpus.languages.codes import prompt_language
from longhop.corpus.languages.sentences import split_sentences
from longhop.errors import ContextOverflow
from longhop.ports import Tokenizer
from longhop.records.corpus import Chunk, Document, Split
from longhop.records.examples import ComposedContext, Evidence, Layout, Role, Segment
from longhop.records.verification import MultiHop

_HEADER = {"en": "Document {number}: {title}\n", "zh": "文档{number}：{title}\n"}
_BETWEEN = "\n\n"
# Counts of parts do not add up to the count of the whole; this much is allowed for at first.
_SLACK_PER_DOCUMENT = 8


class Part(NamedTuple):
    """A part [start, end) of a document, and what it does in a context."""

    document_id: str
    role: Role
    start: int
    end: int


@dataclass(frozen=True)
class Composer:
    """Composes the contexts of rows from one library, with one tokenizer."""

    library: Library
    tokenizer: Tokenizer
    _whole: dict[str, int] = field(default_factory=dict)

    def compose(self, row: MultiHop, chunks: dict[str, Chunk], layout: Layout) -> ComposedContext:
        """The context of a row: its evidence uncut, distractors up to the budget, never above it.

        A supporting document is whole where all of them fit into half the budget together, else
        only its supporting chunks are there. The last distractor is trimmed at a sentence's end.
        Where the corpus has too few distractors the context is shorter than its layout.

        Raises:
            ContextOverflow: The supporting chunks alone exceed the budget. None is ever cut.
        """
        supporting = self._supporting(row, chunks, layout)
        parts = self._fill(row, supporting, layout)
        return self._written(row, chunks, layout, _arranged(parts, layout))

    def stands(self, context: ComposedContext, layout: Layout, split: Split) -> bool:
        """Whether an earlier context can stay: same layout, and its documents read as they did.

        And all of them are still of the row's split.
        """
        if context.layout != layout:
            return False
        for each in context.segments:
            if each.document_id not in self.library.documents:
                return False
            membership = self.library.memberships.get(each.document_id)
            if membership is not None and membership.split is not split:
                return False
        text, _ = self.text(parts_of(context), context.language)
        return hashlib.sha256(text.encode()).hexdigest() == context.sha256

    def text(self, segments: Sequence[Part], language: str) -> tuple[str, list[tuple[int, int]]]:
        """The text of parts in order, and where [start, end) the words of each lie in it."""
        pieces: list[str] = []
        places, at = [], 0
        for number, part in enumerate(segments, 1):
            document = self.library.documents[part.document_id]
            header = _header(document, number, language)
            body = document.text[part.start : part.end]
            lead = (_BETWEEN if number > 1 else "") + header
            pieces += [lead, body]
            places.append((at + len(lead), at + len(lead) + len(body)))
            at += len(lead) + len(body)
        return "".join(pieces), places

    def distractors_of(self, context: ComposedContext) -> list[str]:
        """The documents of a context that hold no evidence, as far as they are in it."""
        found = (each for each in context.segments if each.role is not Role.SUPPORTING)
        documents = ((self.library.documents[each.document_id], each) for each in found)
        return [f"{each.title}\n{each.text[part.start : part.end]}" for each, part in documents]

    def _supporting(
        self, row: MultiHop, chunks: dict[str, Chunk], layout: Layout
    ) -> tuple[Part, ...]:
        """One part a supporting document, in the order of the hops."""
        spans: dict[str, tuple[int, int]] = {}
        for chunk_id in row.evidence_chunks:
            chunk = chunks[chunk_id]
            start, end = spans.get(chunk.document_id, (chunk.start, chunk.end))
            spans[chunk.document_id] = (min(start, chunk.start), max(end, chunk.end))
        whole = tuple(
            Part(each, Role.SUPPORTING, 0, len(self.library.documents[each].text)) for each in spans
        )
        if self._count(whole, row.language) <= layout.tokens // 2:
            return whole
        bare = tuple(Part(each, Role.SUPPORTING, *spans[each]) for each in spans)
        needed = self._count(bare, row.language)
        if needed > layout.tokens:
            raise ContextOverflow(
                f"{len(row.evidence_chunks)} supporting chunks exceed {layout.tokens} tokens by"
                f" {needed - layout.tokens}"
            )
        return bare

    def _fill(
        self, row: MultiHop, supporting: tuple[Part, ...], layout: Layout
    ) -> tuple[Part, ...]:
        """Supporting parts, then distractors while they fit; the one that does not is trimmed."""
        parts = supporting
        estimate = self._count(parts, row.language)
        for document_id, role in self.library.distractors(row, layout):
            document = self.library.documents[document_id]
            part = Part(document_id, role, 0, len(document.text))
            estimate += self._count_whole(part, row.language) + _SLACK_PER_DOCUMENT
            if estimate <= layout.tokens:
                parts = (*parts, part)
                continue
            parts = self._trimmed(parts, part, row.language, layout.tokens)
            estimate = self._count(parts, row.language)
            if estimate >= 0.985 * layout.tokens:
                break
        return parts

    def _trimmed(
        self, parts: tuple[Part, ...], extra: Part, language: str, budget: int
    ) -> tuple[Part, ...]:
        """The parts with as many leading sentences of one more as the budget holds."""
        text = self.library.documents[extra.document_id].text
        ends = [end for _, end in split_sentences(text, language)]
        fits, too_many = 0, len(ends) + 1
        while too_many - fits > 1:
            middle = (fits + too_many) // 2
            tried = (*parts, extra._replace(end=ends[middle - 1]))
            if self._count(tried, language) <= budget:
                fits = middle
            else:
                too_many = middle
        return (*parts, extra._replace(end=_bare_end(text, ends[fits - 1]))) if fits else parts

    def _written(
        self,
        row: MultiHop,
        chunks: dict[str, Chunk],
        layout: Layout,
        parts: Sequence[Part],
    ) -> ComposedContext:
        text, places = self.text(parts, row.language)
        tokens = self.tokenizer.count(text)
        while tokens > layout.tokens:  # the order changed, and with it a token or two
            parts = _shortened(parts, self.library)
            text, places = self.text(parts, row.language)
            tokens = self.tokenizer.count(text)
        segments = tuple(
            Segment(**part._asdict(), context_start=start, context_end=end)
            for part, (start, end) in zip(parts, places, strict=True)
        )
        return ComposedContext(
            row_id=row.id,
            language=row.language,
            segments=segments,
            evidence=locate_evidence(row, chunks, segments, text),
            tokens=tokens,
            characters=len(text),
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            layout=layout,
        )

    def _count_whole(self, part: Part, language: str) -> int:
        """The tokens of a whole document on its own, counted once for all rows."""
        if part.document_id not in self._whole:
            self._whole[part.document_id] = self._count((part,), language)
        return self._whole[part.document_id]

    def _count(self, parts: Sequence[Part], language: str) -> int:
        return self.tokenizer.count(self.text(parts, language)[0])


def parts_of(context: ComposedContext) -> list[Part]:
    """The parts that a context was composed of, in order."""
    return [Part(each.document_id, each.role, each.start, each.end) for each in context.segments]


def locate_evidence(
    row: MultiHop, chunks: dict[str, Chunk], segments: Sequence[Segment], text: str
) -> tuple[Evidence, ...]:
    """Where the evidence of each hop lies in a context.

    Raises:
        AssertionError: A span does not slice to the text that it stands for: a fault of ours.
    """
    home = {each.document_id: each for each in segments if each.role is Role.SUPPORTING}
    found = []
    for number, hop in enumerate(row.hops, 1):
        segment = home[hop.document_id]
        for span in hop.evidence:
            chunk = chunks[span.chunk_id]
            if chunk.start + span.start < segment.start or chunk.start + span.end > segment.end:
                continue  # said once more, in a part of the document that is not here
            start = segment.context_start + chunk.start + span.start - segment.start
            end = start + span.end - span.start
            wanted = chunk.text[span.start : span.end]
            if text[start:end] != wanted:
                raise AssertionError(f"{row.id}: evidence of hop {number} moved in its context")
            found.append(
                Evidence(hop=number, document_id=hop.document_id, start=start, end=end, text=wanted)
            )
    return tuple(found)


def _arranged(parts: Sequence[Part], layout: Layout) -> list[Part]:
    """The parts in order, each supporting one at its depth, distractors as they were drawn."""
    supporting = [part for part in parts if part.role is Role.SUPPORTING]
    arranged = [part for part in parts if part.role is not Role.SUPPORTING]
    total = sum(part.end - part.start for part in parts)
    for part, depth in sorted(zip(supporting, layout.depths, strict=True), key=lambda it: it[1]):
        wanted = (depth + 0.5) / DEPTHS * total - (part.end - part.start) / 2
        at = before = 0
        while at < len(arranged) and before + (arranged[at].end - arranged[at].start) / 2 < wanted:
            before += arranged[at].end - arranged[at].start
            at += 1
        arranged.insert(at, part)
    return arranged


def _shortened(parts: Sequence[Part], library: Library) -> list[Part]:
    """One sentence less of the shortest distractor; without it where it has no more."""
    distractors = [part for part in parts if part.role is not Role.SUPPORTING]
    if not distractors:
        raise ContextOverflow("the evidence fills the budget, and its order adds a token")
    shortest = min(distractors, key=lambda part: (part.end - part.start, part.document_id))
    document = library.documents[shortest.document_id]
    sentences = split_sentences(document.text[: shortest.end], document.language)
    end = _bare_end(document.text, sentences[-1][0])
    replaced = [shortest._replace(end=end)] if end > 0 else []
    at = list(parts).index(shortest)
    return [*parts[:at], *replaced, *parts[at + 1 :]]


def _bare_end(text: str, end: int) -> int:
    """The end without the white space before it."""
    return len(text[:end].rstrip())


def _header(document: Document, number: int, language: str) -> str:
    header = _HEADER[prompt_language(language)].format(number=number, title=document.title)
    return header if document.title else header.replace(": ", "").replace("：", "")
