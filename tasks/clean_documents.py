"""Clean the documents of a shard and keep out what a benchmark holds."""

from collections import Counter

from longhop.corpus.cleaning import clean_document
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document
from longhop.resources import resources
from longhop.spec.sections import Cleaning
from tasks.screening import Screen
from tasks.sifted import Sieve
from tasks.stage import stage


@stage("clean", revision=2)
def clean_documents(documents: Artifact, plan: Cleaning) -> Outcome:
    """The documents with the text that spans count in, and those that are turned away."""
    changes: Counter[str] = Counter()
    with Sieve("clean", "document", "documents", Document) as sieve:
        for document in resources().store.iterate(documents, Document):
            cleaned = clean_document(document, plan)
            sieve.add(cleaned.found)
            if isinstance(cleaned.found, Document):
                changes.update(cleaned.changes)
    return sieve.outcome(changes=dict(sorted(changes.items())))


@stage("decontaminate", revision=3)
def decontaminate_documents(documents: Artifact, benchmarks: dict[str, str], ngram: int) -> Outcome:
    """The documents that share no run of words with a benchmark, and those that do."""
    screen = Screen("decontaminate", benchmarks, ngram)
    with screen, Sieve("decontaminate", "document", "documents", Document) as sieve:
        for document in resources().store.iterate(documents, Document):
            finding = screen.look(document.id, f"{document.title}\n{document.text}")
            sieve.add(finding or document)
    return sieve.outcome(more=screen.artifacts)
