"""Adapting: what is learnt from, what counts as wrong, and when adapted weights are kept."""

import asyncio
from pathlib import Path
from random import Random

import numpy as np
import pytest

from longhop.errors import StorageError
from longhop.records.adaptation import Adaptation, WeightsPart
from longhop.records.corpus import Document
from longhop.records.questions import SingleHop
from longhop.resources import Resources, Silence, entered
from longhop.selection.adapting import Pair, adapt
from longhop.selection.adapting.mining import find_wrong, hardest, make_batches
from longhop.selection.adapting.pairs import part
from longhop.selection.adapting.retrieving import find_ranks, is_better, measure
from longhop.selection.embedding import Precision, SentenceEmbedder
from longhop.selection.vectors import Steps, to_steps
from longhop.settings import Settings
from longhop.storage.artifacts import ArtifactStore
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo
from longhop.storage.weights import store_weights, unpack_weights
from tasks.adapt_embedder import adapt_embedder
from tasks.embed_documents import embed_documents
from tests.fakes import document, single_hop


def directions(*rows: tuple[float, ...]) -> Steps:
    return to_steps(np.asarray(rows, np.float32))


def test_a_document_is_learnt_from_or_held_out_with_all_of_its_pairs():
    """Else what was learnt of a document would be taken for what was understood."""
    documents = [f"text {n}" for n in range(100)]
    pairs = [Pair(n % 100, f"pair {n}") for n in range(300)]
    learnt, held = part(documents, pairs, "key")

    assert {each.document for each in learnt}.isdisjoint(each.document for each in held)
    assert len({each.document for each in held}) == 33
    assert {each.text for each in learnt + held} == {each.text for each in pairs}


def test_parts_do_not_depend_on_the_order_of_documents_or_pairs():
    documents = [f"text {n}" for n in range(60)]
    pairs = [Pair(n % 60, f"pair {n % 70}", at=n) for n in range(140)]
    turned = [Pair(59 - each.document, each.text, each.at) for each in reversed(pairs)]

    def read(texts: list[str], given: list[Pair]) -> list[list[tuple[str, str, int]]]:
        return [
            [(texts[each.document], each.text, each.at) for each in side]
            for side in part(texts, given, "key")
        ]

    assert read(documents, pairs) == read(documents[::-1], turned)


def test_what_a_document_might_have_given_is_no_wrong_pair_of_it():
    """Rows: its own; another of the same document; as near as its own; like its own; far."""
    windows = directions((1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 0, 1))
    pairs = directions((0.6, 0.8, 0), (-1, 0, 0), (0.6, -0.8, 0), (0, 1, 0), (0, 0, 1))
    wrong = find_wrong(windows, pairs, [0, 0, 1, 2, 3])

    assert wrong[0].tolist() == [False, False, False, False, True]


def test_the_hardest_wrong_pair_is_the_nearest_one():
    windows = directions((1, 0), (0, 1), (0, 1))
    pairs = directions((1, 0), (0.5, 0.8), (-1, 0))
    wrong = np.asarray([[False, True, True], [True, False, False], [False, False, False]])

    assert hardest(windows, pairs, wrong).tolist() == [1, 0, -1]


def test_in_a_batch_all_pairs_and_negatives_of_others_are_wrong():
    """The loss takes each of them for wrong, whoever brought it."""
    rng = np.random.default_rng(3)
    wrong = rng.random((80, 80)) < 0.8
    negatives = np.where(wrong.any(axis=1), wrong.argmax(axis=1), -1)
    negatives[7] = -1
    batches = make_batches(negatives, wrong, 8, "key")

    assert len(batches) > 4
    assert 7 not in {row for batch in batches for row in batch}
    for batch in batches:
        assert 2 <= len(batch) <= 8
        for row in batch:
            for other in set(batch) - {row}:
                assert wrong[row, other] and wrong[row, negatives[other]]


def test_a_rank_counts_the_pairs_of_others_that_are_as_near():
    documents = directions((1, 0), (0, 1))
    pairs = directions((1, 0.1), (0.1, 1), (1, 0.1))

    assert find_ranks(documents, pairs, [0, 0, 1]).tolist() == [2, 2, 3]
    assert find_ranks(documents, pairs, [0, 1, 0]).tolist() == [1, 1, 1]


def test_figures_are_means_over_documents():
    """A document with many pairs counts no more than one with few."""
    figures = measure(np.asarray([1, 1, 20]), [0, 0, 1])

    assert (figures.recall_at_10, figures.reciprocal_rank) == (0.5, 0.525)


@pytest.mark.parametrize(
    ("after", "better"),
    [
        ([1] * 15 + [2] * 5, True),  # most are found earlier
        ([1] + [2] * 19, False),  # one document may do so by chance
        ([2] * 20, False),
        ([1] * 19 + [40], False),  # what was among the first ten is no longer
    ],
)
def test_better_is_more_than_chance_and_loses_nothing(after: list[int], better: bool):
    assert is_better(np.full(20, 2), np.asarray(after), range(20)) is better


# Each word of a document is asked about by another word, which the model has yet to learn.
_WORDS = [f"tree{n}" for n in range(14)]
_ASKED = [f"house{n}" for n in range(14)]


