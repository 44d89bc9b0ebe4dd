"""A long context as it is read: what is near evidence, and folds between that hold the rest."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from longhop.records.examples import Example

# Characters that are shown on either side of evidence, and a fold that is not worth one.
_NEAR = 320
_SLIGHT = 160
_END = re.compile(r"[.!?。！？\n]\s*")

# A piece as the page takes it: ["d", document, role] where one begins, ["t", text],
# ["e", hop, text] for evidence and ["f", characters, documents] for a fold.
Piece = list[Any]


@dataclass
class Folded:
    """The pieces of a context, and what its folds hold: a list of pieces each."""

    pieces: list[Piece] = field(default_factory=list)
    folds: list[list[Piece]] = field(default_factory=list)


def fold(example: Example) -> Folded:
    """The context around each piece of evidence, to the ends of sentences where these are near."""
    folded, at = Folded(), 0
    spans = _spans(example)
    begins = sorted(each.context_start for each in example.segments)
    for start, end in _windows(example.context, spans):
        if start > at:
            folded.folds.append(list(_pieces(example, at, start, [])))
            folded.pieces.append(["f", start - at, _begun(begins, at, start)])
        folded.pieces += _pieces(example, start, end, spans)
        at = end
    if at < len(example.context):
        folded.folds.append(list(_pieces(example, at, len(example.context), [])))
        folded.pieces.append(["f", len(example.context) - at, _begun(begins, at, 1 << 62)])
    return folded


def _spans(example: Example) -> list[tuple[int, int, int]]:
    """Start, end and hop of evidence in its order; what lies within an earlier one is left out."""
    found: list[tuple[int, int, int]] = []
    for each in sorted(example.evidence, key=lambda it: (it.start, -it.end, it.hop)):
        if not found or each.start >= found[-1][1]:
            found.append((each.start, each.end, each.hop))
    return found


def _windows(context: str, spans: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """The parts that are shown; two that nearly touch are one."""
    found: list[tuple[int, int]] = []
    for start, end, _ in spans:
        first = _back(context, max(0, start - _NEAR), start)
        last = _on(context, end, min(len(context), end + _NEAR))
        if found and first - found[-1][1] <= _SLIGHT:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((0 if first <= _SLIGHT else first, last))
    if found and len(context) - found[-1][1] <= _SLIGHT:
        found[-1] = (found[-1][0], len(context))
    return found


def _back(context: str, first: int, start: int) -> int:
    """Where the first whole sentence of a part begins."""
    if first == 0:
        return 0
    end = _END.search(context, first, start)
    return end.end() if end else first


def _on(context: str, end: int, last: int) -> int:
    """Where the last whole sentence of a part ends."""
    if last == len(context):
        return last
    ends = [each.end() for each in _END.finditer(context, end, last)]
    return ends[-1] if ends else last


def _pieces(
    example: Example, start: int, end: int, spans: Sequence[tuple[int, int, int]]
) -> Iterator[Piece]:
    """A part of the context, cut where documents begin and where evidence lies."""
    marks: dict[int, list[Piece]] = {}
    before = 0
    for each in sorted(example.segments, key=lambda it: it.context_start):
        # The words that lead a document in stand between it and the one before.
        lead = example.context[before : each.context_start]
        before += len(lead) - len(lead.lstrip())
        marks.setdefault(before, []).append(["d", each.document_id, str(each.role)])
        before = each.context_end
    cuts = {at for at in marks if start <= at < end}
    for first, last, _ in spans:
        cuts |= {at for at in (first, last) if start < at < end}
    hops = {first: hop for first, _, hop in spans}
    inside = {first: last for first, last, _ in spans}
    ordered = sorted({start, *cuts})
    until, hop = 0, 0
    for at, following in zip(ordered, [*ordered[1:], end], strict=True):
        yield from marks.get(at, [])
        if at in inside:
            until, hop = inside[at], hops[at]
        text = example.context[at:following]
        if text:
            yield ["e", hop, text] if at < until else ["t", text]


def _begun(begins: Sequence[int], start: int, end: int) -> int:
    """How many documents begin in a part."""
    return bisect_left(begins, end) - bisect_left(begins, start)
