"""What a block that exceeds a chunk is cut into, the coarsest parts first."""

import re
from collections.abc import Callable, Iterator

from longhop.corpus.chunking.signs import ITEM
from longhop.corpus.chunking.structure import Block, Kind, Structure
from longhop.corpus.languages.sentences import cut_line, split_sentences

# Parts are looked for so far ahead at a time, so that a huge block costs little memory.
_REACH = 1 << 16

_LINES = re.compile(r"(?<=\n)(?!\Z)")
_GROUPS = re.compile(r"(?<=\n\n)(?=[^\n]*\S)")
_BORDERED_ROWS = re.compile(r"(?<=\+\n)(?=[ \t]*\|)")
_ITEMS = re.compile(rf"^(?P<indent>[^\S\n]*){ITEM}", re.M | re.X)


def cut_block(block: Block, structure: Structure, language: str) -> Iterator[Block]:
    """Two or more parts that tile a block, or all of it as words where it has no finer structure.

    An environment is cut into the blocks inside it, a list at its items, code at its blank lines
    and then its lines, a table at its rows, all else at its sentences.
    """
    if block.kind is Kind.ENVIRONMENT:
        yield from structure.inside(block)
        return
    kind = Kind.PARAGRAPH if block.kind in (Kind.HEADING, Kind.LEAD) else block.kind
    end = min(block.end, block.start + _REACH)
    if end < block.end:
        end = cut_line(structure.text, block.start, end)
    starts = _starts(kind, structure.text[block.start : end], language)
    bounds = [block.start + each for each in starts] or [block.start]
    if end < block.end and len(bounds) > 1:
        end = bounds.pop()
    if len(bounds) == 1:
        yield Block(Kind.WORDS, block.start, end)
    else:
        for start, stop in zip(bounds, [*bounds[1:], end], strict=True):
            yield Block(kind, start, stop)
    if end < block.end:
        yield Block(kind, end, block.end)


def _starts(kind: Kind, text: str, language: str) -> list[int]:
    """Where the parts of a text start, by the first way of cutting its kind that finds any."""
    for way in _WAYS.get(kind, ()):
        starts = sorted({0, *way(text)})
        if len(starts) > 1:
            return starts
    if kind in (Kind.PARAGRAPH, Kind.LIST):
        return [start for start, _ in split_sentences(text, language)]
    return [0]


def _items(text: str) -> list[int]:
    """The items of the outermost level that has more than one."""
    found = [(len(each["indent"].expandtabs(4)), each.start()) for each in _ITEMS.finditer(text)]
    for level in sorted({indent for indent, _ in found}):
        starts = [start for indent, start in found if indent <= level and start > 0]
        if starts:
            return starts
    return []


def _bordered_rows(text: str) -> list[int]:
    """The rows between borders; the first keeps the border above it."""
    first_line = text.find("\n") + 1
    return [each.start() for each in _BORDERED_ROWS.finditer(text) if each.start() > first_line]


def _groups(text: str) -> list[int]:
    return [each.start() for each in _GROUPS.finditer(text)]


def _lines(text: str) -> list[int]:
    return [each.start() for each in _LINES.finditer(text)]


_WAYS: dict[Kind, tuple[Callable[[str], list[int]], ...]] = {
    Kind.LIST: (_items,),
    Kind.CODE: (_groups, _lines),
    Kind.TABLE: (_bordered_rows, _lines),
}
