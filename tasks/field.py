"""What policies are given, read from where the stages left it."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.records.artifacts import Artifact
from longhop.records.corpus import Draw
from longhop.records.selection import FoundPair, Round, Standing
from longhop.resources import resources
from longhop.selection.coverage import find_modes
from longhop.selection.field import Field
from longhop.selection.need import worths_by_id
from longhop.selection.replaying import AskedPair
from tasks.matrices import read_vectors


def read_field(field: Artifact, reference: NDArray[np.float32] | None) -> tuple[list[str], Field]:
    """The ids of the documents, and the field with a row for each."""
    columns: dict[str, list[Any]] = {name: [] for name in Standing.model_fields}
    for batch in resources().store.batches(field, Standing):
        for name, values in columns.items():
            values.append(batch.column(name))
    ids = [each for part in columns["document_id"] for each in part.to_pylist()]
    cost = _numbers(columns["cost"]).astype(np.float64)
    near = _rectangle(columns["closeness"], 0.0)
    return ids, Field(
        rank=_numbers(columns["rank"]),
        cost=cost / cost.mean() if len(cost) else cost,
        closeness=near if near.shape[1] else None,
        clusters=_numbers(columns["cluster"]),
        neighbours=_rectangle(columns["neighbours"], -1).astype(np.int32),
        nearness=_rectangle(columns["nearness"], 0.0).astype(np.float32),
        reference=reference,
    )


def read_reference(reference: Artifact | None) -> NDArray[np.float32] | None:
    """The items of the reference set as unit vectors, in the order of their ids."""
    if reference is None:
        return None
    return to_units(read_vectors([reference])[1])


def pairs_of(rounds: Sequence[Round]) -> list[AskedPair]:
    """All pairs of the rounds, in their order."""
    return [
        AskedPair(pair.document_id, vector)
        for each in rounds
        for pair, vector in zip(*read_found(each), strict=True)
    ]


def chances_of(rounds: Iterable[Iterable[Draw]]) -> dict[str, float]:
    """The probabilities of the documents that were drawn by chance, by id."""
    return {each.document_id: each.chance for draws in rounds for each in draws if each.chance}


def worths_of(
    rounds: Sequence[Round], reference: NDArray[np.float32] | None
) -> dict[str, float] | None:
    """What documents are worth for the modes of the reference that their pairs serve, by id."""
    if reference is None:
        return None
    found = resources().store.read_all([each.found for each in rounds], FoundPair)
    return worths_by_id(found, find_modes(reference))


def read_found(settled: Round) -> tuple[list[FoundPair], NDArray[np.float32]]:
    """The pairs of a round in their order, and their vectors as rows."""
    found = resources().store.read(settled.found, FoundPair)
    units = vectors_of(settled.vectors)
    rows = [units[each.question_id] for each in found]
    return found, np.stack(rows) if rows else np.zeros((0, 0), dtype=np.float32)


def vectors_of(parts: Sequence[Artifact]) -> dict[str, NDArray[np.float32]]:
    """The unit vector of each question, by its id."""
    ids, matrix = read_vectors(parts)
    return dict(zip(ids, to_units(matrix), strict=True))


def to_units(steps: NDArray[np.int16]) -> NDArray[np.float32]:
    """Vectors in steps as unit vectors: rounding to steps has made them a little longer or not."""
    wide = steps.astype(np.float32)
    squares = np.einsum("nd,nd->n", wide, wide)  # whole numbers below 2²⁴: exact
    units: NDArray[np.float32] = wide / np.sqrt(np.maximum(squares, 1.0))[:, None]
    return units


def _numbers(parts: Sequence[Any]) -> NDArray[np.int64]:
    arrays = [each.to_numpy(zero_copy_only=False) for each in parts]
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)


def _rectangle(parts: Sequence[Any], empty: float) -> NDArray[np.float64]:
    """Lists of numbers as rows of one array, filled up with what stands for none."""
    lengths = [np.diff(each.offsets.to_numpy()) for each in parts]
    width = max((int(each.max()) for each in lengths if len(each)), default=0)
    blocks = []
    for part, length in zip(parts, lengths, strict=True):
        block = np.full((len(part), width), empty)
        block[np.arange(width) < length[:, None]] = part.flatten().to_numpy(zero_copy_only=False)
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.zeros((0, 0))
