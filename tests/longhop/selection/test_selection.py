"""Numbers in, numbers out: exact similarities, draws that stay."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from longhop.selection.embedding import PACKAGED, SentenceEmbedder
from longhop.selection.vectors import SCALE, pool, similarities, to_steps
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
