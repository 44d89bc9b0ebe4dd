"""Embedding: windows remembered one by one, and weights that are named by what they are."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.errors import ConfigError
from longhop.selection.embedding import PACKAGED, SentenceEmbedder, window_at, windows_of
from longhop.selection.embedding.weights import at_hub
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo


def remembering(folder: Path) -> Memo:
    return Memo(LocalFiles(folder), "vectors", folder)


@given(st.text(max_size=3000), st.integers(0, 2999))
def test_windows_make_up_the_text_and_each_place_lies_in_one(text: str, place: int):
    windows = windows_of(text)

    assert "".join(windows) == text
    assert window_at(text, place) in [*windows, ""]
    if place < len(text):
        assert text[place] in window_at(text, place)


def test_a_long_text_has_the_window_of_its_evidence():
    """Latin words make word pieces of several letters, other scripts' letters are one each."""
    latin = "word " * 500
    chinese = "云川的首都" * 100

    assert [len(each) for each in windows_of(latin)] == [900, 900, 700]
    assert window_at(latin, 1850) == windows_of(latin)[2]
    assert len(windows_of(chinese)[0]) == 220


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory):
    """Three texts through the packaged model, and a memo that half of them were lost from."""
    folder = tmp_path_factory.mktemp("embedding")
    texts = [
        "A town by a river. " * 60,
        "The symphony was composed in spring.",
        "云川的首都是云禾。",
    ]
    first = SentenceEmbedder(PACKAGED, remembering(folder / "a"))
    whole = first.embed(texts)
    partial = remembering(folder / "b")
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


def test_half_precision_is_near_to_full_and_named_otherwise(embedded, tmp_path: Path):
    """Vectors of both must never be compared, so neither is ever taken for the other."""
    texts, whole, _, full = embedded
    half = SentenceEmbedder(PACKAGED, remembering(tmp_path), precision="half")
    rows = [each.astype(float) for each in (whole, half.embed(texts))]
    cosines = [a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in zip(*rows, strict=True)]

    assert half.weights != full.weights
    assert min(cosines) > 0.999


def test_a_name_of_a_hub_may_have_a_revision(tmp_path: Path):
    """The name alone stands for whatever a hub has under it on the day."""
    memo = remembering(tmp_path)
    names = ("org/model", "org/model@1a2b3c", "org/model@4d5e6f")

    assert at_hub("org/model@1a2b3c") == ("org/model", "1a2b3c")
    assert at_hub("org/model") == ("org/model", None)
    assert len({SentenceEmbedder(each, memo).weights for each in names}) == 3


def test_a_folder_without_a_model_is_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="is a folder without a model"):
        _ = SentenceEmbedder(str(tmp_path), remembering(tmp_path)).weights


def test_remembered_vectors_need_no_model(embedded):
    """Loading it takes seconds, and a machine that continues a build may have no weights."""
    texts, whole, _, first = embedded
    second = SentenceEmbedder(PACKAGED, first.memo)

    assert (second.embed(texts) == whole).all()
    assert "_model" not in second.__dict__
