"""Render pairs: the canonical files, and those for trainers."""

from typing import NamedTuple

from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.rendered import Measures, Renderings
from longhop.publishing.sizing import open_ruler
from longhop.publishing.tallying import PairsTally
from longhop.publishing.turns import forms_of, turns_of_pair
from longhop.publishing.weighing import Weights, kind_of_pair
from longhop.records.artifacts import Artifact
from longhop.records.pairs import Pair
from longhop.records.renderings import Sizes
from longhop.resources import resources
from longhop.spec import DatasetSpec
from tasks.ordered import in_order


class RenderedPairs(NamedTuple):
    """How many pairs each split has, what they add up to where it was counted, and the tally."""

    rows: dict[str, int]
    sizes: Sizes | None
    tally: PairsTally
    notes: tuple[str, ...]


def render_pairs(artifact: Artifact, spec: DatasetSpec, drafts: Drafts) -> RenderedPairs:
    """Write the pairs of a version into its drafts, in the order of their ids.

    The notes name each rendering of the spec that pairs do not have.
    """
    tally = PairsTally()
    rendering = Rendering(drafts, Pair)
    renderings = _renderings(artifact, spec, drafts)
    with in_order([artifact], Pair) as pairs:
        for pair in pairs:
            rendering.add(pair)
            renderings.add(pair)
            tally.add(pair)
    notes = (
        f"publishing.renderings: pairs have no documents with them, so none is rendered as {each}"
        for each in spec.publishing.renderings
        if each not in renderings.formats
    )
    return RenderedPairs(rendering.finish(), renderings.finish(), tally, tuple(notes))


def _renderings(artifact: Artifact, spec: DatasetSpec, drafts: Drafts) -> Renderings[Pair]:
    """The files for trainers; where they say what a pair weighs, all pairs are counted before."""
    plan, forms = spec.publishing, forms_of(turns_of_pair)
    ruler = open_ruler(plan, spec.contexts.tokenizer)
    if ruler is None:
        return Renderings(drafts, plan, forms)
    pairs = resources().store.iterate(artifact, Pair)
    weights = Weights(
        ((each.split, kind_of_pair(each, plan.weigh_by)) for each in pairs), plan.evenness
    )
    return Renderings(drafts, plan, forms, Measures(ruler, weights, kind_of_pair))
