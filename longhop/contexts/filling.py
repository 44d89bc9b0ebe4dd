"""Distractors, drawn as they are needed, and cut at sentence ends so that they fill a gap."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from longhop.contexts.lengths import Lengths, Ruler
from longhop.contexts.library import Library
from longhop.records.examples import Layout, Role
from longhop.records.verification import MultiHop

# One distractor takes no more than this share of a context: several documents, not one book.
_MOST = 4
# So many candidates are compared for what fits a gap best: between documents; at the end, and
# more of them where the best leaves much.
_LOOK, _LOOK_LAST = (4,), (16, 96)
# What may be left of a gap, as a share of the context: nothing more is looked for.
_NEAR = 0.005


class Part(NamedTuple):
    """A part [start, end) of a document, and what it does in a context."""

    document_id: str
    role: Role
    start: int
    end: int


class _Candidate(NamedTuple):
    document_id: str
    role: Role
    lengths: Lengths
    most: int  # leading sentences that may be taken


class Supply:
    """The distractors of one row: drawn from the library, shuffled, each used once."""

    def __init__(self, row: MultiHop, layout: Layout, library: Library, ruler: Ruler) -> None:
        self._documents = library.documents
        self._drawn = library.distractors(row, layout)
        self._ruler = ruler
        self._layout = layout
        self._language = row.language
        self._waiting: list[_Candidate] = []

    def draw(self, tokens: int, rng: Random) -> int:
        """Draw as many as hold so many tokens, and shuffle them; the tokens that they do hold.

        Shuffled, since the tiers give the nearest first, which would stand at the beginning.
        """
        held = 0
        while held < tokens and self._more():
            last = self._waiting[-1]
            held += int(last.lengths.tokens[last.most - 1])
        rng.shuffle(self._waiting)
        return held

    def fill(self, room: int, number: int, *, last: bool) -> Iterator[tuple[Part, int]]:
        """Parts that take no more than `room` tokens together, and what each takes.

        Documents are whole as long as they fit; the one behind them is cut at a sentence's end.
        `number` is that of the first in the context.
        """
        while room > _NEAR * self._layout.tokens:
            extra = self._ruler.extra(number, self._language, self._layout.template)
            chosen = self._best(room - extra, last=last)
            if chosen is None:
                return
            at, sentences = chosen
            each = self._waiting.pop(at)
            tokens = int(each.lengths.tokens[sentences - 1]) + extra
            end = int(each.lengths.ends[sentences - 1])
            yield Part(each.document_id, each.role, 0, end), tokens
            room -= tokens
            number += 1

    def _best(self, room: int, *, last: bool) -> tuple[int, int] | None:
        """The place and the sentences of the next to take: all of the first one if they fit."""
        if not self._waiting and not self._more():
            return None
        first = self._waiting[0]
        if first.lengths.tokens[first.most - 1] <= room:
            return 0, first.most
        best = (0, 0, 0)
        for look in _LOOK_LAST if last else _LOOK:
            while len(self._waiting) < look and self._more():
                pass
            for at, each in enumerate(self._waiting[:look]):
                sentences = min(each.most, each.lengths.within(room))
                if sentences:
                    best = max(best, (int(each.lengths.tokens[sentences - 1]), -at, sentences))
            if room - best[0] <= _NEAR * self._layout.tokens:
                break
        _, at, sentences = best
        return (-at, sentences) if sentences else None

    def _more(self) -> bool:
        """Draw one more, if the library has any of which a part is short enough."""
        for document_id, role in self._drawn:
            document = self._documents[document_id]
            lengths = self._ruler.measure(document, self._language, self._layout.template)
            most = lengths.within(self._layout.tokens // _MOST)
            if most:
                self._waiting.append(_Candidate(document_id, role, lengths, most))
                return True
        return False
