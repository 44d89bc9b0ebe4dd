"""Render, describe and publish a version. Not a stage: it always looks at what is published."""

from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.operations.labelling.importing import read_labels
from longhop.operations.preparing import Preparation
from longhop.publishing.describing import write_card
from longhop.publishing.drafting import Drafts
from longhop.publishing.parting import check_splits
from longhop.publishing.trainers import write_trainer_files
from longhop.records.manifest import Manifest
from longhop.records.release import AuditedRow
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.spec import DatasetSpec
from longhop.verification.releasing import measure_release, notes_on_labels
from tasks.check_rows import row_ids
from tasks.contaminated import draft_contaminations
from tasks.differing import draft_changes
from tasks.draft_figures import draft_figures
from tasks.draft_report import draft_report
from tasks.render_rows import Rendered, open_composer, render_rows
from tasks.turned_away import draft_turned_away
from tasks.versions import (
    Made,
    Published,
    describe_version,
    groups_of,
    licenses_of,
    publish_version,
)


@task(name="publish", task_run_name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish_dataset(
    spec: DatasetSpec, preparation: Preparation, *, made: Made, hold: bool = False, kind: str = ""
) -> Published:
    """The next version, or the base where not one row, count or hash is other than in it.

    With `hold`, or where the release gate is missed, it is published whole, and `latest` does not
    point to it yet. Rows go through it one by one, into files beside the store.
    """
    live = resources()
    with Drafts(live.files.draft) as drafts, Drafts(live.files.draft) as beside:
        with open_composer(made, spec) as composer:
            rendered = render_rows(made.artifacts, spec, composer, drafts)
        labels = read_labels(map(Path, preparation.labels))
        draft_figures(drafts, spec, made, labels, preparation.calibration)
        draft_turned_away(made, spec, drafts)
        manifest = _manifest(spec, preparation, made, drafts, rendered, kind=kind)

        def pages() -> dict[str, bytes | Path]:
            return {
                **write_trainer_files(manifest),
                "README.md": write_card(manifest, rendered.tally),
                **draft_report(manifest, drafts, beside),
            }

        return publish_version(manifest, preparation.base, drafts, pages, hold=hold)


def _manifest(
    spec: DatasetSpec,
    preparation: Preparation,
    made: Made,
    drafts: Drafts,
    rendered: Rendered,
    *,
    kind: str,
) -> Manifest:
    store, base, tally = resources().store, preparation.base, rendered.tally
    finished, contexts = made.artifacts["rows"], made.artifacts["contexts"]
    earlier = base.artifacts["contexts"] if base else None
    labels = read_labels(map(Path, preparation.labels)).labels
    audit = made.artifacts.get("audit")
    audited = store.read(audit, AuditedRow) if audit else []
    changes = draft_changes(base, made.artifacts, drafts, preparation.takedowns.marks)
    new = changes.counts["added"]
    told = notes_on_labels(row_ids(contexts), labels, row_ids(earlier), new=new)
    demanded = spec.verification.release.demanded
    return describe_version(
        spec,
        preparation,
        made,
        drafts,
        rendered.rows,
        proofs=dict(sorted(tally.proofs.items())),
        licenses=licenses_of(tally.documents, made.documents),
        changes=changes.counts,
        reasons=changes.reasons,
        shorter=tally.shorter,
        notes=(*made.notes, *told),
        release=measure_release(store.iterate(finished, MultiHop), audited, labels, demanded),
        probes=tally.probes,
        parted=check_splits(drafts.contents, groups_of(made)),
        contamination=draft_contaminations(made.contaminations, preparation.benchmarks, drafts),
        kind=kind,
        sizes=rendered.sizes,
    )
