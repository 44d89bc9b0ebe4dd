"""From JSON Lines to documents, each line either read or turned away with its reason."""

import gzip
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from longhop.corpus.language import LANGUAGES, detect_language
from longhop.errors import ConfigError
from longhop.identity import digest
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document
from longhop.spec.sections import Corpus

_EXCERPT = 200


def fingerprint_files(paths: tuple[str, ...], *, what: str) -> dict[str, str]:
    """The SHA-256 of each file, by its name as the spec gives it.

    Raises:
        ConfigError: A file is not there, or cannot be opened.
    """
    found = {}
    for path in paths:
        try:
            with Path(path).open("rb") as file:
                found[path] = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise ConfigError(f"{what} {path}: {why} (looked for in {Path.cwd()})") from error
    return found


def read_lines(path: str) -> Iterator[tuple[int, bytes]]:
    """The numbered lines of a JSONL or JSONL.gz file, those of white space left out.

    Raises:
        ConfigError: The file is named .gz and is not, or breaks off.
    """
    opened = gzip.open(path, "rb") if path.endswith(".gz") else Path(path).open("rb")
    try:
        with opened as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ConfigError(f"{path} is not a whole gzip file: {error}") from error


def look_at_corpus(corpus: Corpus, *, lines: int = 200) -> None:
    """Read the first lines of each file, so that a wrong mapping is known at once.

    Raises:
        ConfigError: None of them is a document; the message says why, and which fields there are.
    """
    refused: Counter[str] = Counter()
    fields: set[str] = set()
    for path in corpus.paths:
        for number, line in islice(read_lines(path), lines):
            read = _read_line(line, corpus, f"{path}:{number}")
            if isinstance(read, Document):
                return
            refused[str(read.reason)] += 1
            fields |= _fields(line)
    if refused:
        raise ConfigError(explain_unread(corpus, refused, fields))


def explain_unread(corpus: Corpus, refused: Mapping[str, int], fields: Iterable[str]) -> str:
    """Why no line of a corpus is a document, and what its lines have instead."""
    why = ", ".join(f"{reason} {count}" for reason, count in sorted(refused.items()))
    found = ", ".join(sorted(fields)[:12])
    has = f"; its lines have the fields {found}, which corpus.columns can map" if found else ""
    return (
        f"corpus {', '.join(corpus.paths)}: not one of its lines is a document with a text in"
        f" {corpus.columns.text!r} ({why or 'there are none'}){has}"
    )


def read_documents(corpus: Corpus) -> Iterator[Document | Rejection]:
    """Every line of the corpus as a document or as a rejection that names file and line.

    Of several lines with one id the one with the smallest hash is kept, so that the order of lines
    and files does not decide.
    """
    by_id: dict[str, list[tuple[Document, str]]] = {}
    for path in corpus.paths:
        for number, line in read_lines(path):
            read = _read_line(line, corpus, f"{path}:{number}")
            if isinstance(read, Rejection):
                yield read
            else:
                by_id.setdefault(read.id, []).append((read, f"{path}:{number}"))
    for rivals in by_id.values():
        (kept, _), *others = sorted(
            rivals, key=lambda each: (digest(each[0].model_dump()), each[1])
        )
        yield kept
        for other, place in others:
            yield Rejection(
                stage="read",
                item=place,
                reason=Reason.EXACT_DUPLICATE if other.text == kept.text else Reason.DUPLICATE_ID,
                detail=f"id {other.id!r} comes more than once",
                raw=other.text[:_EXCERPT],
            )


def _read_line(line: bytes, corpus: Corpus, place: str) -> Document | Rejection:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raw = line[:_EXCERPT].decode("utf-8", "replace")
        return Rejection(
            stage="read", item=place, reason=Reason.BROKEN_LINE, detail=str(error), raw=raw
        )
    if not isinstance(row, dict):
        return Rejection(
            stage="read", item=place, reason=Reason.BROKEN_LINE, detail="not a JSON object"
        )
    columns = corpus.columns
    text = row.get(columns.text)
    if not isinstance(text, str) or not text.strip():
        detail = f"column {columns.text!r} holds no text"
        return Rejection(stage="read", item=place, reason=Reason.MISSING_TEXT, detail=detail)
    text = text.encode("utf-8", "replace").decode()  # lone surrogates cannot be stored
    given = row.get(columns.id)
    return Document(
        id=_plain(given) or f"d-{digest('document', text)[:16]}",
        title=_plain(row.get(columns.title)),
        text=text,
        license=_plain(row.get(columns.license)) or corpus.license,
        language=_language(_plain(row.get(columns.language)), text),
    )


def _language(given: str, text: str) -> str:
    """The prompts' language: as given where there are prompts for it, else told by script."""
    head = given.lower().replace("_", "-").split("-")[0]
    return head if head in LANGUAGES else detect_language(text)


def _fields(line: bytes) -> set[str]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return set()
    return set(map(str, row)) if isinstance(row, dict) else set()


def _plain(value: object) -> str:
    if value is None or isinstance(value, dict | list | bool):
        return ""
    return str(value).encode("utf-8", "replace").decode().strip()
