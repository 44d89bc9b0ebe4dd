"""Cleaning: from the text that a source has to the one that is stored and that spans count in."""

from longhop.corpus.cleaning.documents import Cleaned, clean_document, clean_text

__all__ = ["Cleaned", "clean_document", "clean_text"]
