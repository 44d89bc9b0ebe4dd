"""The ledger, rebuilt from what was written down of the rounds: nothing else is remembered."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from longhop.records.selection import Credit
from longhop.selection.ledger import Ledger, Outcome


class AskedPair(NamedTuple):
    """A pair that was found: of which document, and its direction as a unit vector."""

    document_id: str
    vector: NDArray[np.float32]


def replay(
    rows: Mapping[str, int],
    rounds: Sequence[Sequence[Credit]],
    flying: Sequence[Sequence[str]],
    pairs: Sequence[AskedPair] = (),
    chances: Mapping[str, float] | None = None,
    worths: Mapping[str, float] | None = None,
) -> Ledger:
    """The ledger of the settled rounds, and of those that are on their way, in their order.

    `rows` gives each document's row of the field; `flying` has the documents of later rounds.
    `chances` are the probabilities that documents were drawn with, of those that were left to
    chance; `worths` what they are worth for the modes that they serve (`worths_of_documents`), 0
    of those that it lacks, or their rewards without it.
    """
    known = [(number, each) for number, told in enumerate(rounds) for each in told]
    above = [(number, each) for number, ids in enumerate(flying, len(rounds)) for each in ids]
    documents = [rows[each.document_id] for _, each in known] + [rows[each] for _, each in above]
    outcomes = [Outcome.FAILED if each.failed else Outcome.DONE for _, each in known]
    places = {each.document_id: place for place, (_, each) in enumerate(known)}
    names = [each.document_id for _, each in known] + [each for _, each in above]
    vectors = [each.vector for each in pairs]
    return Ledger(
        documents=np.asarray(documents, dtype=np.int64),
        rounds=np.asarray([number for number, _ in [*known, *above]], dtype=np.int64),
        outcomes=np.asarray([*outcomes, *[Outcome.IN_FLIGHT] * len(above)], dtype=np.int64),
        rewards=np.asarray([each.reward for _, each in known] + [0.0] * len(above)),
        pairs=np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32),
        pair_of=np.asarray([places[each.document_id] for each in pairs], dtype=np.int64),
        chances=_of_each(names, chances),
        worths=_of_each(names, worths),
    )


def _of_each(names: Sequence[str], known: Mapping[str, float] | None) -> NDArray[np.float64] | None:
    return None if known is None else np.asarray([known.get(each, 0.0) for each in names], float)
