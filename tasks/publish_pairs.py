"""Publish a version of pairs. Not a stage: it always looks at what is published."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.operations.preparing import Preparation
from longhop.publishing.describing import write_pairs_card, write_pairs_report
from longhop.publishing.drafting import Drafts
from longhop.publishing.parting import check_splits
from longhop.publishing.trainers import write_trainer_files
from longhop.records.selection import RoundTrace
from longhop.resources import resources
from longhop.spec import DatasetSpec
from tasks.contaminated import draft_contaminations
from tasks.differing import draft_changes
from tasks.render_pairs import render_pairs
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
        rendered = render_pairs(made.artifacts[PAIRS], spec, drafts)
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

        def pages() -> dict[str, bytes]:
            trace = live.store.read(made.artifacts["trace"], RoundTrace)
            return {
                **write_trainer_files(manifest),
                "README.md": write_pairs_card(manifest, rendered.tally),
                "report.html": write_pairs_report(
                    manifest, rendered.tally, trace, read_adaptation(made)
                ),
            }

        return publish_version(manifest, base, drafts, pages, hold=hold)
