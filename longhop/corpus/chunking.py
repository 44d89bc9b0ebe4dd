"""Chunks: runs of whole sentences that tile a cleaned document."""

from collections.abc import Iterator

from longhop.corpus.language import split_sentences
from longhop.identity import make_id
from longhop.ports import Tokenizer
from longhop.records.corpus import Chunk, Document, Split


def chunk_document(
    document: Document, split: Split, *, tokenizer: Tokenizer, limit: int
) -> list[Chunk]:
    """The chunks of a document, in order, none above `limit` tokens.

    They tile the document: each starts where the one before it ends. A sentence that alone is
    above the limit is cut. A chunk whose text comes twice in one document is given once, since
    its id is its content.
    """
    chunks: dict[str, Chunk] = {}
    for start, end in _tiles(document, tokenizer, limit):
        text = document.text[start:end]
        chunk_id = make_id("c", document.id, text)
        if chunk_id not in chunks:
            chunks[chunk_id] = Chunk(
                id=chunk_id,
                document_id=document.id,
                title=document.title,
                text=text,
                start=start,
                end=end,
                tokens=tokenizer.count(text),
                license=document.license,
                language=document.language,
                split=split,
            )
    return list(chunks.values())


def _tiles(document: Document, tokenizer: Tokenizer, limit: int) -> Iterator[tuple[int, int]]:
    start = end = 0
    for piece_start, piece_end in _pieces(document, tokenizer, limit):
        if end > start and tokenizer.count(document.text[start:piece_end]) > limit:
            yield start, end
            start = piece_start
        end = piece_end
    if end > start:
        yield start, end


def _pieces(document: Document, tokenizer: Tokenizer, limit: int) -> Iterator[tuple[int, int]]:
    """Sentences, those above the limit halved until they fit."""
    waiting = split_sentences(document.text, document.language)[::-1]
    while waiting:
        start, end = waiting.pop()
        if end - start > 1 and tokenizer.count(document.text[start:end]) > limit:
            middle = (start + end) // 2
            space = document.text.rfind(" ", start + 1, middle)
            middle = space + 1 if space > start else middle
            waiting += [(middle, end), (start, middle)]
        else:
            yield start, end
