"""Where the evidence of each hop lies in a finished context."""

from collections.abc import Mapping, Sequence

from longhop.records.corpus import Chunk, Span
from longhop.records.examples import ComposedContext, Evidence, Role, Segment
from longhop.records.verification import MultiHop


def locate_evidence(
    row: MultiHop, chunks: Mapping[str, Chunk], segments: Sequence[Segment], text: str
) -> tuple[Evidence, ...]:
    """Where the evidence of each hop lies in a context.

    Raises:
        AssertionError: A span does not slice to the text that it stands for: a fault of ours.
    """
    home = [each for each in segments if each.role is Role.SUPPORTING]
    found = []
    for number, hop in enumerate(row.hops, 1):
        for span in hop.evidence:
            chunk = chunks[span.chunk_id]
            holding = (each for each in home if _holds(each, chunk, span))
            segment = next(holding, None)
            if segment is None:
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


def is_located(
    row: MultiHop, chunks: Mapping[str, Chunk], context: ComposedContext, text: str
) -> bool:
    """Whether a row's evidence lies in a context, of this text, just where that says."""
    if any(span.chunk_id not in chunks for hop in row.hops for span in hop.evidence):
        return False
    try:
        return locate_evidence(row, chunks, context.segments, text) == context.evidence
    except AssertionError:  # the context is of other chunks
        return False


def _holds(segment: Segment, chunk: Chunk, span: Span) -> bool:
    start, end = chunk.start + span.start, chunk.start + span.end
    return (
        segment.document_id == chunk.document_id and segment.start <= start and end <= segment.end
    )
