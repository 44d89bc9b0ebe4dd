"""Render finished rows: the canonical files, those for trainers, those of the control arms."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from longhop.contexts.composing import Composer
from longhop.corpus.tokenizing import open_tokenizer
from longhop.publishing.arms import ArmRendering
from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.longmit import longmit_form
from longhop.publishing.rendered import Measures, Renderings
from longhop.publishing.rendering import make_example
from longhop.publishing.sizing import open_ruler
from longhop.publishing.tallying import Tally
from longhop.publishing.turns import forms_of, turns_of
from longhop.publishing.weighing import Weights, kind_of_example, kind_of_row
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.corpus import Draw
from longhop.records.examples import ComposedContext, Example, Stale
from longhop.records.renderings import Format, Sizes
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.spec import DatasetSpec
from tasks.compose_contexts import both
from tasks.library import Told, open_library
from tasks.ordered import in_order
from tasks.versions import Made

Artifacts = Mapping[str, Artifact]


class Rendered(NamedTuple):
    """How many rows each split has, what they add up to where it was counted, and the tally."""

    rows: dict[str, int]
    sizes: Sizes | None
    tally: Tally


def render_rows(
    artifacts: Artifacts, spec: DatasetSpec, composer: Composer, drafts: Drafts
) -> Rendered:
    """Write the rows of a version into its drafts, one by one, in the order of their ids."""
    tally = Tally()
    rendering = Rendering(drafts, Example)
    renderings = _renderings(artifacts, spec, composer, drafts)
    arms = ArmRendering(drafts, spec.contexts.arms, composer)
    for row, context, example in examples_of(artifacts, composer):
        rendering.add(example)
        renderings.add(example)
        arms.add(row, context)
        tally.add(example, wanted=context.layout.tokens)
    rows, sizes = rendering.finish(), renderings.finish()
    arms.finish()
    return Rendered(rows, sizes, tally)


@contextmanager
def open_composer(made: Made, spec: DatasetSpec) -> Iterator[Composer]:
    """The composer of a version's contexts, for as long as it is needed."""
    artifacts = made.artifacts
    with open_library(
        list(made.documents),
        parts_of(artifacts, "memberships"),
        artifacts.get("placements"),
        parts_of(artifacts, "siblings"),
        spec.name,
    ) as library:
        yield Composer(library, open_tokenizer(spec.contexts.tokenizer))


def examples_of(
    artifacts: Artifacts, composer: Composer
) -> Iterator[tuple[MultiHop, ComposedContext, Example]]:
    """The rows in the order of their ids, each with its context and as it is published."""
    store = resources().store
    stale = stale_of(artifacts)
    licenses = Told(composer.library.documents, "license")
    drawn = store.iterate(artifacts["draws"], Draw) if "draws" in artifacts else ()
    draws = {each.document_id: each for each in drawn}
    for row, context in _finished(artifacts):
        example = make_example(
            row, context, composer, licenses=licenses, draws=draws, stale=row.id in stale
        )
        yield row, context, example


def stale_of(artifacts: Artifacts) -> set[str]:
    """The rows that have other distractors than they were asked with."""
    marked = artifacts.get("stale")
    return {each.row_id for each in resources().store.iterate(marked, Stale)} if marked else set()


def _renderings(
    artifacts: Artifacts, spec: DatasetSpec, composer: Composer, drafts: Drafts
) -> Renderings[Example]:
    """The files for trainers; where they say what a row weighs, all rows are counted before."""
    plan = spec.publishing
    titles = Told(composer.library.documents, "title")
    forms = {**forms_of(turns_of), Format.LONGMIT: longmit_form(titles)}
    ruler = open_ruler(plan, spec.contexts.tokenizer)
    if ruler is None:
        return Renderings(drafts, plan, forms)
    kinds = (
        (row.split, kind_of_row(row, context, plan.weigh_by))
        for row, context in _finished(artifacts)
    )
    weights = Weights(kinds, plan.evenness)
    return Renderings(drafts, plan, forms, Measures(ruler, weights, kind_of_example))


def _finished(artifacts: Artifacts) -> Iterator[tuple[MultiHop, ComposedContext]]:
    """The rows in the order of their ids, each with its context."""
    with ExitStack() as held:
        rows = held.enter_context(in_order([artifacts["rows"]], MultiHop))
        contexts = held.enter_context(in_order([artifacts["contexts"]], ComposedContext, "row_id"))
        yield from both(rows, contexts)
