"""Lay out and compose the contexts of proved rows."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from longhop.contexts.composing import Composer
from longhop.contexts.layout import lay_out
from longhop.corpus.tokenizing import open_tokenizer
from longhop.errors import ContextOverflow
from longhop.publishing.decontaminating import read_benchmarks, touches
from longhop.records.accounts import Reason, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document
from longhop.records.examples import ComposedContext
from longhop.records.seeds import Origin
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.spec.sections import Contexts
from longhop.storage.spools import Lookup
from tasks.library import open_library
from tasks.ordered import beside, in_order, look_up_evidence
from tasks.screening import Screen
from tasks.sifted import ContextSieve
from tasks.stage import stage


@stage("compose", revision=4)
def compose_contexts(
    rows: list[Artifact],
    documents: list[Artifact],
    chunks: list[Artifact],
    memberships: list[Artifact],
    placements: Artifact | None,
    origins: list[Artifact],
    plan: Contexts,
    vocabulary: str,
    dataset: str,
    base: Artifact | None,
) -> Outcome:
    """A context for each row; one of the base stands as long as its documents do."""
    opened = open_library(documents, memberships, placements, origins, dataset)
    sieve = ContextSieve("compose")
    with sieve, opened as library, ExitStack() as held:
        composer = Composer(library, open_tokenizer(plan.tokenizer))
        candidates = held.enter_context(in_order(rows, MultiHop))
        parts = held.enter_context(look_up_evidence(chunks, candidates))
        earlier = held.enter_context(in_order(_given(base), ComposedContext, "row_id"))
        for row, incumbent in with_contexts(candidates, earlier):
            anchored = library.is_anchored(row)
            layout = lay_out(row, plan, dataset=dataset, anchored=anchored)
            try:
                evidence = parts(row)
                if incumbent is not None and composer.stands(incumbent, row, evidence, layout):
                    sieve.keep(row, incumbent)
                else:
                    sieve.keep(row, composer.compose(row, evidence, layout))
            except ContextOverflow as error:
                reason, detail = Reason.CONTEXT_OVERFLOW, str(error)
                sieve.add(Rejection(stage="compose", item=row.id, reason=reason, detail=detail))
    return sieve.outcome()


@stage("clear_origins", revision=1)
def clear_origins(
    origins: list[Artifact], written: list[Artifact], benchmarks: dict[str, str], ngram: int
) -> Outcome:
    """What the written documents were written for that hold no item of a benchmark.

    The others stand beside no row; their own falls when rows are decontaminated.
    """
    store = resources().store
    known = read_benchmarks(benchmarks, resources().sources, ngram=ngram)
    clear = {
        each.id
        for part in written
        for each in store.iterate(part, Document)
        if not touches(f"{each.title}\n{each.text}", known)
    }
    kept = (
        each
        for part in origins
        for each in store.iterate(part, Origin)
        if each.document_id in clear
    )
    return Outcome(artifacts={"origins": store.write("origins", kept, Origin)}, balances=())


@stage("decontaminate_rows", revision=4)
def decontaminate_rows(
    rows: Artifact,
    contexts: Artifact,
    written: list[Artifact],
    benchmarks: dict[str, str],
    ngram: int,
) -> Outcome:
    """The rows whose own words, written by a model, are not a benchmark's either."""
    store = resources().store
    sieve = ContextSieve("decontaminate_rows")
    screen = Screen("decontaminate_rows", benchmarks, ngram)
    with screen, sieve, Lookup(Document, lambda each: each.id) as texts, ExitStack() as held:
        for part in written:
            for document in store.iterate(part, Document):
                texts.add(document)
        candidates = held.enter_context(in_order([rows], MultiHop))
        composed = held.enter_context(in_order([contexts], ComposedContext, "row_id"))
        for row, context in both(candidates, composed):
            own = texts.take(dict.fromkeys(hop.document_id for hop in row.hops))
            words = [f"{each.title}\n{each.text}" for each in own.values()]
            text = "\n".join([row.question, row.answer, *words])
            finding = screen.look(row.id, text)
            if finding is None:
                sieve.keep(row, context)
            else:
                sieve.add(finding)
    return sieve.outcome(more=screen.artifacts)


def with_contexts(
    rows: Iterable[MultiHop], contexts: Iterable[ComposedContext]
) -> Iterator[tuple[MultiHop, ComposedContext | None]]:
    """Each row with its context, if it has one; both are in the order of the rows' ids."""
    return beside(rows, contexts, key=lambda it: it.id, other_key=lambda it: it.row_id)


def both(
    rows: Iterable[MultiHop], contexts: Iterable[ComposedContext]
) -> Iterator[tuple[MultiHop, ComposedContext]]:
    """Each row with its context, where every one has one.

    Raises:
        KeyError: A row has none: a fault of ours.
    """
    for row, context in with_contexts(rows, contexts):
        if context is None:
            raise KeyError(f"row {row.id} has no context")
        yield row, context


def _given(artifact: Artifact | None) -> list[Artifact]:
    return [artifact] if artifact is not None else []
