"""Clusters: every document in one, the same ones whatever the order and the number of threads."""

from collections.abc import Iterator
from contextlib import contextmanager

import faiss
import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from longhop.records.corpus import Codebook
from longhop.selection.clustering import fit_codebook, means_for, place_documents
from longhop.selection.kmeans import assign, directions_of, fit_means
from longhop.selection.reduction import reduce
from longhop.selection.vectors import Steps, blocks, similarities, to_steps
from longhop.spec.sections import Clustering


@contextmanager
def threads(number: int) -> Iterator[None]:
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(number)
    with threadpool_limits(number):
        yield
    faiss.omp_set_num_threads(before)


def blobs(number: int = 60, centres: int = 3, spread: float = 0.3, width: int = 24) -> Steps:
    rng = np.random.default_rng(5)
    middles = np.repeat(rng.normal(size=(centres, width)) * 5, number // centres, axis=0)
    return to_steps(middles + rng.normal(size=middles.shape) * spread)


def noise(number: int) -> Steps:
    return to_steps(np.random.default_rng(2).normal(size=(number, 24)))


def names(number: int) -> list[str]:
    return [f"d{each:05}" for each in range(number)]


def fit(steps: Steps, **plan: int) -> Codebook:
    return fit_codebook(names(len(steps)), steps, Clustering(**plan), weights="w", dataset="test")


def clusters(steps: Steps, codebook: Codebook) -> list[int]:
    return [each.cluster for each in place_documents(names(len(steps)), steps, codebook)]


def test_every_document_is_placed_and_near_ones_together():
    codebook = fit(blobs())
    places = clusters(blobs(), codebook)

    assert codebook.method == "hdbscan"
    assert len(codebook.centroids) == 3
    assert [len(set(places[at : at + 20])) for at in (0, 20, 40)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("steps", "plan", "method"),
    [
        (blobs(), {}, "hdbscan"),
        (blobs(900, 30, 1.5), {}, "hdbscan"),
        (noise(900), {"min_size": 20}, "kmeans"),
        (blobs(900, 30, 2), {"sample": 80}, "kmeans"),
        (np.repeat(noise(40), 30, axis=0), {"clusters": 50}, "kmeans"),
    ],
)
def test_neither_order_nor_threads_change_a_codebook(steps: Steps, plan: dict, method: str):
    """Ids decide what is drawn, sums are of whole numbers: a rerun elsewhere is the same run."""
    order = np.random.default_rng(3).permutation(len(steps))
    ids = [names(len(steps))[each] for each in order]
    with threads(1):
        one = fit(steps, **plan)
        placed = list(place_documents(names(len(steps)), steps, one))
    with threads(2):
        two = fit_codebook(ids, steps[order], Clustering(**plan), weights="w", dataset="test")
        again = list(place_documents(ids, steps[order], two))

    assert one.method == method
    assert one == two
    assert placed == again


@pytest.mark.parametrize("number", [1, 2, 15])
def test_a_few_documents_make_one_cluster(number: int):
    codebook = fit(blobs()[:number])

    assert (codebook.method, len(codebook.centroids)) == ("one", 1)
    assert clusters(blobs()[:number], codebook) == [0] * number


def test_no_documents_have_no_placements():
    nothing = np.zeros((0, 0), dtype=np.int16)

    assert not clusters(nothing, fit(nothing))


def test_where_density_finds_only_noise_k_means_places_all():
    codebook = fit(noise(200), min_size=20)

    assert codebook.method == "kmeans"
    assert len(set(clusters(noise(200), codebook))) > 1


def test_where_one_group_is_most_of_the_documents_k_means_divides_it():
    """Density often finds one large group in real text, and its parts are not told apart."""
    steps = np.concatenate([blobs(600, 3)[:200], blobs(600, 3)[200:280], blobs(600, 3)[400:440]])

    assert fit(steps).method == "kmeans"
    assert fit(steps[80:]).method == "hdbscan"


def test_a_corpus_much_larger_than_a_sample_goes_to_k_means():
    """Groups that are dense among all documents need not show in a tenth of them."""
    assert fit(blobs(600), sample=60).method == "hdbscan"
    assert fit(blobs(603), sample=60).method == "kmeans"


def test_as_many_clusters_are_made_as_are_asked_for():
    codebook = fit(blobs(600, 6), clusters=6)
    places = clusters(blobs(600, 6), codebook)

    assert (codebook.method, len(codebook.centroids)) == ("kmeans", 6)
    assert [len(set(places[at : at + 100])) for at in range(0, 600, 100)] == [1] * 6


@pytest.mark.parametrize("plan", [{}, {"clusters": 9}])
def test_identical_documents_are_one_cluster(plan: dict):
    """Equal centroids would be clusters that nothing is nearest to."""
    same = np.repeat(blobs()[:1], 200, axis=0)
    codebook = fit(same, **plan)

    assert len(codebook.centroids) == 1
    assert set(clusters(same, codebook)) == {0}


def test_documents_without_a_direction_are_placed_too():
    steps = np.concatenate([blobs(), np.zeros((40, 24), dtype=np.int16)])

    assert len(clusters(steps, fit(steps))) == 100


def test_more_documents_have_more_clusters_yet_none_smaller_than_is_asked():
    assert [means_for(each, Clustering()) for each in (1, 60, 10_000, 1_000_000)] == [
        1, 7, 200, 2000,
    ]  # fmt: skip
    assert means_for(1000, Clustering(clusters=400, min_size=10)) == 100


def test_rows_go_to_the_most_similar_centroid_and_on_a_tie_to_the_first():
    centroids = np.concatenate([noise(5), noise(5)])

    assert (assign(noise(300), centroids) == similarities(noise(300), noise(5)).argmax(1)).all()


def test_a_direction_is_that_of_the_sum_and_noise_has_none():
    rows = noise(4)
    directions = directions_of(rows, np.array([1, -1, 0, 1]))

    assert (directions[0] == to_steps(rows[2:3])[0]).all()
    assert (directions[1] == to_steps(rows[[0]].astype(float) + rows[[3]])[0]).all()


def test_means_find_groups_and_are_never_more_than_rows():
    assert len(np.unique(assign(blobs(), fit_means(blobs(), 3)))) == 3
    assert len(fit_means(noise(3), 10)) == 3


def test_what_differs_most_is_kept_where_dimensions_are_left_out():
    """The reduction is the principal components, but for rounding to steps."""
    steps = blobs(300, 3)
    centred = steps - steps.mean(axis=0)
    all_of_it = (centred**2).sum()
    reduced = reduce(steps, 2) / 2047

    assert reduced.shape == (300, 2)
    kept = ((reduced - reduced.mean(axis=0)) ** 2).sum() / all_of_it
    singular = np.linalg.svd(centred, compute_uv=False) ** 2
    assert kept == pytest.approx(singular[:2].sum() / singular.sum(), rel=1e-3)


@pytest.mark.parametrize(("rows", "width"), [(0, 5), (1, 0), (70, 1 << 22), (9, 1 << 30)])
def test_blocks_are_all_rows_in_turn_and_none_is_large(rows: int, width: int):
    """Or a million documents would take all memory at once."""
    found = [range(rows)[each] for each in blocks(rows, width)]

    assert [row for each in found for row in each] == list(range(rows))
    assert all(len(each) == 1 or len(each) * width <= 1 << 24 for each in found)
