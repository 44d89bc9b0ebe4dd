"""Lay out and compose the contexts of proved rows."""

from longhop.contexts.composing import Composer
from longhop.contexts.layout import lay_out
from longhop.contexts.library import Library
from longhop.corpus.tokenizing import open_tokenizer
from longhop.errors import ContextOverflow
from longhop.publishing.decontaminating import find_contamination, read_benchmarks
from longhop.records.accounts import Reason, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Document, Membership, Placement
from longhop.records.examples import ComposedContext
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.spec.sections import Contexts
from tasks.sifted import write_rejected
from tasks.stage import stage


@stage("compose", revision=3)
def compose_contexts(
    rows: list[Artifact],
    documents: list[Artifact],
    chunks: list[Artifact],
    memberships: list[Artifact],
    placements: Artifact,
    plan: Contexts,
    vocabulary: str,
    dataset: str,
    base: Artifact | None,
) -> Outcome:
    """A context for each row; one of the base stands as long as its documents do."""
    store = resources().store
    candidates = sorted(store.read_all(rows, MultiHop), key=lambda each: each.id)
    composer = Composer(
        open_library(documents, memberships, placements), open_tokenizer(plan.tokenizer)
    )
    parts = {each.id: each for each in store.read_all(chunks, Chunk)}
    earlier = {each.row_id: each for each in store.read(base, ComposedContext)} if base else {}
    contexts, kept, rejected = [], [], []
    for row in candidates:
        layout = lay_out(row, plan, dataset=dataset)
        incumbent = earlier.get(row.id)
        try:
            if incumbent is not None and composer.stands(incumbent, layout, row.split):
                contexts.append(incumbent)
            else:
                contexts.append(composer.compose(row, parts, layout))
            kept.append(row)
        except ContextOverflow as error:
            reason = Reason.CONTEXT_OVERFLOW
            rejected.append(
                Rejection(stage="compose", item=row.id, reason=reason, detail=str(error))
            )
    written = {
        "rows": store.write("multi_hop", kept, MultiHop),
        "contexts": store.write("contexts", contexts, ComposedContext),
    }
    return write_rejected("compose", "row", written, accepted=len(kept), rejected=rejected)


@stage("decontaminate_rows", revision=3)
def decontaminate_rows(
    rows: Artifact,
    contexts: Artifact,
    written: list[Artifact],
    benchmarks: dict[str, str],
    ngram: int,
) -> Outcome:
    """The rows whose own words, written by a model, are not a benchmark's either."""
    store = resources().store
    known = read_benchmarks(benchmarks, resources().sources, ngram=ngram)
    texts = {each.id: each.text for each in store.read_all(written, Document)}
    kept, rejected = [], []
    for row in store.read(rows, MultiHop):
        own = [texts.get(hop.document_id, "") for hop in row.hops]
        text = "\n".join([row.question, row.answer, *own])
        finding = find_contamination("decontaminate_rows", row.id, text, known)
        if finding is None:
            kept.append(row)
        else:
            rejected.append(finding)
    ids = {each.id for each in kept}
    composed = [each for each in store.read(contexts, ComposedContext) if each.row_id in ids]
    clear = {
        "rows": store.write("multi_hop", kept, MultiHop),
        "contexts": store.write("contexts", composed, ComposedContext),
    }
    return write_rejected("decontaminate_rows", "row", clear, accepted=len(kept), rejected=rejected)


def open_library(
    documents: list[Artifact], memberships: list[Artifact], placements: Artifact
) -> Library:
    """The documents that contexts are made of."""
    store = resources().store
    return Library(
        documents={each.id: each for each in store.read_all(documents, Document)},
        memberships={each.document_id: each for each in store.read_all(memberships, Membership)},
        clusters={each.document_id: each.cluster for each in store.read(placements, Placement)},
    )
