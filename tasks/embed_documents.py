"""Embed the documents of a shard, its questions, and those of the reference set."""

from collections import Counter

from longhop.corpus.pairs import read_pairs
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document, DocumentVector
from longhop.records.questions import SingleHop
from longhop.resources import resources
from longhop.selection.embedding import Precision
from longhop.selection.reference import told_of_languages, told_of_lines
from tasks.stage import stage


@stage("embed", revision=1)
def embed_documents(
    documents: Artifact, model: str | Artifact, weights: str, precision: Precision = "full"
) -> Outcome:
    """One vector a document, pooled over its windows."""
    store = resources().store
    texts = [(each.id, each.text) for each in store.read(documents, Document)]
    return Outcome(artifacts={"vectors": _embedded(texts, model, precision)})


@stage("embed_questions", revision=1)
def embed_questions(
    questions: Artifact, model: str | Artifact, weights: str, precision: Precision = "full"
) -> Outcome:
    """One vector a question, of itself and its answer together (MIMG does the same)."""
    rows = resources().store.read(questions, SingleHop)
    texts = {each.id: f"{each.question}\n{each.answer}" for each in rows}
    return Outcome(artifacts={"vectors": _embedded(sorted(texts.items()), model, precision)})


@stage("embed_reference", revision=2)
def embed_reference(
    path: str,
    hashed: str,
    languages: list[Artifact],
    model: str | Artifact,
    weights: str,
    precision: Precision = "full",
) -> Outcome:
    """One vector a pair of the reference set, of its question and answer together.

    What cannot be used of the set is noted, and whether hardly a document has its language.
    """
    pairs, unread = read_pairs(path, resources().sources, license="")
    texts = [(each.id, f"{each.question}\n{each.answer}") for each in pairs]
    notes = (told_of_lines(path, pairs, unread), told_of_languages(pairs, _languages(languages)))
    return Outcome(
        artifacts={"vectors": _embedded(texts, model, precision)},
        notes=tuple(each for each in notes if each),
    )


def _languages(documents: list[Artifact]) -> Counter[str]:
    """How many documents have each language."""
    counted: Counter[str] = Counter()
    for part in documents:
        for batch in resources().store.batches(part, Document, ("language",)):
            counted.update(batch.column("language").to_pylist())
    return counted


def _embedded(
    texts: list[tuple[str, str]], model: str | Artifact, precision: Precision
) -> Artifact:
    live = resources()
    embedder = live.embedder(model, precision)
    rows = list(embedder.embed([text for _, text in texts])) if texts else []
    vectors = [
        DocumentVector(document_id=each, vector=tuple(int(step) for step in row))
        for (each, _), row in zip(texts, rows, strict=True)
    ]
    return live.store.write("vectors", vectors, DocumentVector)
