"""Publish a version of pairs. Not a stage: it always looks at what is published."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.operations.preparing import Preparation
from longhop.publishing.describing import write_pairs_card, write_pairs_report
from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.pairs import write_turns
from longhop.publishing.parting import check_splits
from longhop.publishing.tallying import PairsTally
from longhop.records.pairs import Pair
from longhop.records.selection import RoundTrace
from longhop.resources import resources
from longhop.spec import DatasetSpec
from tasks.contaminated import draft_contaminations
from tasks.differing import draft_changes
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
        rendering = Rendering(drafts, Pair, write_turns)
        with in_order([made.artifacts[PAIRS]], Pair) as pairs:
            for pair in pairs:
                rendering.add(pair)
                tally.add(pair)
        rows = rendering.finish()
        draft_turned_away(made, spec, drafts)
        changes = draft_changes(base, made.artifacts, drafts, preparation.takedowns.marks)
        manifest = describe_version(
            spec,
            preparation,
            made,
            drafts,
            rows,
            proofs={},
            licenses=licenses_of(tally.documents, made.documents),
            changes=changes.counts,
            reasons=changes.reasons,
            shorter=0,
            notes=made.notes,
            parted=check_splits(drafts.contents, groups_of(made)),
            contamination=draft_contaminations(made.contaminations, preparation.benchmarks, drafts),
            kind=PAIRS,
        )

        def pages() -> dict[str, bytes]:
            trace = live.store.read(made.artifacts["trace"], RoundTrace)
            return {
                "README.md": write_pairs_card(manifest, tally),
                "report.html": write_pairs_report(manifest, tally, trace, read_adaptation(made)),
            }

        return publish_version(manifest, base, drafts, pages, hold=hold)
