"""What is told, for two readers: cut and wrapped for a terminal, whole in Markdown for a file."""

import re
import shutil
import unicodedata
from collections.abc import Callable, Sequence
from typing import Protocol

from longhop.operations.previewing.plain import fenced, one_line, plain
from longhop.operations.previewing.rows import Field

_NARROWEST, _WIDEST = 60, 110
# Where the text of a row's field is cut on a terminal.
_LONGEST_FIELD = 400
# White space, one wide sign, or a run of others.
_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
)
_WORD = re.compile(rf"\s+|[{_WIDE}]|[^\s{_WIDE}]+")
_MARKS = frozenset("\\`*_[]<>&|!#~")


class Writer(Protocol):
    """Somebody who writes down what a preview tells. Texts and rows are untrusted."""

    def heading(self, text: str) -> None:
        """A new part begins."""

    def say(self, name: str, text: str) -> None:
        """A line of our own words under a short name."""

    def text(self, name: str, text: str, most: int) -> None:
        """A text of somebody else, line by line; `most` characters of it where it is cut."""

    def row(self, fields: Sequence[Field]) -> None:
        """A row by its fields."""


class Page:
    """Tells several writers the same."""

    def __init__(self, *writers: Writer) -> None:
        self.writers = writers

    def heading(self, text: str) -> None:
        """A new part begins."""
        for each in self.writers:
            each.heading(text)

    def say(self, name: str, text: str) -> None:
        """A line of our own words under a short name."""
        for each in self.writers:
            each.say(name, text)

    def text(self, name: str, text: str, most: int) -> None:
        """A text of somebody else; `most` characters of it where it is cut."""
        for each in self.writers:
            each.text(name, text, most)

    def row(self, fields: Sequence[Field]) -> None:
        """A row by its fields; one without any is passed over."""
        for each in self.writers:
            if fields:
                each.row(fields)


class Terminal:
    """Lines no wider than the terminal. What is cut says by how much."""

    def __init__(self, tell: Callable[[str], object], width: int | None = None) -> None:
        self.tell = tell
        wide = width or shutil.get_terminal_size((100, 24)).columns
        self.width = min(max(wide, _NARROWEST), _WIDEST)

    def heading(self, text: str) -> None:
        """A line across the terminal."""
        self.tell("")
        self.tell(f"── {one_line(text)} ".ljust(self.width, "─"))

    def say(self, name: str, text: str) -> None:
        """The name in a column of its own."""
        self._tell(f"{name:<12} ", one_line(text))

    def text(self, name: str, text: str, most: int) -> None:
        """The lines behind a bar, so that nothing in them passes for ours."""
        self._tell("    ", one_line(name))
        shown, cut = _cut(text.strip("\n"), most)
        for line in plain(shown).expandtabs(4).split("\n"):
            self._tell("    │ ", line, again="    │ ")
        if cut:
            self.tell(f"    └ {cut:,} more characters")

    def row(self, fields: Sequence[Field]) -> None:
        """A dash, then each field below it."""
        for each in fields:
            shown, cut = _cut(one_line(each.text), _LONGEST_FIELD)
            more = f" … {cut:,} more characters" if cut else ""
            dash = "- " if each.depth == 0 else "  "
            name = f"{one_line(each.name):<10} " if each.name else ""
            self._tell("  " * (each.depth + 1) + dash + name, shown + more)

    def _tell(self, lead: str, text: str, again: str | None = None) -> None:
        after = " " * len(lead) if again is None else again
        for number, line in enumerate(_wrapped(text, self.width - len(lead))):
            self.tell(((after if number else lead) + line).rstrip())


class Markdown:
    """The whole, uncut; whatever is not our own stands in blocks that it cannot leave."""

    def __init__(self, title: str) -> None:
        self.parts = [f"# {_escaped(title)}"]

    def heading(self, text: str) -> None:
        """A heading of the second level."""
        self.parts.append(f"## {_escaped(text)}")

    def say(self, name: str, text: str) -> None:
        """A line with its name in bold."""
        self.parts.append(f"**{_escaped(name)}** {_escaped(text)}" if name else _escaped(text))

    def text(self, name: str, text: str, most: int) -> None:  # noqa: ARG002
        """A block of its own."""
        self.parts.append(f"{_escaped(name)}:\n\n{fenced(text)}")

    def row(self, fields: Sequence[Field]) -> None:
        """A block with a line a field."""
        lines = []
        for each in fields:
            lead = "  " * each.depth + (f"{each.name}: " if each.name else "")
            lines.append(lead + each.text.replace("\n", "\n" + "  " * (each.depth + 1)))
        self.parts.append(fenced("\n".join(lines)))

    @property
    def page(self) -> str:
        """All of it."""
        return "\n\n".join(self.parts) + "\n"


def _cut(text: str, most: int) -> tuple[str, int]:
    """The beginning of a text and how much is missing; a few characters are not worth a cut."""
    return (text, 0) if len(text) <= most + most // 5 else (text[:most], len(text) - most)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines that fit, broken at spaces and beside wide signs, such as those of Chinese."""
    lines, line, used = [], "", 0
    for word in _WORD.findall(text):
        for piece in _pieces(word, width):
            places = sum(map(_places, piece))
            if used + places > width and line:
                lines.append(line)
                line, used = "", 0
                piece = piece.lstrip()
                places = sum(map(_places, piece))
            line, used = line + piece, used + places
    return [*lines, line]


def _pieces(word: str, width: int) -> list[str]:
    """A word in parts that each fit into a line."""
    return [word[at : at + width] for at in range(0, len(word), width)]


def _places(sign: str) -> int:
    """The places that a sign takes on a terminal."""
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _escaped(text: str) -> str:
    return "".join(f"\\{each}" if each in _MARKS else each for each in one_line(text))
