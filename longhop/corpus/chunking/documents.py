"""Chunks: parts that tile a cleaned document, cut where its structure allows it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from longhop.corpus.chunking.cutting import cut_block
from longhop.corpus.chunking.structure import Block, Kind, Structure
from longhop.corpus.languages.sentences import cut_line
from longhop.identity import make_id
from longhop.ports import Tokenizer
from longhop.records.corpus import Chunk, Document, Split

# A vocabulary may count a word it does not know as one token, however long; a chunk stays small.
_MOST_CHARACTERS_A_TOKEN = 32
_BLOCKS_AT_A_TIME = 256
_LEADS = (Kind.HEADING, Kind.LEAD)
_CUT_FOR_LEADS = (Kind.PARAGRAPH, Kind.LEAD, Kind.ENVIRONMENT)


def chunk_document(
    document: Document, split: Split, *, tokenizer: Tokenizer, limit: int
) -> list[Chunk]:
    """The chunks of a document, in order, none above `limit` tokens unless it is one character.

    They tile the document: each starts where the one before it ends. Whole blocks are taken while
    they fit. A heading goes with what follows, and starts a chunk where the one before it is half
    full. A block is cut only where it alone exceeds a chunk. A text that comes again in the
    document has an id of its own, by the number of its occurrence.
    """
    chunks = []
    seen: Counter[str] = Counter()
    for start, end, tokens in _Packing(document, tokenizer, limit).chunks():
        text = document.text[start:end]
        seen[text] += 1
        again = (seen[text],) if seen[text] > 1 else ()
        chunks.append(
            Chunk(
                id=make_id("c", document.id, text, *again),
                document_id=document.id,
                title=document.title,
                text=text,
                start=start,
                end=end,
                tokens=tokens,
                license=document.license,
                language=document.language,
                split=split,
            )
        )
    return chunks


class _Piece(NamedTuple):
    """A block or a part of one, and the tokens of the document before its start and its end."""

    kind: Kind
    start: int
    end: int
    since: int
    upto: int


class _Packing:
    """The pieces of a document on their way into chunks.

    The document is encoded once, which tells the tokens of any part of it but for one or two at
    its ends: by these a chunk is filled, and counted itself only when it is full.
    """

    def __init__(self, document: Document, tokenizer: Tokenizer, limit: int) -> None:
        self.text = document.text
        self.language = document.language
        self.tokenizer = tokenizer
        self.limit = limit
        self.structure = Structure(self.text)
        self.ends = tokenizer.boundaries(self.text)
        self._blocks = self.structure.blocks(0, len(self.text))
        self._waiting: list[_Piece] = []

    def chunks(self) -> Iterator[tuple[int, int, int]]:
        """Start, end and tokens of each chunk."""
        taken: list[_Piece] = []
        while (ahead := self._ahead()) or taken:
            if ahead and self._goes_on(taken, ahead):
                taken.append(self._waiting.pop())
            elif ahead and self._is_cut(taken, ahead):
                self._waiting.pop()
                self._cut(ahead, self.limit - _tokens(taken))
            else:
                tokens = self._close(taken)
                if taken:
                    yield taken[0].start, taken[-1].end, tokens
                taken = []

    def _goes_on(self, taken: list[_Piece], ahead: _Piece) -> bool:
        if not taken:
            return self._fits(ahead, ahead) or ahead.end - ahead.start == 1
        if not self._fits(taken[0], ahead):
            return False
        if ahead.kind is not Kind.HEADING or taken[-1].kind in _LEADS:
            return True
        short_rest = 4 * (len(self.ends) - ahead.since) < self.limit
        return short_rest or 2 * _tokens(taken) < self.limit

    def _is_cut(self, taken: list[_Piece], ahead: _Piece) -> bool:
        """Whether the piece exceeds a chunk, or would leave a heading alone in one.

        Words do not start in a chunk that is half full.
        """
        if self._fits(ahead, ahead):
            lead = taken[-_leads(taken)] if _leads(taken) else ahead
            return ahead.kind in _CUT_FOR_LEADS and not self._fits(lead, ahead)
        if ahead.end - ahead.start == 1:
            return False
        return ahead.kind is not Kind.WORDS or 2 * _tokens(taken) < self.limit

    def _close(self, taken: list[_Piece]) -> int:
        """The tokens of what is taken, once it fits; what does not waits again."""
        self._share(taken)
        while taken:
            self._return_leads(taken)
            start, end = taken[0].start, taken[-1].end
            tokens = self._count(start, end)
            if tokens <= self.limit or end - start == 1:
                return tokens
            last = taken.pop()
            if not taken or (last.kind is Kind.WORDS and last.end - last.start > 1):
                self._cut(last, last.upto - last.since - (tokens - self.limit))
            else:
                self._waiting.append(last)
        return 0

    def _count(self, start: int, end: int) -> int:
        """The tokens of a chunk, of which only the ends are encoded again where that is enough."""
        inner, outer = self.tokenizer.settled(self.text, start, end)
        ends = self.text[start:inner], self.text[outer:end]
        since, upto = self.ends.searchsorted((inner, outer), side="right").tolist()
        return sum(map(self.tokenizer.count, ends), upto - since)

    def _share(self, taken: list[_Piece]) -> None:
        """Leave more for the last chunk, where what remains would be a short one."""
        total = len(self.ends)
        if 0 < 4 * (total - taken[-1].upto) < self.limit:
            while len(taken) > 1 and taken[-1].since - taken[0].since >= total - taken[-1].since:
                self._waiting.append(taken.pop())

    def _return_leads(self, taken: list[_Piece]) -> None:
        """Let headings at the end wait for what they lead to, where both fit one chunk."""
        if not (ahead := self._ahead()):
            return
        is_cut = ahead.kind in _CUT_FOR_LEADS or not self._fits(ahead, ahead)
        leads = _leads(taken)
        for _ in range(leads if leads < len(taken) else min(1, leads - 1)):
            if not is_cut and not self._fits(taken[-1], ahead):
                return
            self._waiting.append(taken.pop())

    def _cut(self, piece: _Piece, room: int) -> None:
        """Let the parts of a piece wait in its place; of words, the first takes up the room."""
        if piece.kind is not Kind.WORDS:
            block = Block(piece.kind, piece.start, piece.end)
            self._wait(cut_block(block, self.structure, self.language))
            return
        last = piece.since + min(room, piece.upto - piece.since) - 1
        most = int(self.ends[last]) if piece.since <= last else 0
        most = min(most, piece.start + self.limit * _MOST_CHARACTERS_A_TOKEN)
        most = min(most, piece.end - 1)
        if most <= piece.start:
            most = max((piece.start + piece.end) // 2, piece.start + 1)
        place = cut_line(self.text, piece.start, most)
        self._wait([Block(Kind.WORDS, piece.start, place), Block(Kind.WORDS, place, piece.end)])

    def _ahead(self) -> _Piece | None:
        if not self._waiting:
            self._wait(islice(self._blocks, _BLOCKS_AT_A_TIME))
        return self._waiting[-1] if self._waiting else None

    def _wait(self, blocks: Iterable[Block]) -> None:
        """Put blocks that tile a part of the text before all that wait."""
        blocks = list(blocks)
        if not blocks:
            return
        places = [blocks[0].start, *(each.end for each in blocks)]
        tokens = self.ends.searchsorted(places, side="right").tolist()
        pieces = map(
            _Piece._make, zip(*zip(*blocks, strict=True), tokens[:-1], tokens[1:], strict=True)
        )
        self._waiting += list(pieces)[::-1]

    def _fits(self, first: _Piece, last: _Piece) -> bool:
        return (
            last.upto - first.since <= self.limit
            and last.end - first.start <= self.limit * _MOST_CHARACTERS_A_TOKEN
        )


def _tokens(taken: list[_Piece]) -> int:
    return taken[-1].upto - taken[0].since if taken else 0


def _leads(taken: list[_Piece]) -> int:
    """How many of the last pieces only lead to what follows."""
    return next((n for n, each in enumerate(taken[::-1]) if each.kind not in _LEADS), len(taken))
