"""Our own rows, with all that they say of their evidence, judges and probes."""

from collections.abc import Iterator

from longhop.auditing.items import Context, Item, Part, Span
from longhop.auditing.layouts.fields import Row, answers_of, count_of, rows_of, text_of, word_of


def read_ours(row: Row) -> Iterator[Item]:
    """A row of `data/*.parquet`: evidence and documents are where it says, or they are lost."""
    text = text_of(row, "context")
    spans, lost = [], 0
    for each in rows_of(row, "evidence"):
        start, end = int(each["start"]), int(each["end"])
        if text[start:end] == each.get("text"):
            spans.append(Span(start, end, int(each["hop"])))
        else:
            lost += 1
    parts = tuple(
        Part(
            str(each["document_id"]),
            int(each["context_start"]),
            int(each["context_end"]),
            str(each["role"]) == "supporting",
        )
        for each in sorted(rows_of(row, "segments"), key=lambda it: int(it["context_start"]))
    )
    yield Item(
        question=text_of(row, "question"),
        answers=answers_of(row.get("answer")),
        context=Context(text, parts),
        id=word_of(row, "id"),
        split=word_of(row, "split"),
        kind=word_of(row, "composition"),
        language=word_of(row, "language"),
        licenses=answers_of(row.get("licenses")),
        spans=tuple(spans),
        states=True,
        lost=lost,
        hops=count_of(row, "hop_count"),
        whole=row,
    )
