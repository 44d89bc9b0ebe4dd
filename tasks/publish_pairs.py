"""Publish a version of pairs. Not a stage: it always looks at what is published."""

from collections.abc import Iterator
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.identity import digest
from longhop.operations.preparing import Preparation
from longhop.publishing.changes import Hashed, count_changes
from longhop.publishing.describing import write_pairs_card
from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.pairs import write_turns
from longhop.publishing.parting import check_splits
from longhop.publishing.tallying import PairsTally
from longhop.records.artifacts import Artifact
from longhop.records.pairs import Pair
from longhop.resources import resources
from longhop.spec import DatasetSpec
from tasks.contaminated import draft_contaminations
from tasks.draft_figures import FigureDrafts
from tasks.draft_report import draft_report
from tasks.ordered import in_order
from tasks.turned_away import draft_turned_away
from tasks.versions import (
    Made,
    Published,
    describe_version,
    groups_of,
    licenses_of,
    publish_version,
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
    with Drafts(live.files.draft) as drafts, Drafts(live.files.draft) as beside:
        tally = PairsTally()
        rendering = Rendering(drafts, Pair, write_turns)
        figures = FigureDrafts(drafts, spec, preparation, made)
        with in_order([made.artifacts[PAIRS]], Pair) as pairs:
            for pair in pairs:
                rendering.add(pair)
                tally.add(pair)
                figures.add_pair(pair.document_id)
        rows = rendering.finish()
        figures.finish()
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
            notes=made.notes,
            parted=check_splits(drafts.contents, groups_of(made)),
            contamination=draft_contaminations(made.contaminations, preparation.benchmarks, drafts),
            kind=PAIRS,
        )

        def pages() -> dict[str, bytes | Path]:
            page = draft_report(manifest, drafts, beside)
            return {"README.md": write_pairs_card(manifest, tally), **page}

        return publish_version(manifest, base, drafts, pages, hold=hold)


def _hashes(pairs: Artifact | None) -> Iterator[Hashed]:
    """Pairs by their ids, with a hash of what they say; none without them."""
    if pairs is not None:
        for each in resources().store.iterate(pairs, Pair):
            yield each.id, digest(each.model_dump(mode="json"))
