"""A first look at the corpus: a wrong mapping is told before anything is paid for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from longhop.corpus.reading.columnar import Wanted
from longhop.corpus.reading.documents import as_read, fields_of, mapped_columns
from longhop.corpus.reading.files import read_file
from longhop.corpus.reading.listing import count_endings, find_files
from longhop.corpus.reading.rows import shorten, storable
from longhop.errors import ConfigError
from longhop.ports import Sources
from longhop.records.accounts import Rejection
from longhop.records.corpus import Document
from longhop.spec.sections import Corpus

# How many fields a message names, and how much of each; anybody may have named them.
_NAMED, _NAME = 12, 40
_PLACE = 200


def look_at_corpus(corpus: Corpus, sources: Sources, *, lines: int = 200) -> None:
    """Read the first rows of each file, so that a wrong mapping is known at once.

    Raises:
        ConfigError: None of them is a document; the message says why, and which fields there are.
            Or there is no file of a kind that is read.
    """
    refused: Counter[str] = Counter()
    fields: set[str] = set()
    first: Rejection | None = None
    wanted = _noting(fields, mapped_columns(corpus))
    listing = find_files(corpus.paths, sources)
    for name in listing.files:
        for row in islice(read_file(name, sources, wanted), lines):
            found = as_read(row, corpus).found
            if isinstance(found, Document):
                return
            if isinstance(found, Rejection):
                refused[str(found.reason)] += 1
                first = first or found
                fields |= fields_of([row])
    if refused or not listing.files:
        raise ConfigError(
            explain_unread(
                corpus,
                refused,
                fields,
                passed_over=listing.passed_over,
                sample=lines if refused else 0,
                first=first,
            )
        )


def explain_unread(
    corpus: Corpus,
    refused: Mapping[str, int],
    fields: Iterable[str],
    *,
    passed_over: Iterable[str] = (),
    sample: int = 0,
    first: Rejection | None = None,
) -> str:
    """Why no line of a corpus is a document, and what its lines have instead.

    With `sample`, only so many lines of each file were read. `first` is one that was turned away.
    """
    why = ", ".join(f"{reason} {count}" for reason, count in sorted(refused.items()))
    found = ", ".join(shorten(storable(each), _NAME) for each in sorted(fields)[:_NAMED])
    others = list(passed_over)
    has = f"; its lines have the fields {found}, which corpus.columns can map" if found else ""
    beside = (
        f"; {len(others)} files were passed over ({count_endings(others)}): name one to have it"
        " read as text"
        if others
        else ""
    )
    read = f", of the first {sample} lines of each file" if sample else ""
    such = f"; {shorten(first.item, _PLACE)}: {first.detail}" if first else ""
    return (
        f"corpus {', '.join(corpus.paths)}: not one of its lines is a document with a text in"
        f" {corpus.columns.text!r}{read} ({why or 'there are none'}){such}{has}{beside}"
    )


def _noting(fields: set[str], wanted: Wanted) -> Wanted:
    """The same choice of columns, after the names of all that there are were noted."""

    def noted(there: Mapping[str, Sequence[str]]) -> list[str]:
        for name, inside in there.items():
            fields.update([f"{name}.{each}" for each in inside] or [name])
        return wanted(there)

    return noted