def corpus(*, told: bool = True) -> tuple[list[str], list[Pair]]:
    """Documents, and a pair of each, which name one page; of any other where it is not `told`."""
    rng = Random(7)
    about = [(rng.sample(range(14), 4), rng.randrange(40)) for _ in range(240)]
    asked = about if told else rng.sample(about, 240)
    documents = [f"{_words(_WORDS, words)} page{page}" for words, page in about]
    pairs = [
        Pair(n, f"{_words(_ASKED, words)} page{page}") for n, (words, page) in enumerate(asked)
    ]
    return documents, pairs


def _words(names: list[str], numbers: list[int]) -> str:
    return " ".join(names[number] for number in numbers)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model that is a vector a word: it learns in a second."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["[UNK]", *_WORDS, *_ASKED, *(f"page{n}" for n in range(40))]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    numbers = np.random.default_rng(5).normal(size=(len(words), 32)).astype(np.float32)
    static = StaticEmbedding(tokenizer, embedding_weights=torch.from_numpy(numbers))
    folder = tmp_path_factory.mktemp("model") / "words"
    SentenceTransformer(modules=[static], device="cpu").save_pretrained(str(folder))
    return str(folder)


def embedder(name: str, folder: Path, precision: Precision = "full") -> SentenceEmbedder:
    memo = Memo(LocalFiles(folder), "vectors", folder)
    return SentenceEmbedder(name, memo, precision=precision)


def test_what_held_out_documents_show_to_be_better_is_kept(model: str, tmp_path: Path):
    base = embedder(model, tmp_path)
    documents, pairs = corpus()
    found = adapt(base, documents, pairs, key="k", folder=tmp_path / "new", rate=0.1)

    assert found.kept
    assert found.before and found.after
    assert found.after.reciprocal_rank > found.before.reciprocal_rank + 0.1
    assert found.held_out == 80
    assert found.weights == embedder(str(tmp_path / "new"), tmp_path).weights != base.weights
    assert not list(tmp_path.rglob("*checkpoint*"))


def test_in_half_precision_it_learns_as_well(model: str, tmp_path: Path):
    documents, pairs = corpus()
    base = embedder(model, tmp_path, "half")

    assert adapt(base, documents, pairs, key="k", folder=tmp_path / "new", rate=0.1).kept


def test_two_runs_give_the_same_weights(model: str, tmp_path: Path):
    """Whatever order the documents come in: else a rerun would be another dataset."""
    documents, pairs = corpus()
    turned = [Pair(239 - each.document, each.text) for each in reversed(pairs)]
    base = embedder(model, tmp_path)
    found = adapt(base, documents, pairs, key="k", folder=tmp_path / "a", rate=0.1)
    again = adapt(base, documents[::-1], turned, key="k", folder=tmp_path / "b", rate=0.1)

    assert found == again


def test_where_there_is_nothing_to_learn_nothing_is_kept(model: str, tmp_path: Path):
    documents, pairs = corpus(told=False)
    base = embedder(model, tmp_path)
    found = adapt(base, documents, pairs, key="k", folder=tmp_path / "new", rate=0.1)

    assert not found.kept
    assert found.weights == ""
    assert found.after is not None


def test_of_too_few_pairs_nothing_is_tried(model: str, tmp_path: Path):
    documents, pairs = corpus()
    found = adapt(
        embedder(model, tmp_path), documents, pairs[:60], key="k", folder=tmp_path / "new"
    )

    assert found.before is None
    assert "40 pairs to learn from and 20 documents to hold out are too few" in found.reason
    assert not (tmp_path / "new").exists()


def test_adapted_weights_come_back_from_the_store_as_they_were(model: str, tmp_path: Path):
    live = Resources(Settings(store=str(tmp_path)), LocalFiles(tmp_path / "store"), Silence())
    stored = store_weights(live.store, Path(model))
    opened = live.embedder(stored)
    folder = opened.folder
    texts = corpus()[0][:5]

    assert opened.weights == live.embedder(model).weights
    assert live.embedder(stored) is opened
    assert (opened.embed(texts) == embedder(model, tmp_path / "other").embed(texts)).all()
    asyncio.run(live.close())
    assert folder is not None and not folder.exists()


def test_weights_are_unpacked_nowhere_but_in_their_folder(tmp_path: Path):
    store = ArtifactStore(LocalFiles(tmp_path / "store"))
    part = WeightsPart(file="../elsewhere", part=0, data="")

    with pytest.raises(StorageError, match="elsewhere"):
        unpack_weights(store, store.write("weights", [part], WeightsPart), tmp_path / "model")


def test_the_stage_gives_a_model_that_the_embed_stages_take(model: str, tmp_path: Path):
    """The default rate is far too low for this model, so that here nothing is kept."""
    live = Resources(Settings(store=str(tmp_path)), LocalFiles(tmp_path / "store"), Silence())
    texts, pairs = corpus()
    documents = live.store.write(
        "documents", [document(f"d{n}", text) for n, text in enumerate(texts)], Document
    )
    asked = [
        single_hop(each.text, "it", f"s{n}", document_id=f"d{n}") for n, each in enumerate(pairs)
    ]
    questions = live.store.write("single_hop", asked, SingleHop)
    with entered(live):
        outcome = adapt_embedder.body([documents], [questions], model, "w", "some-dataset")
        weights = store_weights(live.store, Path(model))
        vectors = [embed_documents.body(documents, each, "w") for each in (model, weights)]
    (found,) = live.store.read(outcome["adaptation"], Adaptation)

    assert found.held_out == 80
    assert ("weights" in outcome.artifacts) is found.kept
    assert vectors[0] == vectors[1]
