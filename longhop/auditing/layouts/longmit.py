"""LongMIT's rows: all documents, and again those that the question rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from longhop.auditing.items import Item, Span, Titled, Unfit, lay_out
from longhop.auditing.layouts.fields import Row, list_of, word_of
from longhop.auditing.layouts.plain import item_of
from longhop.corpus.reading.rows import storable


def read_longmit(row: Row) -> Iterator[Item]:
    """A question among all of its documents; clues are found there by their texts."""
    documents = [_document(each) for each in list_of(row, "all_docs")]
    clues = [_document(each) for each in list_of(row, "clue_docs")]
    wanted = {each.text for each in clues}
    context = lay_out(Titled(each.title, each.text, each.text in wanted) for each in documents)
    place = {each.text: at for at, each in reversed(list(enumerate(documents)))}
    spans, lost = [], 0
    for hop, clue in enumerate(clues, 1):
        at = place.get(clue.text)
        if at is None:
            lost += 1
        else:
            part = context.parts[at]
            spans.append(Span(part.start, part.end, hop))
    found = item_of({**row, "evidence": None}, context)
    yield replace(found, spans=tuple(spans), states=bool(clues), lost=lost)


def _document(value: Any) -> Titled:
    if isinstance(value, str) and value.strip():
        return Titled("", storable(value).strip())
    if isinstance(value, Mapping):
        text = word_of(value, "content", "text")
        if text:
            return Titled(word_of(value, "title"), text)
    raise Unfit("one of 'all_docs' or 'clue_docs' has no text")
