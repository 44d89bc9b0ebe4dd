"""Made-up corpora with known pairs, where documents look more or less like what they give.

After the simulation in the notes on EQUAL: an eight-mode target, topics of Pareto sizes of which a
few give relevant pairs (purity 0.6 to 0.95), a few some (0.08 to 0.3), a few only look as if
(decoys), and all others hardly any (0.0005 to 0.001); Poisson(3) pairs a document, and a tenth of
the documents give none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_DIMENSIONS = 64
_MODES = 8
_SHARE_OF_TOPICS = 0.06  # of topics that give many, of those that give some, and of decoys
_EMPTY, _PAIRS = 0.1, 3.0
# Lengths of the noise beside a centre of length 1. The first was set on seeds below 100, so that
# similarity and the best order of clusters come out as in the notes; the second so that the proxy
# of relevance is as precise as there.
_DOCUMENT_NOISE, _PAIR_NOISE = 1.4, 1.1


@dataclass(frozen=True)
class Corpus:
    """Documents (n, d), the pairs each gives, and the reference: rows are unit vectors.

    `pair_of` (p,) is the row of the document that a pair is from, ascending; `truth` (p,) whether
    it is relevant, and `modes` (p,) to which mode of the target, -1 where it is not.
    """

    documents: NDArray[np.float32]
    pairs: NDArray[np.float32]
    pair_of: NDArray[np.int64]
    truth: NDArray[np.bool_]
    modes: NDArray[np.int64]
    reference: NDArray[np.float32]


def make_corpus(
    seed: int,
    documents: int,
    misalignment: float,
    *,
    references: int = 100,
    decoys: bool = True,
    topics: int | None = None,
) -> Corpus:
    """A corpus whose document centres lie `misalignment` of the way from the target's modes."""
    rng = np.random.default_rng([seed, documents])
    topics = topics or (250 if documents <= 50_000 else 400)
    targets = _directions(rng, _MODES)
    topic_mode, purity, looks_like = _kinds_of_topic(rng, topics, decoys)
    own = _directions(rng, topics)
    mixed = (1 - misalignment) * targets[topic_mode] + misalignment * own
    centres = np.where(looks_like[:, None], mixed, own)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    sizes = rng.pareto(1.5, topics) + 1
    topic = rng.choice(topics, size=documents, p=sizes / sizes.sum())
    given = np.where(rng.random(documents) < _EMPTY, 0, rng.poisson(_PAIRS, documents))
    pair_of = np.repeat(np.arange(documents), given)
    truth = rng.random(len(pair_of)) < purity[topic[pair_of]]
    modes = np.where(truth, topic_mode[topic[pair_of]], -1)
    elsewhere = _directions(rng, topics)
    about = np.where(truth[:, None], targets[modes], elsewhere[topic[pair_of]])
    return Corpus(
        documents=_around(rng, centres[topic], _DOCUMENT_NOISE),
        pairs=_around(rng, about, _PAIR_NOISE),
        pair_of=pair_of,
        truth=truth,
        modes=modes,
        reference=_around(rng, targets[np.arange(references) % _MODES], _PAIR_NOISE),
    )


def _kinds_of_topic(
    rng: np.random.Generator, topics: int, decoys: bool
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """The mode of each topic, the share of its pairs that are relevant, and what it looks like."""
    few = max(1, round(_SHARE_OF_TOPICS * topics))
    order = rng.permutation(topics)
    purity = rng.uniform(0.0005, 0.001, topics)
    purity[order[:few]] = rng.uniform(0.6, 0.95, few)
    purity[order[few : 2 * few]] = rng.uniform(0.08, 0.3, few)
    looks_like = np.zeros(topics, dtype=bool)
    looks_like[order[: (3 if decoys else 2) * few]] = True
    mode = np.zeros(topics, dtype=np.int64)
    mode[order] = np.arange(topics) % _MODES
    return mode, purity, looks_like


def _directions(rng: np.random.Generator, number: int) -> NDArray[np.float64]:
    rows = rng.normal(size=(number, _DIMENSIONS))
    directions: NDArray[np.float64] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return directions


def _around(
    rng: np.random.Generator, centres: NDArray[np.float64], noise: float
) -> NDArray[np.float32]:
    """Unit vectors about centres, by noise of the given expected length in all directions."""
    rows = centres + rng.normal(size=centres.shape) * noise / np.sqrt(_DIMENSIONS)
    around: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(
        np.float32
    )
    return around
