"""Layouts in which a context is a list of paragraphs: MuSiQue, HotpotQA, 2WikiMultihopQA, SQuAD."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from longhop.auditing.items import Context, Item, Span, Titled, Unfit, lay_out
from longhop.auditing.layouts.fields import Row, list_of, rows_of, text_of, word_of
from longhop.auditing.layouts.plain import item_of

_HOPS = 2  # of every question of HotpotQA


def read_musique(row: Row) -> Iterator[Item]:
    """A question among paragraphs, of which those that support it are marked."""
    paragraphs = rows_of(row, "paragraphs")
    texts = [
        word_of(each, "text", "paragraph_text") or " ".join(_sentences(each)) for each in paragraphs
    ]
    if not all(texts):
        raise Unfit("a paragraph has no text")
    marked = [each.get("is_supporting") is True for each in paragraphs]
    titles = [word_of(each, "title") for each in paragraphs]
    context = lay_out(map(Titled, titles, texts, marked))
    hops = _hop_of_paragraph(row)
    spans, next_hop = [], 1
    for at, (part, paragraph) in enumerate(zip(context.parts, paragraphs, strict=True)):
        if part.supporting:
            hop = hops.get(paragraph.get("idx", at), next_hop)
            spans.append(Span(part.start, part.end, hop))
            next_hop += 1
    steps = rows_of(row, "decomposition") or rows_of(row, "question_decomposition")
    found = item_of(row, context)
    yield replace(
        found,
        spans=tuple(spans),
        states=any("is_supporting" in each for each in paragraphs),
        lost=0,
        hops=found.hops if found.hops is not None else len(steps) or None,
        kind=found.kind or word_of(row, "structure"),
    )


def read_hotpotqa(row: Row) -> Iterator[Item]:
    """A question among paragraphs of sentences, of which the supporting ones are named."""
    pages = list(_pages(row))
    facts = list(_facts(row))
    named = {title for title, _ in facts}
    context = lay_out(Titled(title, "".join(said), title in named) for title, said in pages)
    spans, lost = _spans_of_facts(facts, pages, context)
    found = item_of({**row, "evidence": None}, context)
    hops = found.hops
    if hops is None:
        hops = len(rows_of(row, "evidences")) if _are_triples(row) else _HOPS
    yield replace(found, spans=spans, states=bool(facts), lost=lost, hops=hops or _HOPS)


def read_squad(row: Row) -> Iterator[Item]:
    """The questions of an article, each with the paragraph that it is about as its context."""
    articles = rows_of(row, "data") if "data" in row else [row]
    for article in articles:
        for number, paragraph in enumerate(rows_of(article, "paragraphs")):
            name = "text" if "text" in paragraph else "context"
            context = Context(text_of(paragraph, name))
            for each in rows_of(paragraph, "qas"):
                found = item_of(each, context, beside=article)
                yield found if found.id else replace(found, id=f"{word_of(article, 'id')}#{number}")


def _hop_of_paragraph(row: Row) -> dict[object, int]:
    """The step that each paragraph is for, where the steps name it."""
    steps = rows_of(row, "decomposition") or rows_of(row, "question_decomposition")
    found: dict[object, int] = {}
    for number, step in enumerate(steps, 1):
        place = step.get("paragraph_idx", step.get("paragraph_support_idx"))
        if place is not None:
            found.setdefault(place, number)
    return found


def _pages(row: Row) -> Iterator[tuple[str, list[str]]]:
    """Title and sentences of each paragraph, in any of the ways that they are published in."""
    if "paragraphs" in row:
        for each in rows_of(row, "paragraphs"):
            yield word_of(each, "title"), _sentences(each)
        return
    context = row.get("context")
    if isinstance(context, Mapping):
        titles, sentences = list_of(context, "title"), list_of(context, "sentences")
        pairs: Sequence[object] = list(zip(titles, sentences, strict=False))
    else:
        pairs = list_of(row, "context")
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not isinstance(pair[1], list):
            raise Unfit("'context' holds something that is no title with its sentences")
        yield str(pair[0]), [str(each) for each in pair[1]]


def _sentences(paragraph: Row) -> list[str]:
    return [each for each in list_of(paragraph, "sentences") if isinstance(each, str)]


def _facts(row: Row) -> Iterator[tuple[str, int]]:
    value = row.get("supporting_facts")
    if isinstance(value, Mapping):
        yield from zip(list_of(value, "title"), list_of(value, "sent_id"), strict=False)
        return
    for each in list_of(row, "supporting_facts"):
        if isinstance(each, Mapping):
            yield str(each.get("title")), int(each.get("sentence", each.get("sent_id", 0)))
        elif isinstance(each, list | tuple) and len(each) == 2:
            yield str(each[0]), int(each[1])


def _spans_of_facts(
    facts: Sequence[tuple[str, int]], pages: Sequence[tuple[str, list[str]]], context: Context
) -> tuple[tuple[Span, ...], int]:
    """Where each supporting sentence stands; documents are hops in the order they are named in."""
    at_title = {title: at for at, (title, _) in reversed(list(enumerate(pages)))}
    hop_of = {title: hop for hop, title in enumerate(dict.fromkeys(t for t, _ in facts), 1)}
    spans, lost = [], 0
    for title, number in facts:
        at = at_title.get(title)
        if at is None or not 0 <= number < len(pages[at][1]):
            lost += 1
            continue
        said = pages[at][1]
        start = context.parts[at].start + sum(map(len, said[:number]))
        bare = said[number]
        lead = len(bare) - len(bare.lstrip())
        spans.append(Span(start + lead, start + len(bare), hop_of[title]))
    return tuple(spans), lost


def _are_triples(row: Row) -> bool:
    return bool(row.get("evidences"))
