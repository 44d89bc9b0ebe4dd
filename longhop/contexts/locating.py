"""Where the evidence of each hop lies in a finished context."""

from collections.abc import Mapping, Sequence

from longhop.records.corpus import Chunk
from longhop.records.examples import Evidence, Role, Segment
from longhop.records.verification import MultiHop


def locate_evidence(
    row: MultiHop, chunks: Mapping[str, Chunk], segments: Sequence[Segment], text: str
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
