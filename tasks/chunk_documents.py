"""Cut the documents of a shard that are kept into chunks."""

from longhop.corpus.chunking import chunk_document
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Document, Membership
from longhop.resources import resources
from tasks.stage import stage


@stage("chunk", revision=1)
def chunk_documents(
    documents: Artifact, memberships: Artifact, tokenizer: str, vocabulary: str, limit: int
) -> Outcome:
    """The kept documents of the shard, and their chunks, each with its split."""
    store = resources().store
    splits = {
        each.document_id: each.split for each in store.read(memberships, Membership) if each.kept
    }
    kept = [each for each in store.read(documents, Document) if each.id in splits]
    counted = open_tokenizer(tokenizer)
    chunks = [
        chunk
        for document in kept
        for chunk in chunk_document(document, splits[document.id], tokenizer=counted, limit=limit)
    ]
    return Outcome(
        artifacts={
            "documents": store.write("documents", kept, Document),
            "chunks": store.write("chunks", chunks, Chunk),
        }
    )
