"""Publish a version of pairs. Not a stage: it always looks at what is published."""

from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.operations.preparing import Preparation
from longhop.publishing.describing import write_pairs_card
from longhop.publishing.drafting import Drafts
from longhop.publishing.parting import check_splits
from longhop.publishing.trainers import write_trainer_files
from longhop.resources import resources
from longhop.spec import DatasetSpec
from tasks.contaminated import draft_contaminations
from tasks.differing import draft_changes
from tasks.draft_figures import NO_LABELS, draft_figures
from tasks.draft_report import draft_report
from tasks.render_pairs import render_pairs
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
        rendered = render_pairs(made.artifacts[PAIRS], spec, drafts)
        draft_figures(drafts, spec, made, NO_LABELS, None)
        draft_turned_away(made, spec, drafts)
        changes = draft_changes(base, made.artifacts, drafts, preparation.takedowns.marks)
        manifest = describe_version(
            spec,
            preparation,
            made,
            drafts,
            rendered.rows,
            proofs={},
            licenses=licenses_of(rendered.tally.documents, made.documents),
            changes=changes.counts,
            reasons=changes.reasons,
            shorter=0,
            notes=(*made.notes, *rendered.notes),
            parted=check_splits(drafts.contents, groups_of(made)),
            contamination=draft_contaminations(made.contaminations, preparation.benchmarks, drafts),
            kind=PAIRS,
            sizes=rendered.sizes,
        )

        def pages() -> dict[str, bytes | Path]:
            return {
                **write_trainer_files(manifest),
                "README.md": write_pairs_card(manifest, rendered.tally),
                **draft_report(manifest, drafts, beside),
            }

        return publish_version(manifest, base, drafts, pages, hold=hold)
