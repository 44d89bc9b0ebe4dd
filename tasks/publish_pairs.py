"""Publish a version of pairs. Not a stage: it always looks at what is published."""

from collections.abc import Iterator

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.identity import digest
from longhop.operations.preparing import Preparation
from longhop.publishing.changes import Hashed, count_changes
from longhop.publishing.describing import write_pairs_card, write_pairs_report
from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.parting import check_splits
from longhop.publishing.rendered import Measures, Renderings
from longhop.publishing.sizing import open_ruler
from longhop.publishing.tallying import PairsTally
from longhop.publishing.trainers import write_trainer_files
from longhop.publishing.turns import forms_of, turns_of_pair
from longhop.publishing.weighing import Weights, kind_of_pair
from longhop.records.artifacts import Artifact
from longhop.records.pairs import Pair
from longhop.records.selection import RoundTrace
from longhop.resources import resources
from longhop.spec import DatasetSpec
from tasks.contaminated import draft_contaminations
from tasks.ordered import in_order
from tasks.turned_away import draft_turned_away
from tasks.versions import (
    Made,
    Published,
    describe_version,
    groups_of,
    licenses_of,
    publish_version,
    read_adaptation,
)

PAIRS = "pairs"


@task(name="publish", task_run_name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish_pairs(
    spec: DatasetSpec, preparation: Preparation, *, made: Made, hold: bool = False
) -> Published:
    """The next version, or the base where not one row, count or hash is other than in it.

    With `hold` it is published whole, and `latest` does not point to it yet.
    """
    live, base = resources(), preparation.base
    with Drafts(live.files.draft) as drafts:
        tally = PairsTally()
        rendering = Rendering(drafts, Pair)
        renderings = _renderings(made, spec, drafts)
        with in_order([made.artifacts[PAIRS]], Pair) as pairs:
            for pair in pairs:
                rendering.add(pair)
                renderings.add(pair)
                tally.add(pair)
        rows, sizes = rendering.finish(), renderings.finish()
        draft_turned_away(made, spec, drafts)
        manifest = describe_version(
            spec,
            preparation,
            made,
            drafts,
            rows,
            proofs={},
            licenses=licenses_of(tally.documents, made.documents),
            changes=count_changes(
                _hashes(base.artifacts[PAIRS] if base else None), _hashes(made.artifacts[PAIRS])
            ),
            shorter=0,
            notes=(*made.notes, *_left_out(spec, renderings)),
            parted=check_splits(drafts.contents, groups_of(made)),
            contamination=draft_contaminations(made.contaminations, preparation.benchmarks, drafts),
            kind=PAIRS,
            sizes=sizes,
        )

        def pages() -> dict[str, bytes]:
            trace = live.store.read(made.artifacts["trace"], RoundTrace)
            return {
                **write_trainer_files(manifest),
                "README.md": write_pairs_card(manifest, tally),
                "report.html": write_pairs_report(manifest, tally, trace, read_adaptation(made)),
            }

        return publish_version(manifest, base, drafts, pages, hold=hold)


def _renderings(made: Made, spec: DatasetSpec, drafts: Drafts) -> Renderings[Pair]:
    """The files for trainers; where they say what a pair weighs, all pairs are counted before."""
    plan, forms = spec.publishing, forms_of(turns_of_pair)
    ruler = open_ruler(plan, spec.contexts.tokenizer)
    if ruler is None:
        return Renderings(drafts, plan, forms)
    pairs = resources().store.iterate(made.artifacts[PAIRS], Pair)
    weights = Weights(
        ((each.split, kind_of_pair(each, plan.weigh_by)) for each in pairs), plan.evenness
    )
    return Renderings(drafts, plan, forms, Measures(ruler, weights, kind_of_pair))


def _left_out(spec: DatasetSpec, renderings: Renderings[Pair]) -> list[str]:
    """A note of each rendering that pairs do not have."""
    return [
        f"publishing.renderings: pairs have no documents with them, so none is rendered as {each}"
        for each in spec.publishing.renderings
        if each not in renderings.formats
    ]


def _hashes(pairs: Artifact | None) -> Iterator[Hashed]:
    """Pairs by their ids, with a hash of what they say; none without them."""
    if pairs is not None:
        for each in resources().store.iterate(pairs, Pair):
            yield each.id, digest(each.model_dump(mode="json"))
