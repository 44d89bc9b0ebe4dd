"""Numbers in, numbers out: exact similarities, frozen clusters, draws that stay."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from longhop.records.corpus import DocumentVector, Draw
from longhop.selection.clustering import fit_codebook, place_documents
from longhop.selection.embedding import PACKAGED, SentenceEmbedder
from longhop.selection.policies.drawing import draw_documents
from longhop.selection.vectors import SCALE, pool, similarities, to_steps
from longhop.spec.sections import Clustering, Selection
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo

FLOATS = arrays(np.float32, (6, 32), elements=st.floats(-1, 1, width=32))


@given(FLOATS)
def test_similarities_are_exact_whatever_the_order_of_summation(rows: np.ndarray):
    steps = to_steps(rows)
    exact = steps.astype(np.int64) @ steps.astype(np.int64).T

    assert (similarities(steps, steps) == exact).all()
    order = np.random.default_rng(0).permutation(32)
    assert (similarities(steps[:, order], steps[:, order]) == exact).all()


@given(FLOATS)
def test_steps_are_unit_vectors_or_zero(rows: np.ndarray):
    norms = np.linalg.norm(to_steps(rows).astype(float), axis=1)

    assert all(norm == 0 or abs(norm - SCALE) < 4 for norm in norms)


def test_a_pool_does_not_depend_on_the_order_of_its_rows():
    rows = to_steps(np.random.default_rng(1).normal(size=(9, 16)).astype(np.float32))

    assert (pool(rows) == pool(rows[::-1])).all()


def blobs(number: int = 60, centres: int = 3) -> list[DocumentVector]:
    rng = np.random.default_rng(5)
    middles = rng.normal(size=(centres, 24)) * 5
    rows = np.concatenate(
        [middle + rng.normal(size=(number // centres, 24)) * 0.3 for middle in middles]
    )
    return [
        DocumentVector(document_id=f"d{n:03}", vector=tuple(int(x) for x in row))
        for n, row in enumerate(to_steps(rows.astype(np.float32)))
    ]


def test_every_document_is_placed_and_near_ones_together():
    vectors = blobs()
    codebook = fit_codebook(vectors, Clustering(), weights="w", dataset="test")
    places = [each.cluster for each in place_documents(vectors, codebook)]

    assert codebook.method == "hdbscan"
    assert len(codebook.centroids) == 3
    assert [len(set(places[at : at + 20])) for at in (0, 20, 40)] == [1, 1, 1]


def test_the_codebook_does_not_depend_on_the_order_of_documents():
    vectors = blobs()

    assert fit_codebook(vectors, Clustering(), weights="w", dataset="t") == fit_codebook(
        vectors[::-1], Clustering(), weights="w", dataset="t"
    )


@pytest.mark.parametrize("number", [1, 2, 15])
def test_a_few_documents_make_one_cluster(number: int):
    vectors = blobs()[:number]
    codebook = fit_codebook(vectors, Clustering(), weights="w", dataset="test")

    assert (codebook.method, len(codebook.centroids)) == ("one", 1)
    assert len(place_documents(vectors, codebook)) == number


def test_where_density_finds_only_noise_k_means_places_all():
    rng = np.random.default_rng(2)
    rows = to_steps(rng.normal(size=(200, 24)).astype(np.float32))
    vectors = [
        DocumentVector(document_id=f"d{n:03}", vector=tuple(int(x) for x in row))
        for n, row in enumerate(rows)
    ]
    codebook = fit_codebook(vectors, Clustering(min_size=20), weights="w", dataset="test")

    assert codebook.method == "kmeans"
    assert len({each.cluster for each in place_documents(vectors, codebook)}) > 1


def draw(plan: Selection, asked: list[Draw] | None = None, reference: object = None) -> list[Draw]:
    vectors = {each.document_id: each for each in blobs()}
    return draw_documents(
        sorted(vectors), vectors, reference, plan, dataset="test", asked=asked or []
    )


def test_similarity_draws_the_nearest_first():
    near = np.asarray([blobs()[45].vector], np.int16)
    drawn = draw(Selection(policy="similarity", reference="r", documents=20), reference=near)

    assert {each.document_id for each in drawn} == {f"d{n:03}" for n in range(40, 60)}
    assert drawn[0].document_id == "d045"


def test_what_was_asked_stays_asked_and_only_the_rest_is_competed_for():
    asked = [
        Draw(document_id="d007", policy="similarity", score=5),
        absent := Draw(document_id="gone", policy="random", score=0),
    ]
    drawn = draw(Selection(documents=4), asked)

    assert drawn[0] == asked[0]
    assert absent not in drawn
    assert len(drawn) == 4


def test_everything_is_drawn_where_no_number_is_given():
    assert len(draw(Selection())) == 60


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory):
    """Three texts through the packaged model, and a memo that half of them were lost from."""
    folder = tmp_path_factory.mktemp("embedding")
    texts = [
        "A town by a river. " * 60,
        "The symphony was composed in spring.",
        "云川的首都是云禾。",
    ]
    first = SentenceEmbedder(PACKAGED, Memo(LocalFiles(folder / "a"), "vectors", folder / "a"))
    whole = first.embed(texts)
    partial = Memo(LocalFiles(folder / "b"), "vectors", folder / "b")
    first.memo.flush()
    (segment,) = (folder / "a" / "memo" / "vectors").iterdir()
    for line in segment.read_text().splitlines()[::2]:
        partial.put(**json.loads(line))
    second = SentenceEmbedder(PACKAGED, partial)
    return texts, whole, second.embed(texts), first


def test_a_killed_embedding_gets_the_vectors_it_would_have_got(embedded):
    """Batches are made of the same windows, so padding and kernels are the same too."""
    _, whole, resumed, _ = embedded

    assert (whole == resumed).all()


def test_a_vector_is_computed_once(embedded):
    texts, whole, _, embedder = embedded
    computed = embedder.computed

    assert (embedder.embed(texts[::-1])[::-1] == whole).all()
    assert embedder.computed == computed


def test_weights_are_named_by_their_content(embedded, tmp_path: Path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    memo = Memo(LocalFiles(tmp_path / "store"), "vectors", tmp_path / "journals")

    assert SentenceEmbedder(str(tmp_path), memo).weights != embedded[3].weights
