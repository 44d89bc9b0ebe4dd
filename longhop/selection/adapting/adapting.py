"""Adapting: learn from some documents, and keep it only if others find their pairs better."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from longhop.identity import digest
from longhop.records.adaptation import Adaptation
from longhop.selection.adapting.mining import find_wrong, hardest, make_batches
from longhop.selection.adapting.pairs import Pair, part
from longhop.selection.adapting.retrieving import find_ranks, is_better, measure
from longhop.selection.adapting.training import train
from longhop.selection.embedding import SentenceEmbedder, window_at

_FEWEST_PAIRS, _FEWEST_DOCUMENTS = 50, 20
_BATCH, _EPOCHS = 16, 2
_RATE = 2e-5  # usual for models of this kind; EQUAL's code takes 1e-5 for one five times as large


def adapt(
    base: SentenceEmbedder,
    documents: Sequence[str],
    pairs: Sequence[Pair],
    *,
    key: str,
    folder: Path,
    rate: float = _RATE,
) -> Adaptation:
    """What comes of teaching the embedder which pairs documents gave; its weights, if kept.

    The weights lie in `folder`, which is new or empty, whether they are kept or not. They are
    learnt from the window of the document that holds a pair's evidence and from the pair, against
    the pairs of other documents (EQUAL, arXiv 2505.12250). Figures are of documents that were
    held out by keyed hash, each embedded whole, as selection sees them. `rate` is that of learning.
    The order of documents and of pairs does not matter.
    """
    learnt, held = part(documents, pairs, key)
    number = len({documents[each.document] for each in held})
    if len(learnt) < _FEWEST_PAIRS or number < _FEWEST_DOCUMENTS:
        reason = (
            f"{len(learnt)} pairs to learn from and {number} documents to hold out are too few:"
            f" {_FEWEST_PAIRS} and {_FEWEST_DOCUMENTS} are needed"
        )
        return _not_tried(reason)
    columns, batches = _lessons(base, documents, learnt, key)
    if not batches:
        return _not_tried("no pair is surely wrong for the document of another")
    seed = int(digest("adapt", key)[:8], 16) >> 1
    half = base.precision == "half"
    train(base.load(), columns, batches, folder, seed=seed, rate=rate, half=half)
    adapted = SentenceEmbedder(str(folder), _Passing(), precision=base.precision)
    places = _numbered([documents[each.document] for each in held])
    before, after = (_ranks(each, documents, held, places) for each in (base, adapted))
    kept = is_better(before, after, places)
    reason = "held-out documents find their pairs better"
    return Adaptation(
        kept=kept,
        reason=reason if kept else f"not sure that {reason}",
        before=measure(before, places),
        after=measure(after, places),
        weights=adapted.weights if kept else "",
        trained_on=len({row for batch in batches for row in batch}),
        held_out=number,
    )


def _not_tried(reason: str) -> Adaptation:
    return Adaptation(
        kept=False, reason=reason, before=None, after=None, weights="", trained_on=0, held_out=0
    )


def _lessons(
    base: SentenceEmbedder, documents: Sequence[str], learnt: Sequence[Pair], key: str
) -> tuple[dict[str, list[str]], list[list[int]]]:
    """Windows, their pairs and their hardest wrong ones, and the batches of all epochs."""
    windows = [window_at(documents[each.document], each.at) for each in learnt]
    texts = [each.text for each in learnt]
    seen, asked = base.embed(windows), base.embed(texts)
    wrong = find_wrong(seen, asked, _numbered([documents[each.document] for each in learnt]))
    negatives = hardest(seen, asked, wrong)
    batches = [
        batch
        for epoch in range(_EPOCHS)
        for batch in make_batches(negatives, wrong, _BATCH, "batch", key, epoch)
    ]
    columns = {
        "anchor": windows,
        "positive": texts,
        "negative": [texts[int(place)] for place in negatives],
    }
    return columns, batches


def _ranks(
    embedder: SentenceEmbedder,
    documents: Sequence[str],
    held: Sequence[Pair],
    places: Sequence[int],
) -> NDArray[np.int64]:
    whole = {place: documents[pair.document] for pair, place in zip(held, places, strict=True)}
    vectors = embedder.embed([whole[place] for place in sorted(whole)])
    return find_ranks(vectors, embedder.embed([each.text for each in held]), places)


def _numbered(texts: Sequence[str]) -> list[int]:
    """The number of each text among the distinct ones, from 0, by their order."""
    numbers = {text: number for number, text in enumerate(sorted(set(texts)))}
    return [numbers[text] for text in texts]


class _Passing:
    """A memo of this process alone: the vectors of weights that may be given up."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def get(self, key: str) -> object | None:
        return self.values.get(key)

    def put(self, key: str, value: object) -> None:
        self.values.setdefault(key, value)

    def get_many(self, keys: Sequence[str]) -> dict[str, object]:
        return {key: self.values[key] for key in keys if key in self.values}

    def put_many(self, values: Mapping[str, object]) -> None:
        self.values = {**values, **self.values}
