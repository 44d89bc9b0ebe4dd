"""Clusters of documents, under a codebook that is fitted once and then frozen."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.identity import keyed_order
from longhop.records.corpus import Codebook, DocumentVector, Placement
from longhop.selection.vectors import Steps, similarities, stack, to_steps
from longhop.spec.sections import Clustering

# With more noise than this among the sample, density finds no clusters worth the name.
_MOST_NOISE = 0.7


def fit_codebook(
    vectors: Sequence[DocumentVector], plan: Clustering, *, weights: str, dataset: str
) -> Codebook:
    """Centroids of HDBSCAN clusters on a reduced sample; of k-means where that finds none.

    The sample is drawn by keyed hash, so the order of the documents does not matter.
    """
    drawn = keyed_order(vectors, lambda each: each.document_id, "cluster sample", dataset)
    sample = stack([each.vector for each in drawn[: plan.sample]])
    labels, method = _label(sample.astype(np.float32), plan)
    centroids = [
        to_steps(sample[labels == label].astype(np.float32).sum(axis=0, keepdims=True))[0]
        for label in range(int(labels.max()) + 1)
    ]
    return Codebook(
        method=method,
        weights=weights,
        centroids=tuple(tuple(int(x) for x in each) for each in centroids),
        fitted_on=len(sample),
    )


def place_documents(vectors: Sequence[DocumentVector], codebook: Codebook) -> list[Placement]:
    """Every document with its nearest centroid, the first of them on a tie; none is noise."""
    if not vectors:
        return []
    centroids = stack(codebook.centroids)
    nearest = similarities(stack([each.vector for each in vectors]), centroids).argmax(axis=1)
    return [
        Placement(document_id=each.document_id, cluster=int(cluster))
        for each, cluster in zip(vectors, nearest, strict=True)
    ]


def _label(sample: NDArray[np.float32], plan: Clustering) -> tuple[NDArray[np.int64], str]:
    if len(sample) < 2 * plan.min_size:
        return np.zeros(len(sample), dtype=np.int64), "one"
    reduced = _reduce(sample, plan.dimensions)
    from sklearn.cluster import HDBSCAN, KMeans

    found: Any = HDBSCAN(min_cluster_size=plan.min_size, copy=True).fit_predict(reduced)
    if found.max() >= 1 and (found < 0).mean() <= _MOST_NOISE:
        return found.astype(np.int64), "hdbscan"
    wanted = max(2, min(int(np.sqrt(len(sample) / 2)), len(sample) // plan.min_size))
    means = KMeans(n_clusters=wanted, n_init=3, random_state=0).fit_predict(reduced)
    _, dense = np.unique(means, return_inverse=True)
    return dense.astype(np.int64), "kmeans"


def _reduce(sample: NDArray[np.float32], dimensions: int) -> Steps | NDArray[np.float32]:
    from sklearn.decomposition import PCA

    kept = min(dimensions, *sample.shape)
    reduced: NDArray[np.float32] = PCA(n_components=kept, random_state=0).fit_transform(sample)
    return reduced
