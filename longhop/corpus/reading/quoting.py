"""Which lines of a table make one row: quoted fields span lines, and some quotes never close.

A quote that is not closed would take all rows behind it into its own without a word. So its line
is a row by itself, and what it would have taken is read again. A line that opens a quote also
closes, well or badly, one that is open before it; so no line is looked at more than a few times.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from io import BufferedReader

from longhop.corpus.reading.decoding import decode
from longhop.corpus.reading.lines import Overlong, split_lines
from longhop.corpus.reading.rows import LONGEST, in_mebibytes
from longhop.records.accounts import Reason

# How far a field that spans lines may reach.
_REACH = 1 << 20
_MOST_LINES = 10_000
_CLOSING = re.compile(r'[^"]*+(?:""[^"]*+)*+"')


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table as text; where it could not be read, why."""

    number: int
    text: str
    encoding: str = "utf-8"
    doubt: float = 0.0
    refused: tuple[Reason, str] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The lines of one row; `plain` where quotes in it are signs like any other."""

    lines: list[Line]
    refused: tuple[Reason, str] | None = None
    plain: bool = False

    @property
    def start(self) -> int:
        """The number of its first line."""
        return self.lines[0].number


class Lines:
    """The lines of a file as texts, of which some may be put back."""

    def __init__(self, file: BufferedReader, encoding: str) -> None:
        self._encoding = encoding
        self._lines = split_lines(file)
        self._number = 0
        self._ahead: deque[Line] = deque()

    def take(self) -> Line | None:
        """The next one; nothing at the end."""
        if self._ahead:
            return self._ahead.popleft()
        line = next(self._lines, None)
        if line is None:
            return None
        self._number += 1
        if isinstance(line, Overlong):
            return Line(self._number, "", refused=(Reason.TOO_LONG, str(line)))
        decoded = decode(line)
        if decoded is None:
            refused = (Reason.NOT_PROSE, "the line's bytes are no text")
            return Line(self._number, "", refused=refused)
        encoding = decoded.encoding if decoded.doubt else self._encoding
        return Line(self._number, decoded.text, encoding, decoded.doubt)

    def put_back(self, lines: list[Line]) -> None:
        """Let these come next again."""
        self._ahead.extendleft(reversed(lines))


class RecordReader:
    """The rows of a table, in order; each line is in one of them.

    Where it is `strict`, as tab-separated files need, a quote counts only if the field ends with
    one too, and holds no separator where it spans lines. Else it is a sign like any other.
    """

    def __init__(self, lines: Lines, separator: str, *, strict: bool) -> None:
        self._lines = lines
        self._quotes = _Quotes(separator, strict=strict)
        self._strict = strict
        self._plain_to = 0

    def __iter__(self) -> Iterator[Record]:
        while (line := self._lines.take()) is not None:
            if line.refused is not None:
                yield Record([line], line.refused)
            elif line.number <= self._plain_to or '"' not in line.text:
                yield Record([line], plain=self._strict)
            else:
                yield from self._quoted(line)

    def _quoted(self, line: Line) -> Iterator[Record]:
        lines, opened, ended = self._gather(line)
        if ended is _Ended.WELL:
            yield Record(lines)
            return
        self._lines.put_back(lines[opened + 1 :])
        if self._strict:
            self._plain_to = lines[opened].number
            self._lines.put_back(lines[: opened + 1])
            return
        why = (
            f"a quote that opens on line {lines[opened].number} does not close a field within"
            f" {_MOST_LINES} lines and {in_mebibytes(_REACH)}; the next lines are read without it"
        )
        yield Record(lines[: opened + 1], (Reason.BROKEN_LINE, why))

    def _gather(self, line: Line) -> "tuple[list[Line], int, _Ended]":
        """The lines up to where no quote is open, and which of them opened the last."""
        lines, opened = [line], 0
        ended, _ = self._quotes.follow(line.text, inside=False)
        reach = size = len(line.text)
        while ended is _Ended.NOT:
            line_after = self._lines.take()
            if line_after is None:
                return lines, opened, _Ended.BADLY
            lines.append(line_after)
            reach, size = reach + len(line_after.text), size + len(line_after.text)
            far = reach > _REACH or len(lines) - opened > _MOST_LINES or size > LONGEST
            if line_after.refused is not None or far:
                return lines, opened, _Ended.BADLY
            ended, anew = self._quotes.follow(line_after.text, inside=True)
            if anew and ended is _Ended.NOT:
                opened, reach = len(lines) - 1, len(line_after.text)
        return lines, opened, ended


class _Ended(Enum):
    """How quotes stand at the end of a line: all closed, one open, one closed where none may."""

    WELL = 1
    NOT = 2
    BADLY = 3


class _Quotes:
    def __init__(self, separator: str, *, strict: bool) -> None:
        self._opening = re.compile(f'(?:^|{re.escape(separator)})"')
        self._separator = separator
        self._strict = strict
        self._after = frozenset(("", "\r", "\n", separator))

    def follow(self, text: str, *, inside: bool) -> tuple[_Ended, bool]:
        """How a line ends that begins inside a quoted field or not; whether one opens in it."""
        spans, opens, at = inside, False, 0
        while True:
            if not spans:
                opening = self._opening.search(text, at)
                if opening is None:
                    return _Ended.WELL, opens
                at, opens = opening.end(), True
            closing = _CLOSING.match(text, at)
            end = closing.end() if closing else len(text)
            if self._strict and (spans or not closing) and self._separator in text[at:end]:
                return _Ended.BADLY, opens
            if closing is None:
                return _Ended.NOT, opens
            if (spans or self._strict) and text[end : end + 1] not in self._after:
                return _Ended.BADLY, opens
            spans, at = False, end
