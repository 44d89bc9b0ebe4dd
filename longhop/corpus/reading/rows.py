"""What the readers of each kind of file hand on: rows, whole pages, and how a file breaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from longhop.records.accounts import Reason, Rejection

# The longest line, field or whole-file text that is taken into memory.
LONGEST = 64 << 20
EXCERPT = 200
_DETAIL = 300


class Place(NamedTuple):
    """Where something stands: a file, and the number of its line, row or turn there.

    A file inside an archive is "path!member". There is no number for a file that is one document,
    nor for what is said of a file as a whole.
    """

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def at(self, line: int) -> "Place":
        """A line of the file."""
        return Place(self.file, line)


@dataclass(frozen=True, slots=True)
class Page:
    """A file that is one document."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one line, row or file became; nothing where a line is blank."""

    place: Place
    found: Mapping[str, object] | Page | Rejection | None
    encoding: str = "utf-8"
    doubt: float = 0.0


class Broken(Exception):
    """The rest of a file cannot be read."""


class BrokenArchive(Broken):
    """The rest of an archive cannot be read, not only one member of it."""


def turn_away(place: Place, reason: Reason, detail: str, raw: str | bytes = "") -> Row:
    """A row that is a rejection."""
    return Row(place, reject(place, reason, detail, raw))


def reject(place: Place, reason: Reason, detail: str, raw: str | bytes = "") -> Rejection:
    """A rejection with an excerpt of what was there."""
    if isinstance(raw, bytes):
        raw = raw[:EXCERPT].decode("utf-8", "replace")
    return Rejection(
        stage="read",
        item=str(place),
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
