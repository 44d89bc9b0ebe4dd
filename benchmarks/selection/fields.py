"""The field and the answers of a corpus with known pairs: what a replay is given."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.coverage import find_modes
from longhop.selection.field import Field
from longhop.selection.kmeans import assign, fit_means
from longhop.selection.ledger import nothing_asked
from longhop.selection.neighbours import closeness, nearest
from longhop.selection.policies.warming import first_round, warm_up_size
from longhop.selection.relevance import new_relevant, relevance_threshold
from longhop.selection.vectors import to_steps
from selection.generator import Corpus
from selection.replay import Task

NEIGHBOURS = 50


def field_of(
    documents: NDArray[np.float32], reference: NDArray[np.float32], clusters: int, seed: int
) -> Field:
    """The field of unit vectors, with k-means clusters; every document costs the same."""
    steps, items = to_steps(documents), to_steps(reference)
    neighbours, nearness = nearest(steps, NEIGHBOURS)
    return Field(
        rank=np.random.default_rng([seed, 3]).permutation(len(steps)),
        cost=np.ones(len(steps)),
        closeness=closeness(steps, items),
        clusters=assign(steps, fit_means(steps, clusters)).astype(np.int64),
        neighbours=neighbours,
        nearness=nearness,
        reference=reference,
    )


def found_first(field: Field, pair_of: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which pairs the warm-up of the learning policies finds."""
    asked = first_round(field, nothing_asked(), warm_up_size(len(field))).documents
    return np.isin(pair_of, asked)


def served_by_mode(
    pairs: NDArray[np.float32],
    pair_of: NDArray[np.int64],
    documents: int,
    reference: NDArray[np.float32],
) -> NDArray[np.float64]:
    """How many of the pairs each document gave of each mode of the reference: (n, m)."""
    modes = find_modes(reference)
    nearest_mode = modes[np.argmax(pairs @ reference.T, axis=1)] if len(pairs) else pair_of
    served = np.zeros((documents, int(modes.max()) + 1))
    np.add.at(served, (pair_of, nearest_mode), 1.0)
    return served


def task_of(
    corpus: Corpus, clusters: int, seed: int, *, field: Field | None = None, flipped: float = 0.0
) -> Task:
    """The corpus as a task; `flipped` is the share of pairs that the proxy is made to misjudge."""
    n = len(corpus.documents)
    field = field or field_of(corpus.documents, corpus.reference, clusters, seed)
    found = corpus.pairs[found_first(field, corpus.pair_of)]
    threshold = relevance_threshold(corpus.reference, found)
    counted = new_relevant(corpus.pairs, corpus.reference, threshold)
    counted ^= np.random.default_rng([seed, 5]).random(len(counted)) < flipped
    return Task(
        field=field,
        rewards=np.bincount(corpus.pair_of[counted], minlength=n).astype(float),
        served=served_by_mode(corpus.pairs[counted], corpus.pair_of[counted], n, corpus.reference),
        modes=find_modes(corpus.reference),
        truth=np.bincount(corpus.pair_of[corpus.truth], minlength=n).astype(float),
        pairs=corpus.pairs,
        pair_of=corpus.pair_of,
    )
