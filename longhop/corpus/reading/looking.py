"""A first look at the corpus: a wrong mapping is told before anything is paid for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

from longhop.corpus.reading.columnar import all_columns
from longhop.corpus.reading.documents import as_read, fields_of
from longhop.corpus.reading.files import read_file
from longhop.corpus.reading.listing import count_endings, find_files
from longhop.errors import ConfigError
from longhop.ports import Sources
from longhop.records.accounts import Rejection
from longhop.records.corpus import Document
from longhop.spec.sections import Corpus


def look_at_corpus(corpus: Corpus, sources: Sources, *, lines: int = 200) -> None:
    """Read the first rows of each file, so that a wrong mapping is known at once.

    Raises:
        ConfigError: None of them is a document; the message says why, and which fields there are.
            Or there is no file of a kind that is read.
    """
    refused: Counter[str] = Counter()
    fields: set[str] = set()
    listing = find_files(corpus.paths, sources)
    for name in listing.files:
        for row in islice(read_file(name, sources, all_columns), lines):
            found = as_read(row, corpus).found
            if isinstance(found, Document):
                return
            if isinstance(found, Rejection):
                refused[str(found.reason)] += 1
                fields |= fields_of([row])
    if refused or not listing.files:
        raise ConfigError(explain_unread(corpus, refused, fields, passed_over=listing.passed_over))


def explain_unread(
    corpus: Corpus,
    refused: Mapping[str, int],
    fields: Iterable[str],
    *,
    passed_over: Iterable[str] = (),
) -> str:
    """Why no line of a corpus is a document, and what its lines have instead."""
    why = ", ".join(f"{reason} {count}" for reason, count in sorted(refused.items()))
    found = ", ".join(sorted(fields)[:12])
    others = list(passed_over)
    has = f"; its lines have the fields {found}, which corpus.columns can map" if found else ""
    beside = (
        f"; {len(others)} files were passed over ({count_endings(others)}): name one to have it"
        " read as text"
        if others
        else ""
    )
    return (
        f"corpus {', '.join(corpus.paths)}: not one of its lines is a document with a text in"
        f" {corpus.columns.text!r} ({why or 'there are none'}){has}{beside}"
    )
