"""Stored rows as arrays, for stages that compute with all documents at once."""

from collections.abc import Iterable

import numpy as np

from longhop.records.artifacts import Artifact
from longhop.records.corpus import DocumentVector
from longhop.resources import resources
from longhop.selection.vectors import Steps


def read_vectors(parts: Iterable[Artifact]) -> tuple[list[str], Steps]:
    """The ids of all vectors, sorted, and the vectors as rows in that order."""
    ids: list[str] = []
    rows: list[Steps] = []
    for part in parts:
        for batch in resources().store.batches(part, DocumentVector):
            ids += batch.column("document_id").to_pylist()
            flat = batch.column("vector").flatten().to_numpy(zero_copy_only=False)
            rows.append(flat.astype(np.int16).reshape(len(batch), -1))
    if not ids:
        return [], np.zeros((0, 0), dtype=np.int16)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return [ids[each] for each in order], np.concatenate(rows)[order]
