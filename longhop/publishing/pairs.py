"""Pairs: single questions with their answers, with all that is needed to defend them."""

from collections.abc import Mapping, Sequence

from longhop.records.corpus import Chunk, Draw
from longhop.records.pairs import Pair, PairEvidence
from longhop.records.questions import SingleHop
from longhop.records.selection import FoundPair


def make_pair(
    hop: SingleHop,
    found: FoundPair,
    *,
    chunks: Mapping[str, Chunk],
    references: Sequence[str],
    draw: Draw,
) -> Pair:
    """A question as it is published: its evidence in the document, and why that was asked about."""
    return Pair(
        id=hop.id,
        question=hop.question,
        answer=hop.answer,
        kind=hop.kind,
        subject=hop.subject,
        relation=hop.relation,
        document_id=hop.document_id,
        title=chunks[hop.chunk_id].title,
        evidence=tuple(
            PairEvidence(
                start=chunk.start + span.start,
                end=chunk.start + span.end,
                text=chunk.text[span.start : span.end],
            )
            for span in hop.evidence
            for chunk in (chunks[span.chunk_id],)
        ),
        language=hop.language,
        split=hop.split,
        license=hop.license,
        relevant=found.relevant,
        closeness=round(found.closeness, 4),
        reference=references[found.reference] if found.reference >= 0 else "",
        drawn_by=draw.told,
    )
