"""The blocks of a text: headings, paragraphs, code, tables, lists and LaTeX environments.

Markdown, reStructuredText and LaTeX are told by their signs alone, line by line, so that a text
may mix them and need not be valid in any. What bears no sign is a paragraph.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from longhop.corpus.chunking import signs


class Kind(StrEnum):
    """What a block is; lead-ins and headings say what comes next, so both belong to it.

    Words are what is left where a block has no finer structure.
    """

    HEADING = "heading"
    LEAD = "lead"
    PARAGRAPH = "paragraph"
    CODE = "code"
    TABLE = "table"
    LIST = "list"
    ENVIRONMENT = "environment"
    WORDS = "words"


class Block(NamedTuple):
    """Characters [start, end) of a text, with the blank lines after them."""

    kind: Kind
    start: int
    end: int


class Structure:
    """A text whose blocks can be asked for, the whole and the inside of an environment alike."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._environments = _match_environments(text)
        self._unclosed: set[str] = set()

    def blocks(self, start: int, end: int) -> Iterator[Block]:
        """The blocks of [start, end), which starts and ends with a line; they tile it."""
        at, literal = start, -1
        while at < end:
            body = at if at > start else self._after_blank(at, end)
            kind, stop = self._block(body, end, literal) if body < end else (Kind.PARAGRAPH, end)
            literal = -1
            if kind is Kind.PARAGRAPH:
                tail = self.text[max(body, stop - 80) : stop].rstrip()
                if tail.endswith((":", "：")) or signs.LEAD.match(self.text, body, stop):
                    kind = Kind.LEAD
                if tail.endswith("::"):
                    literal = self._indent(body)
            stop = self._after_blank(stop, end)
            yield Block(kind, at, stop)
            at = stop

    def inside(self, block: Block) -> Iterator[Block]:
        """The blocks of an environment; its first line leads them, its last ends the last one."""
        opened = self._line_end(self._after_blank(block.start, block.end), block.end)
        closing = self.text.rfind("\\end{", opened, block.end)
        closed = max(self.text.rfind("\n", opened, max(closing, opened)) + 1, opened)
        yield Block(Kind.LEAD, block.start, opened)
        inner = list(self.blocks(opened, closed))
        if inner:
            yield from inner[:-1]
            yield inner[-1]._replace(end=block.end)
        elif opened < block.end:
            yield Block(Kind.PARAGRAPH, opened, block.end)

    def _block(self, at: int, end: int, literal: int) -> tuple[Kind, int]:
        """The kind of the block that starts with the line at `at`, and where its last line ends."""
        text = self.text
        if literal >= 0 and (run := signs.set_in_by(literal + 1).match(text, at, end)):
            return Kind.CODE, run.end()
        sign = signs.OPENER.match(text, at, end)
        name = sign.lastgroup if sign else None
        is_set_in = name != "item" and signs.INDENTED.match(text, at, end)
        if is_set_in and not self._is_prose(at, end):
            run = signs.INDENTED_RUN.match(text, at, end)
            return Kind.CODE, run.end() if run else end
        line_end = self._line_end(at, end)
        if name == "fence" and (closed := self._fence_end(at, line_end, end)):
            return Kind.CODE, closed
        if name == "heading":
            return Kind.HEADING, line_end
        if name == "environment" and self._environments.get(at, end + 1) <= end:
            return Kind.ENVIRONMENT, self._environments[at]
        if name in ("grid", "columns") and (closed := self._table_end(name, at, line_end, end)):
            return Kind.TABLE, closed
        if name == "rule":
            return Kind.HEADING, self._overlined(at, line_end, end) or line_end
        if name in ("directive", "doctest"):
            return Kind.CODE, self._code_end(name, at, line_end, end)
        if self._is_title(at, line_end, end):
            return Kind.HEADING, self._line_end(line_end, end)
        if name == "item":
            return Kind.LIST, self._list_end(at, line_end, end)
        if rows := self._rows(at, line_end, end):
            return Kind.TABLE, rows
        return Kind.PARAGRAPH, self._paragraph_end(line_end, end)

    def _paragraph_end(self, at: int, end: int) -> int:
        while at < end:
            plain = signs.PLAIN.match(self.text, at, end)
            at = plain.end() if plain else at
            if signs.BLANK_LINE.match(self.text, at, end) or signs.INTERRUPT.match(
                self.text, at, end
            ):
                break
            at = self._line_end(at, end)
        return at

    def _list_end(self, at: int, line_end: int, end: int) -> int:
        """A list goes on over blank lines while items or lines set in below them follow."""
        base, at = self._indent(at), line_end
        while at < end:
            following = self._after_blank(at, end)
            if following >= end:
                break
            indent = self._indent(following)
            item = indent >= base and signs.ITEM_LINE.match(self.text, following, end)
            ended = following > at or signs.INTERRUPT.match(self.text, following, end)
            if ended and not item and indent <= base:
                break
            line_end = self._line_end(following, end)
            sign = signs.OPENER.match(self.text, following, end)
            fenced = sign is not None and sign.lastgroup == "fence"
            at = (fenced and self._fence_end(following, line_end, end)) or line_end
        return at

    def _fence_end(self, at: int, line_end: int, end: int) -> int:
        """Where the fence that opens at `at` is closed, or 0: then it is only a line."""
        line = self.text[at:line_end].lstrip()
        sign = line[: len(line) - len(line.lstrip(line[0]))]
        if sign in self._unclosed:
            return 0
        found = signs.fence_end(sign[0], len(sign)).search(self.text, line_end, end)
        if found is None:
            self._unclosed.add(sign)
            return 0
        return found.end()

    def _table_end(self, name: str, at: int, line_end: int, end: int) -> int:
        if name == "columns":
            found = signs.COLUMNS_END.search(self.text, line_end, min(end, line_end + 20_000))
            return self._line_end(found.end(), end) if found else 0
        rows = signs.GRID_ROWS.match(self.text, at, end)
        return rows.end() if rows and rows.end() > line_end else 0

    def _rows(self, at: int, line_end: int, end: int) -> int:
        """Where a table without borders ends: rows below a delimiter, or rows with tabs; or 0."""
        if self.text.find("|", at, line_end) >= 0 and signs.DELIMITER.match(
            self.text, line_end, end
        ):
            rows = signs.PIPE_ROWS.match(self.text, at, end)
        else:
            rows = signs.TABBED_ROWS.match(self.text, at, end)
        return rows.end() if rows else 0

    def _code_end(self, name: str, at: int, line_end: int, end: int) -> int:
        run = (
            signs.TO_BLANK.match(self.text, at, end)
            if name == "doctest"
            else signs.set_in_by(self._indent(at) + 1).match(self.text, line_end, end)
        )
        return run.end() if run else line_end

    def _overlined(self, at: int, line_end: int, end: int) -> int:
        """Where a title between two lines of one sign ends, or 0."""
        title_end = self._line_end(line_end, end)
        below = signs.UNDERLINE.match(self.text, title_end, end)
        if below and below[1] == self.text[at:line_end].strip() and title_end > line_end:
            return below.end()
        return 0

    def _is_title(self, at: int, line_end: int, end: int) -> bool:
        below = signs.UNDERLINE.match(self.text, line_end, end)
        if below is None:
            return False
        width = len(self.text[at:line_end].strip())
        return width <= 150 and (below[2] in "-=" or len(below[1]) >= 0.7 * width)

    def _is_prose(self, at: int, end: int) -> bool:
        """Whether the indented lines at `at` are words, as in an old plain-text document."""
        lines = signs.TO_BLANK.match(self.text, at, min(end, at + 2000))
        words = lines[0].split() if lines else []
        plain = sum(each.strip(".,;:!?()\"'“”‘’-").replace("-", "").isalpha() for each in words)
        return len(words) >= 6 and plain >= 0.85 * len(words)

    def _line_end(self, at: int, end: int) -> int:
        return (self.text.find("\n", at, end) + 1) or end

    def _after_blank(self, at: int, end: int) -> int:
        found = signs.BLANK.match(self.text, at, end)
        return found.end() if found else at

    def _indent(self, at: int) -> int:
        found = signs.MARGIN.match(self.text, at)
        return len(found[0].expandtabs(4)) if found else 0


def _match_environments(text: str) -> dict[int, int]:
    """The line that opens each LaTeX environment, and where the line that closes it ends."""
    found: dict[int, int] = {}
    if "\\begin{" not in text:
        return found
    opened: list[tuple[str, int]] = []
    for edge in signs.EDGE.finditer(text):
        if edge[1] is not None:
            opened.append((edge[1], edge.start()))
        elif edge[2] == "begin":
            opened.append((edge[3], -1))
        elif edge[3] in (name for name, _ in opened[-8:]):
            while opened[-1][0] != edge[3]:
                opened.pop()
            _, start = opened.pop()
            if start >= 0:
                found[start] = (text.find("\n", edge.end()) + 1) or len(text)
    return found
