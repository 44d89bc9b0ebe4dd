"""The chunks that hops rest on, for stages that show them to a model."""

from collections.abc import Iterable

from longhop.records.artifacts import Artifact
from longhop.records.corpus import Chunk
from longhop.records.questions import SingleHop
from longhop.resources import resources


def read_evidence(chunks: list[Artifact], hops: Iterable[SingleHop]) -> dict[str, Chunk]:
    """The chunks that the evidence of the hops lies in, by id; the others are passed by."""
    needed = {span.chunk_id for hop in hops for span in hop.evidence}
    store = resources().store
    rows = (each for part in chunks for each in store.iterate(part, Chunk))
    return {each.id: each for each in rows if each.id in needed}
