"""Deduplicating: sketches propose documents that count as one, their shingles decide."""

from longhop.corpus.deduplicating.documents import group_documents

__all__ = ["group_documents"]
