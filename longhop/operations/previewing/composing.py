"""One row's context, composed as a build does it, from no more documents than it takes."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from longhop.contexts.composing import Composer
from longhop.contexts.layout import lay_out
from longhop.contexts.library import Library
from longhop.contexts.ordering import keys_of, mixed
from longhop.corpus.tokenizing import open_tokenizer
from longhop.errors import ContextOverflow
from longhop.operations.previewing.rows import Field
from longhop.operations.previewing.telling import Teller
from longhop.ports import Tokenizer
from longhop.records.artifacts import Artifact
from longhop.records.corpus import Chunk, Document, Membership
from longhop.records.examples import ComposedContext, Layout, Role
from longhop.records.verification import MultiHop
from longhop.resources import Resources
from longhop.spec import DatasetSpec

# Documents that are looked at as distractors, and how often they may fill the context.
_MOST_DOCUMENTS, _TIMES = 2000, 3
_COLUMNS = ("document_id", "tokens", "split", "language")


@dataclass(frozen=True)
class Shelves:
    """What a context is made of: the artifacts of the corpus, and what a preview has at hand.

    `written` are documents that a model wrote, `evidence` all chunks that hops may rest on.
    """

    documents: Sequence[Artifact]
    chunks: Sequence[Artifact]
    memberships: Sequence[Artifact]
    written: Sequence[Document]
    evidence: Sequence[Chunk]


def tell_context(
    teller: Teller, row: MultiHop, spec: DatasetSpec, live: Resources, shelves: Shelves
) -> None:
    """The outline of a row's context: its documents in order, their tokens, where evidence lies."""
    page = teller.page
    page.heading("context: where the evidence lies among other documents")
    page.say("question", f"{row.question} — {row.answer}")
    if row.proof != "complete":
        page.say("", "it was not proved, so a build would not publish it")
    tokenizer = open_tokenizer(spec.contexts.tokenizer)
    try:
        context, composer = compose_one(row, spec, live, shelves, tokenizer)
    except ContextOverflow as error:
        page.say("too long", str(error))
        return
    layout = context.layout
    page.say(
        "length",
        f"{context.tokens:,} tokens of {layout.tokens:,} ({layout.tokenizer}),"
        f" {context.characters:,} characters, {len(context.segments):,} documents",
    )
    page.say("distractors", _told(spec))
    for fields in outline(context, composer, tokenizer):
        page.row(fields)


def compose_one(
    row: MultiHop, spec: DatasetSpec, live: Resources, shelves: Shelves, tokenizer: Tokenizer
) -> tuple[ComposedContext, Composer]:
    """The context of a row, and the composer that has its texts.

    Distractors come in the order in which a build takes them from outside the clusters of the
    evidence: where those clusters are is known only once all documents are embedded.

    Raises:
        ContextOverflow: The supporting chunks alone exceed the budget.
    """
    layout = layout_of(row, spec)
    near = _nearby(row, live, shelves.chunks, layout.tokens)
    wanted = {*(hop.document_id for hop in row.hops), *near}
    found = {
        each.id: each
        for part in shelves.documents
        for each in live.store.iterate(part, Document)
        if each.id in wanted
    }
    kept = {
        each.document_id: each
        for part in shelves.memberships
        for each in live.store.iterate(part, Membership)
        if each.document_id in wanted
    }
    library = Library(found | {each.id: each for each in shelves.written}, kept, {})
    composer = Composer(library, tokenizer)
    evidence = {each.id: each for each in shelves.evidence}
    return composer.compose(row, evidence, layout), composer


def layout_of(row: MultiHop, spec: DatasetSpec) -> Layout:
    """The layout that a build gives the row, but for its tiers: here all are drawn at random."""
    layout = lay_out(row, spec.contexts, dataset=spec.name)
    none = {"same_cluster_share": 0.0, "retrieved_share": 0.0, "synthetic_share": 0.0}
    return layout.model_copy(update=none)


def _told(spec: DatasetSpec) -> str:
    plan = spec.contexts
    tiers = {
        "the clusters of the evidence": plan.same_cluster,
        "those nearest to the question by words": plan.retrieved,
        "those written for other seed pairs": plan.synthetic,
    }
    shares = [f"{100 * share:.0f}% of them from {tier}" for tier, share in tiers.items() if share]
    return "here at random" + ("; in a build " + ", ".join(shares) if shares else "")


def outline(
    context: ComposedContext, composer: Composer, tokenizer: Tokenizer
) -> Iterator[list[Field]]:
    """A row a segment: what it does, which document it is of, its tokens, where evidence lies."""
    text = composer.text_of(context)
    for number, each in enumerate(context.segments, 1):
        document = composer.library.documents[each.document_id]
        tokens = tokenizer.count(text[each.context_start : each.context_end])
        whole = each.end - each.start == len(document.text)
        cut = "whole" if whole else f"characters {each.start:,} to {each.end:,}"
        place = f"at characters {each.context_start:,} to {each.context_end:,}"
        role = "distractor" if each.role is not Role.SUPPORTING else "supporting"
        fields = [
            Field(0, "", f"{number} {role}: {document.title or document.id}"),
            Field(1, "", f"{document.id} {cut} · {tokens:,} tokens · {place}"),
        ]
        for found in context.evidence:
            if each.context_start <= found.start < each.context_end:
                at = 100 * found.start / max(1, context.characters)
                told = f"{at:.0f}% into the context, characters {found.start:,} to {found.end:,}"
                fields.append(Field(1, f"hop {found.hop}", f"{told}: {found.text}"))
        yield fields


def _nearby(
    row: MultiHop, live: Resources, chunks: Sequence[Artifact], tokens: int
) -> Iterator[str]:
    """Documents of the row's split and language, in a build's order, as many as can be needed."""

    def candidates() -> Iterator[tuple[int, str, int]]:
        for part in chunks:
            for document, group in groupby(_columns(live, part), key=lambda each: each[0]):
                rows = list(group)
                if rows[0][2:] == (str(row.split), row.language):
                    size = sum(each[1] for each in rows)
                    (key,) = mixed(keys_of([document]), "distractor", row.id).tolist()
                    yield key, document, size

    total = 0
    for _, document, size in heapq.nsmallest(_MOST_DOCUMENTS, candidates()):
        if total > _TIMES * tokens:
            return
        total += size
        yield document


def _columns(live: Resources, part: Artifact) -> Iterator[tuple[str, int, str, str]]:
    for batch in live.store.batches(part, Chunk, _COLUMNS):
        yield from zip(*(batch.column(name).to_pylist() for name in _COLUMNS), strict=True)
