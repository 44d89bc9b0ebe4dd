"""Reading any corpus: files of many kinds become documents, or rejections that say why not."""

from longhop.corpus.reading.documents import Read, read_documents, read_rows
from longhop.corpus.reading.listing import (
    count_endings,
    fingerprint_files,
    list_files,
    list_passed_over,
)
from longhop.corpus.reading.looking import explain_unread, look_at_corpus

__all__ = [
    "Read",
    "count_endings",
    "explain_unread",
    "fingerprint_files",
    "list_files",
    "list_passed_over",
    "look_at_corpus",
    "read_documents",
    "read_rows",
]
