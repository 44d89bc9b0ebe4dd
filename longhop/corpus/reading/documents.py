"""From rows to documents, each row either read or turned away with its reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from longhop.corpus.reading.columnar import Wanted, all_columns, wanted_columns
from longhop.corpus.reading.decoding import decode
from longhop.corpus.reading.files import read_file
from longhop.corpus.reading.listing import find_files
from longhop.corpus.reading.rows import Page, Place, Row, reject, storable
from longhop.identity import digest
from longhop.ports import Sources
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document
from longhop.spec.sections import Corpus


@dataclass(frozen=True, slots=True)
class Read:
    """What one line, row or file of the corpus became; nothing where a line is blank.

    `doubt` is 0 where the bytes say themselves what `encoding` they are in, else how far that is a
    guess.
    """

    place: Place
    found: Document | Rejection | None
    encoding: str = "utf-8"
    doubt: float = 0.0


def read_documents(corpus: Corpus, sources: Sources) -> Iterator[Read]:
    """Every line, row or whole file of the corpus, in the order of its files' names.

    The text is as it stands there. Ids may come more than once: which document of one id is kept
    is not decided by the order of files, so not here.

    Raises:
        ConfigError: A path stands for nothing.
    """
    columns = mapped_columns(corpus)
    for name in find_files(corpus.paths, sources).files:
        for row in read_file(name, sources, columns):
            yield as_read(row, corpus)


def mapped_columns(corpus: Corpus) -> Wanted:
    """The columns of a table that the corpus' mapping has a use for."""
    return wanted_columns(
        [getattr(corpus.columns, field) for field in type(corpus.columns).model_fields]
    )


def read_rows(
    path: str, sources: Sources
) -> Iterator[tuple[str, Mapping[str, object] | Rejection]]:
    """The place of every row of the tables that a path stands for, and all that the row holds.

    Blank lines are left out. A file that is one text has no rows, and is turned away.

    Raises:
        ConfigError: The path stands for nothing.
    """
    for name in find_files([path], sources).files:
        for row in read_file(name, sources, all_columns):
            if isinstance(row.found, Page):
                detail = "a text, where rows are wanted"
                yield str(row.place), reject(row.place, Reason.BROKEN_FILE, detail)
            elif row.found is not None:
                yield str(row.place), row.found


def as_read(row: Row, corpus: Corpus) -> Read:
    """The document that a row is, by the corpus' columns; a rejection where its text is missing."""
    found = row.found
    if isinstance(found, Page):
        document = _document(found.text, {}, corpus, title=found.title)
        return Read(row.place, document, row.encoding, row.doubt)
    if found is None or isinstance(found, Rejection):
        return Read(row.place, found, row.encoding, row.doubt)
    text, encoding, doubt = reach(found, corpus.columns.text), row.encoding, row.doubt
    if isinstance(text, bytes):
        decoded = decode(text)
        if decoded is None:
            detail = f"the bytes in column {corpus.columns.text!r} are no text"
            return Read(row.place, reject(row.place, Reason.NOT_PROSE, detail))
        text, encoding, doubt = decoded.text, decoded.encoding, decoded.doubt
    if not isinstance(text, str) or not text.strip():
        detail = f"column {corpus.columns.text!r} holds no text"
        return Read(row.place, reject(row.place, Reason.MISSING_TEXT, detail))
    return Read(row.place, _document(text, found, corpus), encoding, doubt)


def reach(row: Mapping[str, object], name: str) -> object:
    """What a row has under a name, of which a dot may lead into something nested."""
    if name in row:
        return row[name]
    head, dot, rest = name.partition(".")
    inside = row.get(head) if dot else None
    return reach(inside, rest) if isinstance(inside, Mapping) else None


def fields_of(rows: Iterable[Row]) -> set[str]:
    """The names that columns can be mapped to, those of nested ones with a dot."""
    names: set[str] = set()
    for row in rows:
        if isinstance(row.found, Mapping):
            for name, value in row.found.items():
                names |= {f"{name}.{each}" for each in value} if isinstance(value, dict) else {name}
    return names


def _document(text: str, row: Mapping[str, object], corpus: Corpus, *, title: str = "") -> Document:
    columns = corpus.columns
    text = storable(text)
    return Document(
        id=_plain(reach(row, columns.id)) or f"d-{digest('document', text)[:16]}",
        title=_plain(title or reach(row, columns.title)),
        text=text,
        license=_plain(reach(row, columns.license)) or corpus.license,
        language=_head_of_code(_plain(reach(row, columns.language))),
        domain=_plain(reach(row, columns.domain)),
    )


def _head_of_code(code: str) -> str:
    return code.lower().replace("_", "-").split("-")[0]


def _plain(value: object) -> str:
    if isinstance(value, str):
        return storable(value).strip()
    if isinstance(value, bytes):
        decoded = decode(value)
        return decoded.text.strip() if decoded else ""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    return storable(str(value)).strip()
