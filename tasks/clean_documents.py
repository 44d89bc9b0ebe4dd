"""Clean the documents of a shard and keep out what a benchmark holds."""

from longhop.corpus.cleaning import clean_document
from longhop.publishing.decontaminating import find_contamination, read_benchmarks
from longhop.records.accounts import Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document
from longhop.resources import resources
from tasks.sifted import write_rejected
from tasks.stage import stage


@stage("clean", revision=1)
def clean_documents(documents: Artifact, min_characters: int) -> Outcome:
    """The documents with the text that spans count in, and those that are too short."""
    store = resources().store
    cleaned = [
        clean_document(each, min_characters=min_characters)
        for each in store.read(documents, Document)
    ]
    kept = [each for each in cleaned if isinstance(each, Document)]
    rejected = [each for each in cleaned if isinstance(each, Rejection)]
    documents_kept = {"kept": store.write("documents", kept, Document)}
    return write_rejected(
        "clean", "document", documents_kept, accepted=len(kept), rejected=rejected
    )


@stage("decontaminate", revision=1)
def decontaminate_documents(documents: Artifact, benchmarks: dict[str, str], ngram: int) -> Outcome:
    """The documents that share no run of words with a benchmark, and those that do."""
    store = resources().store
    known = read_benchmarks(benchmarks, ngram=ngram)
    kept, rejected = [], []
    for document in store.read(documents, Document):
        finding = find_contamination("decontaminate", document.id, document.text, known)
        if finding is None:
            kept.append(document)
        else:
            rejected.append(finding)
    documents_kept = {"kept": store.write("documents", kept, Document)}
    return write_rejected(
        "decontaminate", "document", documents_kept, accepted=len(kept), rejected=rejected
    )
