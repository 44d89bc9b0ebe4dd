"""Composing: supporting documents among distractors, within an exact token budget."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from longhop.contexts.filling import Part, Supply
from longhop.contexts.headers import BETWEEN, header_of
from longhop.contexts.lengths import Ruler
from longhop.contexts.library import Library
from longhop.contexts.locating import is_located, locate_evidence
from longhop.contexts.placing import Weight, place
from longhop.errors import ContextOverflow
from longhop.identity import keyed_rng
from longhop.ports import Tokenizer
from longhop.records.corpus import Chunk
from longhop.records.examples import ComposedContext, Layout, Role, Segment, Template
from longhop.records.verification import MultiHop

# Supporting documents are whole where together they take no more than this share of the budget.
_WHOLE = 0.5


@dataclass(frozen=True)
class Composer:
    """Composes the contexts of rows from one library, with one tokenizer."""

    library: Library
    tokenizer: Tokenizer
    _ruler: Ruler = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ruler", Ruler(self.tokenizer))

    def compose(
        self, row: MultiHop, chunks: Mapping[str, Chunk], layout: Layout
    ) -> ComposedContext:
        """The context of a row: its evidence uncut, distractors up to the budget, never above it.

        A supporting document is whole where all of them fit into half the budget together, else
        only its supporting chunks are there. Distractors fill what is before, between and behind
        them, whole, but for the last one of each gap, which ends with a sentence. Where the corpus
        has too few of them the context is shorter than its layout, and its depths are shares of
        what it has.

        Raises:
            ContextOverflow: The supporting chunks alone exceed the budget. None is ever cut.
        """
        supporting = self._supporting(row, chunks, layout)
        weights = [self._weigh(part, row, chunks, layout) for part in supporting]
        supply = Supply(row, layout, self.library, self._ruler)
        parts = self._filled(row, supporting, weights, layout, supply)
        return self._written(row, chunks, layout, parts, supply)

    def without_evidence(self, row: MultiHop, layout: Layout) -> list[Part]:
        """The context that the layout would have with distractors alone; none may be there."""
        supply = Supply(row, layout, self.library, self._ruler)
        parts = self._filled(row, (), (), layout, supply)
        return self._fitted(parts, row.language, layout, supply)[0] if parts else []

    def _filled(
        self,
        row: MultiHop,
        supporting: Sequence[Part],
        weights: Sequence[Weight],
        layout: Layout,
        supply: Supply,
    ) -> list[Part]:
        """The supporting parts at their depths, and distractors in what is between them.

        Those of each gap are shuffled: else the one that was cut would always stand last, and show
        where the evidence comes.
        """
        rng = keyed_rng("order", row.id)
        own = sum(each.tokens for each in weights)
        total = min(layout.tokens, own + supply.draw(layout.tokens - own, rng))
        parts: list[Part] = []
        at = 0

        def fill(until: int, *, last: bool) -> None:
            nonlocal at
            gap = list(supply.fill(until - at, len(parts) + 1, last=last))
            rng.shuffle(gap)
            parts.extend(part for part, _ in gap)
            at += sum(tokens for _, tokens in gap)

        depths = _depths(supporting, layout)
        for number, start in place(weights, depths, total):
            fill(start, last=False)
            parts.append(supporting[number])
            at += weights[number].tokens
        fill(layout.tokens, last=True)
        return parts

    def stands(
        self,
        context: ComposedContext,
        row: MultiHop,
        chunks: Mapping[str, Chunk],
        layout: Layout,
    ) -> bool:
        """Whether an earlier context of a row can stay.

        Its layout is the same, its documents read as they did and are of the row's split, and the
        evidence of the row lies in it where it is said to.
        """
        if context.layout != layout:
            return False
        own = {each.document_id for each in context.segments if each.role is Role.SUPPORTING}
        if own != {hop.document_id for hop in row.hops}:
            return False
        for each in context.segments:
            if each.document_id not in self.library.documents:
                return False
            if self.library.split_of(each.document_id) not in (None, row.split):
                return False
        text = self.text_of(context)
        if hashlib.sha256(text.encode()).hexdigest() != context.sha256:
            return False
        return is_located(row, chunks, context, text)

    def text_of(self, context: ComposedContext) -> str:
        """The text of a context, made anew from its documents."""
        parts, template = parts_of(context), context.layout.template
        return self.text(parts, context.language, template)[0]

    def text(
        self, parts: Sequence[Part], language: str, template: Template = Template.NUMBERED
    ) -> tuple[str, list[tuple[int, int]]]:
        """The text of parts in order, and where [start, end) the words of each lie in it."""
        pieces: list[str] = []
        places, at = [], 0
        for number, part in enumerate(parts, 1):
            document = self.library.documents[part.document_id]
            header = header_of(document, number, language, template)
            body = document.text[part.start : part.end]
            lead = (BETWEEN if number > 1 else "") + header
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
        self, row: MultiHop, chunks: Mapping[str, Chunk], layout: Layout
    ) -> tuple[Part, ...]:
        """The parts of supporting documents, in the order of the hops: whole, or their chunks."""
        evidence = [chunks[each] for each in row.evidence_chunks]
        whole = tuple(
            Part(each, Role.SUPPORTING, 0, len(self.library.documents[each].text))
            for each in dict.fromkeys(chunk.document_id for chunk in evidence)
        )
        if self._count(whole, row, layout) <= _WHOLE * layout.tokens:
            return whole
        bare = tuple(
            Part(document_id, Role.SUPPORTING, start, end)
            for document_id, start, end in _stretches(evidence)
        )
        needed = self._count(bare, row, layout)
        if needed > layout.tokens:
            raise ContextOverflow(
                f"{len(row.evidence_chunks)} supporting chunks exceed {layout.tokens} tokens by"
                f" {needed - layout.tokens}: contexts.tokens of {needed} would hold them"
            )
        return bare

    def _weigh(
        self, part: Part, row: MultiHop, chunks: Mapping[str, Chunk], layout: Layout
    ) -> Weight:
        """The tokens of a supporting part, and those before the middle of its first evidence."""
        own = (hop for hop in row.hops if hop.document_id == part.document_id)
        span = next(
            span
            for hop in own
            for span in hop.evidence
            if part.start <= chunks[span.chunk_id].start + span.start < part.end
        )
        begins = chunks[span.chunk_id].start - part.start
        text, ((start, _),) = self.text((part,), row.language, layout.template)
        middle = start + begins + (span.start + span.end) // 2
        boundaries = self.tokenizer.boundaries(text + BETWEEN)
        return Weight(len(boundaries), int(np.searchsorted(boundaries, middle, side="right")))

    def _written(
        self,
        row: MultiHop,
        chunks: Mapping[str, Chunk],
        layout: Layout,
        parts: Sequence[Part],
        supply: Supply,
    ) -> ComposedContext:
        parts, tokens = self._fitted(parts, row.language, layout, supply)
        text, places = self.text(parts, row.language, layout.template)
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

    def _fitted(
        self, parts: Sequence[Part], language: str, layout: Layout, supply: Supply
    ) -> tuple[list[Part], int]:
        """The parts, a distractor shorter if they must be, and the tokens of their whole text.

        Where one is, what it leaves is filled again as far as anything fits.
        """
        fitted = list(parts)
        tokens = self.tokenizer.count(self.text(fitted, language, layout.template)[0])
        while tokens > layout.tokens:  # counts of parts do not add up to that of the whole
            excess = tokens - layout.tokens
            fitted = self._shortened(fitted, excess, language, layout.template)
            tokens = self.tokenizer.count(self.text(fitted, language, layout.template)[0])
        if fitted == list(parts):
            return fitted, tokens
        room = layout.tokens - tokens
        more = [part for part, _ in supply.fill(room, len(fitted) + 1, last=True)]
        refilled = [*fitted, *more]
        whole = self.tokenizer.count(self.text(refilled, language, layout.template)[0])
        return (refilled, whole) if whole <= layout.tokens else (fitted, tokens)

    def _shortened(
        self, parts: Sequence[Part], excess: int, language: str, template: Template
    ) -> list[Part]:
        """As many sentences less of the last distractor as make up for `excess` tokens.

        Without it where it has no more.
        """
        at = max(
            (at for at, part in enumerate(parts) if part.role is not Role.SUPPORTING), default=-1
        )
        if at < 0:
            raise ContextOverflow("the evidence fills the budget, and its order adds a token")
        last = parts[at]
        lengths = self._ruler.measure(self.library.documents[last.document_id], language, template)
        sentences = int(np.searchsorted(lengths.ends, last.end)) + 1
        room = int(lengths.tokens[sentences - 1]) - excess
        kept = min(sentences - 1, lengths.within(room))
        replaced = [last._replace(end=int(lengths.ends[kept - 1]))] if kept else []
        return [*parts[:at], *replaced, *parts[at + 1 :]]

    def _count(self, parts: Sequence[Part], row: MultiHop, layout: Layout) -> int:
        return self.tokenizer.count(self.text(parts, row.language, layout.template)[0])


def _stretches(evidence: Sequence[Chunk]) -> list[tuple[str, int, int]]:
    """The parts of documents that chunks cover, those that touch as one, in the chunks' order."""
    covered: list[tuple[str, int, int]] = []
    for chunk in sorted(evidence, key=lambda each: (each.document_id, each.start)):
        if covered and covered[-1][0] == chunk.document_id and chunk.start <= covered[-1][2]:
            document_id, start, end = covered.pop()
            covered.append((document_id, start, max(end, chunk.end)))
        else:
            covered.append((chunk.document_id, chunk.start, chunk.end))
    order = {each.document_id: at for at, each in reversed(list(enumerate(evidence)))}
    return sorted(covered, key=lambda each: (order[each[0]], each[1]))


def _depths(supporting: Sequence[Part], layout: Layout) -> list[float]:
    """The depth of each part: its document's, and even steps from there for further parts of it."""
    places = {each: at for at, each in enumerate(dict.fromkeys(p.document_id for p in supporting))}
    parts = Counter(each.document_id for each in supporting)
    seen: Counter[str] = Counter()
    depths = []
    for each in supporting:
        step = seen[each.document_id] / parts[each.document_id]
        depths.append((layout.depths[places[each.document_id]] + step) % 1)
        seen[each.document_id] += 1
    return depths


def parts_of(context: ComposedContext) -> list[Part]:
    """The parts that a context was composed of, in order."""
    return [Part(each.document_id, each.role, each.start, each.end) for each in context.segments]
