"""Layouts in which a context is one text, with one question or with many."""

from collections.abc import Iterator, Mapping
from typing import Any

from longhop.auditing.items import Context, Item, Span, Titled, Unfit, lay_out
from longhop.auditing.layouts.fields import (
    Row,
    answers_of,
    count_of,
    licenses_of,
    list_of,
    rows_of,
    text_of,
    word_of,
)
from longhop.auditing.parting import find_parts
from longhop.auditing.words import find_words
from longhop.verification.answers import says_nothing


def read_plain(row: Row) -> Iterator[Item]:
    """A question, its answer and a context: one text, or a list of documents."""
    context = _context_of(row)
    yield item_of(row, context)


def read_loogle(row: Row) -> Iterator[Item]:
    """A context with its questions, as LooGLE has them, each with the evidence it quotes."""
    text = text_of(row, "context")
    context = Context(text, find_parts(text))
    questions = rows_of(row, "qas")
    if not questions:
        raise Unfit("'qas' holds no question")
    for number, each in enumerate(questions, 1):
        name = word_of(each, "id") or f"{word_of(row, 'id')}#{number}"
        yield item_of({**each, "id": name}, context, beside=row)


def item_of(row: Row, context: Context, *, beside: Row | None = None) -> Item:
    """The question of a row that is put with a context; what it does not say, `beside` may."""
    outer = beside or {}
    answers = answers_of(
        row.get("answer"), row.get("answers"), row.get("answer_aliases"), row.get("aliases")
    )
    impossible = row.get("is_impossible") is True or row.get("answerable") is False
    if not answers and not impossible:
        raise Unfit("neither 'answer' nor 'answers' holds one")
    spans, lost = _located(row, context)
    return Item(
        question=text_of(row, "question"),
        answers=answers,
        context=context,
        id=word_of(row, "id", "_id", "qid"),
        split=word_of(row, "split") or word_of(outer, "split"),
        kind=word_of(row, "type") or word_of(outer, "type", "task"),
        language=word_of(row, "language", "lang") or word_of(outer, "language", "lang"),
        licenses=licenses_of(row) or licenses_of(outer),
        spans=spans,
        states=bool(spans or lost),
        lost=lost,
        hops=count_of(row, "hops", "hop", "hop_count"),
        answerable=not impossible and not (answers and says_nothing(answers[0])),
    )


def _context_of(row: Row) -> Context:
    value = row.get("context", row.get("contexts"))
    if isinstance(value, list):
        return lay_out(_titled(each) for each in value)
    text = text_of(row, "context")
    return Context(text, find_parts(text))


def _titled(value: Any) -> Titled:
    if isinstance(value, str):
        return Titled("", value)
    if isinstance(value, Mapping):
        text = word_of(value, "text", "content", "passage", "paragraph_text")
        if text:
            return Titled(word_of(value, "title"), text)
    raise Unfit("a document of the context has no text")


def _located(row: Row, context: Context) -> tuple[tuple[Span, ...], int]:
    """Where the evidence that a row states lies, and how much of it does not.

    It is stated by places (`answer_start`), or by quotes, of which the words have to be there.
    """
    starts = [
        each
        for answer in (row.get("answers"), *_listed(row.get("answers")))
        if isinstance(answer, Mapping)
        for each in _places(answer)
    ]
    if starts:
        start, end = starts[0]
        inside = 0 <= start < end <= len(context.text)
        return ((Span(start, end, 1),), 0) if inside else ((), 1)
    spans, lost = [], 0
    for hop, quote in enumerate(_quotes(row), 1):
        at = context.text.find(quote)
        places = [(at, at + len(quote))] if at >= 0 else find_words(context.text, quote)
        if places:
            spans.append(Span(*places[0], hop))
        else:
            lost += 1
    return tuple(spans), lost


def _places(answer: Row) -> list[tuple[int, int]]:
    texts, starts = answer.get("text"), answer.get("answer_start")
    if isinstance(texts, str) and isinstance(starts, int):
        return [(starts, starts + len(texts))]
    if isinstance(texts, list) and isinstance(starts, list):
        return [
            (start, start + len(text))
            for text, start in zip(texts, starts, strict=False)
            if isinstance(text, str) and isinstance(start, int)
        ]
    return []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _quotes(row: Row) -> list[str]:
    value = row.get("evidence")
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    found = list_of(row, "evidence") if isinstance(value, list) else []
    return [each.strip() for each in found if isinstance(each, str) and each.strip()]
