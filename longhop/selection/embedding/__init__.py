"""Embedding: windows of a text through a sentence-transformers model, remembered one by one."""

from longhop.selection.embedding.embedder import Precision, SentenceEmbedder
from longhop.selection.embedding.weights import PACKAGED
from longhop.selection.embedding.windows import window_at, windows_of

__all__ = ["PACKAGED", "Precision", "SentenceEmbedder", "window_at", "windows_of"]
