"""The whole of a preview as a page for a browser, in the style of the report; it has no script."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from longhop.operations.previewing.plain import one_line, plain
from longhop.operations.previewing.rows import Field
from longhop.publishing.report.writing import render

# What a page of ours says of itself.
MARK = '<meta name="generator" content="LongHop preview">'
# A text of so many characters stands open; one that is longer waits for somebody to open it.
_OPEN, _BEGINNING = 700, 110


@dataclass
class _Stage:
    """What is told under one heading, in its order."""

    title: str
    told: list[dict[str, Any]] = field(default_factory=list)


class Html:
    """The whole, uncut; texts and rows are escaped, and hidden signs written out."""

    def __init__(self, title: str) -> None:
        self.title = one_line(title)
        self._stages: list[_Stage] = []

    def heading(self, text: str) -> None:
        """A part of its own, named for what comes before a colon."""
        self._stages.append(_Stage(one_line(text)))

    def say(self, name: str, text: str) -> None:
        """A line with its name."""
        self._tell(kind="line", name=one_line(name), text=one_line(text))

    def text(self, name: str, text: str, most: int) -> None:  # noqa: ARG002
        """A block that can be opened, under its name and its first words."""
        begins = one_line(text[: 2 * _BEGINNING])
        self._tell(
            kind="text",
            name=one_line(name),
            text=plain(text.strip("\n")),
            begins=begins[:_BEGINNING] + ("…" if len(text) > _BEGINNING else ""),
            open=len(text) <= _OPEN,
        )

    def row(self, fields: Sequence[Field]) -> None:
        """A list of names and texts, as deep as they stand."""
        self._tell(
            kind="row",
            fields=[(min(each.depth, 4), one_line(each.name), plain(each.text)) for each in fields],
        )

    @property
    def page(self) -> str:
        """All of it."""
        return render("preview.html.j2", mark=MARK, title=self.title, stages=self._stages)

    def _tell(self, **told: Any) -> None:
        if not self._stages:
            self._stages.append(_Stage(self.title))
        self._stages[-1].told.append(told)
