"""Adapt the embedder to which questions the documents of this corpus gave."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from longhop.records.adaptation import Adaptation
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document
from longhop.records.questions import SingleHop
from longhop.resources import resources
from longhop.selection.adapting import Pair, adapt
from longhop.selection.embedding import Precision
from longhop.storage.weights import store_weights
from tasks.stage import stage


@stage("adapt", revision=1)
def adapt_embedder(
    documents: list[Artifact],
    questions: list[Artifact],
    model: str,
    weights: str,
    dataset: str,
    precision: Precision = "full",
) -> Outcome:
    """What came of it, and the adapted weights if they are kept: a model for the embed stages.

    With too little to learn from it is `untried`, and can be once more was found.
    """
    live = resources()
    asked = live.store.read_all(questions, SingleHop)
    texts = _texts_of(documents, {each.document_id for each in asked})
    with TemporaryDirectory(prefix="longhop-adapting-") as scratch:
        folder = Path(scratch) / "model"
        adaptation = adapt(
            live.embedder(model, precision),
            list(texts.values()),
            _pairs(asked, texts),
            key=dataset,
            folder=folder,
        )
        written = live.store.write("adaptation", [adaptation], Adaptation)
        if adaptation.before is None:
            return Outcome(artifacts={"untried": written})
        made = {"adaptation": written}
        if adaptation.kept:
            made["weights"] = store_weights(live.store, folder)
    return Outcome(artifacts=made)


def _texts_of(documents: Sequence[Artifact], wanted: set[str]) -> dict[str, str]:
    """The texts of the wanted documents by their ids; no other is held."""
    store = resources().store
    rows = (row for each in documents for row in store.iterate(each, Document))
    return {row.id: row.text for row in rows if row.id in wanted}


def _pairs(asked: Sequence[SingleHop], texts: dict[str, str]) -> list[Pair]:
    """The questions with their answers, and where in the document the evidence is quoted from."""
    places = {document: place for place, document in enumerate(texts)}
    return [
        Pair(
            places[each.document_id],
            f"{each.question}\n{each.answer}",
            max(0, texts[each.document_id].find(each.quote)),
        )
        for each in asked
        if each.document_id in places
    ]
