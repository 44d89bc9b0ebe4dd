"""Cut the documents of a shard that are kept into chunks."""

from longhop.corpus.chunking import chunk_document
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Document, Membership
from longhop.resources import resources
from tasks.stage import stage


@stage("chunk", revision=3)
def chunk_documents(
    documents: Artifact, memberships: Artifact, tokenizer: str, vocabulary: str, limit: int
) -> Outcome:
    """The kept documents of the shard, and their chunks, each with its split."""
    store = resources().store
    splits = {
        each.document_id: each.split for each in store.iterate(memberships, Membership) if each.kept
    }
    counted = open_tokenizer(tokenizer)
    with store.writer("documents", Document) as kept, store.writer("chunks", Chunk) as chunks:
        for document in store.iterate(documents, Document):
            if document.id not in splits:
                continue
            kept.add(document)
            for chunk in chunk_document(
                document, splits[document.id], tokenizer=counted, limit=limit
            ):
                chunks.add(chunk)
    return Outcome(artifacts={"documents": kept.artifact, "chunks": chunks.artifact})
