"""Chunking: documents cut by structure, then sentences, into what a model sees at once."""

from longhop.corpus.chunking.documents import chunk_document

__all__ = ["chunk_document"]
