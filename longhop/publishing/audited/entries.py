"""Audited rows as the browser of the page takes them."""

from typing import Any

from longhop.auditing.items import Item, Part
from longhop.publishing.report.entries import Entry, cut, entry_of
from longhop.publishing.report.facts import length_of, told_length
from longhop.publishing.report.folding import Folded, fold
from longhop.records.audit import AuditedRow
from longhop.records.examples import Evidence, Example, Segment

# Long answers and questions are cut here: the audited file has them whole.
_LONG = 6000
_NONE = "none"


def audited_entry(
    row: AuditedRow, item: Item, ours: Example | None, *, tokenizer: str
) -> tuple[Entry, list[Any]]:
    """A row with its context folded around its evidence, or around where its answer stands.

    Its flags come once all rows are known. One of ours has its steps, judges and probes too.
    """
    folded = _fold(row, item)
    if ours is not None:
        entry = entry_of(ours, folded)
        facts = {**entry["facts"], **_facts(row)}
        return {**entry, "f": {"flag": [], **entry["f"]}, "facts": facts}, folded.folds
    entry = {
        "id": row.id,
        "q": cut(item.question, _LONG),
        "a": cut(item.answers[0], _LONG) if item.answers else "",
        "lang": row.context_language if len(row.context_language) == 2 else "",
        "f": {
            "flag": [],
            "answer": row.answer_kind,
            "hops": _NONE if row.hops is None else str(row.hops),
            "language": row.question_language,
            "split": row.split or _NONE,
            "length": told_length(length_of(row.context_tokens)),
        },
        "tokens": row.context_tokens,
        "wanted": 0,
        "tokenizer": tokenizer,
        "documents": row.documents or 1,
        "bar": [
            [hop, round(start / row.context_characters, 4), round(end / row.context_characters, 4)]
            for start, end, hop in _pieces(row, item)
        ],
        "why": [],
        "facts": _facts(row),
    }
    if item.context.text:
        entry["text"] = folded.pieces
    return entry, folded.folds


def with_flags(entry: Entry, row: AuditedRow) -> Entry:
    """The same with the flags of its row, and which row was there before it."""
    facts = {**entry["facts"]}
    if row.twin is not None:
        facts["question as in"] = f"row {row.twin + 1:,}"
    if row.context_twin is not None:
        facts["context as in"] = f"context {row.context_twin + 1:,}"
    told = list(row.flags) or [_NONE]
    return {**entry, "f": {**entry["f"], "flag": told}, "facts": facts}


def _facts(row: AuditedRow) -> dict[str, str]:
    return {
        "read from": row.place,
        "row": f"{row.number + 1:,}, context {row.context_number + 1:,}",
        "kind": row.kind,
        "licences": ", ".join(row.licenses),
        "answer in the context": f"{row.occurrences:,} times, {row.verbatim:,} to the letter",
        "supporting documents": "" if row.supporting is None else str(row.supporting),
        "benchmark in the question": row.question_touches,
        "benchmark in the context": row.context_touches,
    }


def _pieces(row: AuditedRow, item: Item) -> list[tuple[int, int, int]]:
    """Evidence as stated; else where the answer first stands, under the number 0."""
    if item.spans:
        return sorted((each.start, each.end, each.hop) for each in item.spans)
    if not row.depths:
        return []
    middle = round(row.depths[0] * row.context_characters)
    half = max(1, len(item.answers[0])) // 2 if item.answers else 1
    text, answer = item.context.text, item.answers[0] if item.answers else ""
    at = text.find(answer, max(0, middle - half - 2)) if answer else -1
    if 0 <= at <= middle:
        return [(at, at + len(answer), 0)]
    return [(max(0, middle - half), min(len(text), middle + half + 1), 0)]


def _fold(row: AuditedRow, item: Item) -> Folded:
    """A fold needs no more of a row than where its documents and its evidence are."""
    pieces = tuple(
        Evidence(hop=hop, document_id="", start=start, end=end, text="")
        for start, end, hop in _pieces(row, item)
    )
    stated = any(each.supporting for each in item.context.parts)
    parts = tuple(
        Segment.model_construct(**_segment(each, number, stated=stated))
        for number, each in enumerate(item.context.parts, 1)
    )
    held: dict[str, Any] = {"context": item.context.text, "evidence": pieces, "segments": parts}
    return fold(Example.model_construct(**held))


def _segment(part: Part, number: int, *, stated: bool) -> dict[str, Any]:
    return {
        "document_id": part.title or f"document {number}",
        "role": ("supporting" if part.supporting else "random") if stated else "document",
        "start": 0,
        "end": part.end - part.start,
        "context_start": part.start,
        "context_end": part.end,
    }
