"""Survey the documents: all that a policy knows of them before any is asked."""

from collections import Counter

import numpy as np

from longhop.identity import keyed_order
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Draw, Placement
from longhop.records.selection import Standing
from longhop.resources import resources
from longhop.selection.neighbours import closeness, nearest
from tasks.matrices import read_vectors
from tasks.stage import stage

_NEIGHBOURS = 50


@stage("survey", revision=2)
def survey_documents(
    vectors: list[Artifact],
    chunks: list[Artifact],
    placements: Artifact,
    reference: Artifact | None,
    neighbours: bool,
    dataset: str,
    asked: Artifact | None,
) -> Outcome:
    """The standing of each document in the order of their ids, and the base's draws still there.

    Documents without a chunk cost what one chunk does: they are asked about at no less.
    """
    store = resources().store
    ids, matrix = read_vectors(vectors)
    near = np.zeros((len(ids), 0))
    if reference is not None:
        near = closeness(matrix, read_vectors([reference])[1])
    beside, cosines = nearest(matrix, _NEIGHBOURS) if neighbours else (None, None)
    ranks = {each: rank for rank, each in enumerate(keyed_order(ids, str, "draw", dataset))}
    costs = _chunks_of(chunks)
    clusters = {each.document_id: each.cluster for each in store.iterate(placements, Placement)}
    with store.writer("field", Standing) as field:
        for row, each in enumerate(ids):
            real = beside[row] >= 0 if beside is not None else None
            field.add(
                Standing(
                    document_id=each,
                    rank=ranks[each],
                    cost=max(1, costs[each]),
                    cluster=clusters[each],
                    closeness=tuple(near[row].tolist()),
                    neighbours=tuple(beside[row][real].tolist()) if beside is not None else (),
                    nearness=tuple(cosines[row][real].tolist()) if cosines is not None else (),
                )
            )
    kept = [each for each in store.read(asked, Draw) if each.document_id in ranks] if asked else []
    return Outcome(artifacts={"field": field.artifact, "kept": store.write("draws", kept, Draw)})


def _chunks_of(chunks: list[Artifact]) -> Counter[str]:
    """How many chunks each document has."""
    counted: Counter[str] = Counter()
    for part in chunks:
        for batch in resources().store.batches(part, Chunk, ("document_id",)):
            counted.update(batch.column("document_id").to_pylist())
    return counted
