"""Clusters of documents, under a codebook that is fitted once and then frozen."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.identity import digest
from longhop.records.corpus import Codebook, Placement
from longhop.selection.kmeans import assign, directions_of, fit_means
from longhop.selection.reduction import reduce
from longhop.selection.vectors import Steps, stack
from longhop.spec.sections import Clustering

# Where more of the sample than this is noise, or is one group, density tells nobody apart.
_MOST = 0.5
# A group of fewer than `min_size` times this many documents is not seen in a smaller sample.
_LARGE = 10
# What k-means is fitted on, by cluster: more rows move the means by less than their spread.
_ROWS_A_MEAN = 100


def fit_codebook(
    ids: Sequence[str], steps: Steps, plan: Clustering, *, weights: str, dataset: str
) -> Codebook:
    """Centroids of HDBSCAN clusters on a reduced sample; of k-means where that finds none.

    `steps` (n, d) are the vectors of the documents `ids`. The sample is drawn by keyed hash, so the
    order of the documents does not matter. A corpus of more than ten samples has groups that a
    sample does not show, and goes to k-means at once, as it does where `plan.clusters` says how
    many there shall be.
    """
    drawn = _drawn(ids, dataset)
    method, rows, centroids = "one", drawn[: plan.sample], None
    if len(ids) < 2 * plan.min_size:
        centroids = directions_of(steps[rows], np.zeros(len(rows), dtype=np.int64))
    elif plan.clusters is None and len(ids) <= _LARGE * plan.sample:
        method, centroids = "hdbscan", _dense(steps[rows], plan)
    if centroids is None:
        wanted = means_for(len(ids), plan)
        method, rows = "kmeans", drawn[: _ROWS_A_MEAN * wanted]
        centroids = _means(steps[rows], wanted)
    return Codebook(
        method=method,
        weights=weights,
        centroids=tuple(tuple(each) for each in centroids.tolist()),
        fitted_on=len(rows),
    )


def place_documents(ids: Sequence[str], steps: Steps, codebook: Codebook) -> Iterator[Placement]:
    """Every document by id with its nearest centroid, the first on a tie; none is noise."""
    clusters = assign(steps, stack(codebook.centroids)) if ids else ()
    for row in sorted(range(len(ids)), key=ids.__getitem__):
        yield Placement(document_id=ids[row], cluster=int(clusters[row]))


def means_for(documents: int, plan: Clustering) -> int:
    """How many clusters k-means makes of so many documents: 2000 of a million, 200 of 10,000.

    EQUAL (arXiv 2505.12250) has about 1000 of 1.4 million. More of them find rarer
    subjects, and a policy that borrows from neighbours loses little where there are too many.
    """
    wanted = plan.clusters or round(2 * documents**0.5)
    return max(1, min(wanted, documents // plan.min_size))


def _drawn(ids: Sequence[str], dataset: str) -> NDArray[np.int64]:
    """All rows, in an order that their ids and the data set decide."""
    keys = np.array([digest("cluster sample", dataset, each) for each in ids], dtype="S64")
    return np.argsort(keys, kind="stable")


def _dense(sample: Steps, plan: Clustering) -> Steps | None:
    """The centroids of the dense groups of the sample; None where most is in none, or in one."""
    from sklearn.cluster import HDBSCAN

    found: Any = HDBSCAN(min_cluster_size=plan.min_size, copy=True).fit_predict(
        reduce(sample, plan.dimensions)
    )
    if np.bincount(found + 1).max() > _MOST * len(sample):
        return None
    return np.unique(directions_of(sample, found), axis=0)


def _means(sample: Steps, number: int) -> Steps:
    """The centroids of k-means, without those that no row of the sample is nearest to."""
    return np.unique(directions_of(sample, assign(sample, fit_means(sample, number))), axis=0)
