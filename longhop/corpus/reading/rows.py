"""What the readers of each kind of file hand on: rows, whole pages, and how a file breaks."""

from collections.abc import Mapping
from dataclasses import dataclass

from longhop.records.accounts import Reason, Rejection

# The longest line, field or whole-file text that is taken into memory.
LONGEST = 64 << 20
EXCERPT = 200
_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Page:
    """A file that is one document."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one line, row or file became; nothing where a line is blank."""

    place: str
    found: Mapping[str, object] | Page | Rejection | None
    encoding: str = "utf-8"
    doubt: float = 0.0


class Broken(Exception):
    """The rest of a file cannot be read."""


class BrokenArchive(Broken):
    """The rest of an archive cannot be read, not only one member of it."""


def turn_away(place: str, reason: Reason, detail: str, raw: str | bytes = "") -> Row:
    """A row that is a rejection."""
    return Row(place, reject(place, reason, detail, raw))


def reject(place: str, reason: Reason, detail: str, raw: str | bytes = "") -> Rejection:
    """A rejection with an excerpt of what was there."""
    if isinstance(raw, bytes):
        raw = raw[:EXCERPT].decode("utf-8", "replace")
    return Rejection(
        stage="read",
        item=place,
        reason=reason,
        detail=storable(shorten(detail, _DETAIL)),
        raw=storable(raw[:EXCERPT]),
    )


def shorten(text: str, most: int) -> str:
    """The text, or its start and an ellipsis where it is longer."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def storable(text: str) -> str:
    """The text without lone surrogates, which no file of ours can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def in_mebibytes(size: int) -> str:
    """A size as people read it."""
    return f"{size / (1 << 20):.1f} MiB"
