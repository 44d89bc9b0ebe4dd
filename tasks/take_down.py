"""Publish a version without documents that were taken down. No model is asked."""

from collections import Counter
from pathlib import Path

import longhop
from longhop.errors import ConfigError, LongHopError
from longhop.operations.labelling.importing import read_labels
from longhop.publishing.describing import write_card, write_pairs_card
from longhop.publishing.drafting import Drafts
from longhop.publishing.figures import CALIBRATION, CLUSTERS
from longhop.publishing.funnel import add_up
from longhop.publishing.parting import check_splits
from longhop.publishing.trainers import write_trainer_files
from longhop.records.accounts import Balance
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.calibration import Calibration, Labels
from longhop.records.figures import MappedCluster
from longhop.records.manifest import TAKE_DOWN, Manifest
from longhop.records.release import AuditedRow, Release
from longhop.records.takedowns import Takedowns, mark_of
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.spec import DatasetSpec
from longhop.verification.releasing import measure_release
from tasks.blanking import draft_without, read_published
from tasks.differing import draft_changes
from tasks.draft_figures import draft_figures
from tasks.draft_report import draft_report
from tasks.publish_pairs import PAIRS
from tasks.reaching import Reach, reach_of, there_of
from tasks.rebuilding import Rebuilt, take_pairs_down, take_rows_down, without
from tasks.render_pairs import render_pairs
from tasks.render_rows import open_composer, render_rows
from tasks.versions import Made, Published, groups_of, licenses_of, published


def listed_in(manifest: Manifest, takedowns: Takedowns) -> frozenset[str]:
    """The documents of a version that are on the list of what was taken down."""
    marks = frozenset(takedowns.marks)
    return frozenset(each for each in there_of(manifest) if mark_of(each) in marks)


def take_down(base: Manifest, takedowns: Takedowns) -> Published:
    """The version without what is on the list; the version itself where it has none of it.

    It is published like any other: killed at any point, the older one stays whole and `latest`
    keeps pointing at it. The release gate does not hold it back.

    Raises:
        ConfigError: An earlier release published it, and did not keep what contexts are made of.
    """
    named = listed_in(base, takedowns)
    if not named:
        return published(base, new=False)
    reach = reach_of(base, named)
    spec = DatasetSpec.model_validate(base.spec)
    draft = resources().files.draft
    with Drafts(draft) as drafts, Drafts(draft) as beside:
        make = _pairs_without if base.kind == PAIRS else _rows_without
        manifest, card = make(base, spec, reach, takedowns, drafts)
        pages: dict[str, bytes | Path] = {
            **write_trainer_files(manifest),
            "README.md": card,
            **draft_report(manifest, drafts, beside),
        }
        resources().datasets.publish(manifest, {**drafts.contents, **pages})
    return published(manifest, new=True)


def _rows_without(
    base: Manifest, spec: DatasetSpec, reach: Reach, takedowns: Takedowns, drafts: Drafts
) -> tuple[Manifest, bytes]:
    artifacts = without(base.artifacts, reach)
    made = _made(base, artifacts)
    if spec.corpus.paths and not parts_of(artifacts, "documents"):
        raise ConfigError(
            f"{base.name} {base.version} was published by an earlier release, which kept no list of"
            " its documents; what is taken down is remembered: build again, and it is left out"
        )
    with open_composer(made, spec) as composer:
        rebuilt = take_rows_down(base.artifacts, reach, composer)
        artifacts = {**artifacts, **rebuilt.artifacts}
        made = _made(base, artifacts)
        rendered = render_rows(artifacts, spec, composer, drafts)
    _draft_figures(base, spec, made, drafts)
    tally = rendered.tally
    manifest = _manifest(base, reach, takedowns, drafts, rebuilt, artifacts).model_copy(
        update={
            "files": drafts.files,
            "rows": rendered.rows,
            "sizes": rendered.sizes,
            "proofs": dict(sorted(tally.proofs.items())),
            "licenses": licenses_of(tally.documents, made.documents),
            "parted": check_splits(drafts.contents, groups_of(made)),
            "shorter": tally.shorter,
            "probes": tally.probes,
            "release": _release(base, spec, artifacts),
        }
    )
    return manifest, write_card(manifest, tally)


def _pairs_without(
    base: Manifest, spec: DatasetSpec, reach: Reach, takedowns: Takedowns, drafts: Drafts
) -> tuple[Manifest, bytes]:
    artifacts = without(base.artifacts, reach)
    rebuilt = take_pairs_down(base.artifacts, reach)
    artifacts = {**artifacts, **rebuilt.artifacts}
    made = _made(base, artifacts)
    rendered = render_pairs(artifacts[PAIRS], spec, drafts)
    _draft_figures(base, spec, made, drafts)
    tally = rendered.tally
    manifest = _manifest(base, reach, takedowns, drafts, rebuilt, artifacts).model_copy(
        update={
            "files": drafts.files,
            "rows": rendered.rows,
            "sizes": rendered.sizes,
            "licenses": licenses_of(tally.documents, made.documents),
            "parted": check_splits(drafts.contents, groups_of(made)),
        }
    )
    return manifest, write_pairs_card(manifest, tally)


def _draft_figures(base: Manifest, spec: DatasetSpec, made: Made, drafts: Drafts) -> None:
    """The figures of what is left; the map is that of the base, in which no document is named."""
    known = [*read_published(base, CALIBRATION, Calibration)]
    draft_figures(
        drafts,
        spec,
        made,
        calibration=known[0] if known else None,
        labels=_labels(spec),
        mapped=[*read_published(base, CLUSTERS, MappedCluster)],
    )


def _made(base: Manifest, artifacts: dict[str, Artifact]) -> Made:
    """What the version was made of, less what was taken down."""
    return Made(
        balances=base.balances,
        usage=base.usage,
        artifacts=artifacts,
        documents=(*parts_of(artifacts, "documents"), *parts_of(artifacts, "written")),
        rejected=(),
        sources=(),
        failed=(),
        cleaning=base.cleaning,
        notes=base.notes,
    )


def _manifest(
    base: Manifest,
    reach: Reach,
    takedowns: Takedowns,
    drafts: Drafts,
    rebuilt: Rebuilt,
    artifacts: dict[str, Artifact],
) -> Manifest:
    """The manifest as far as it is alike for all kinds of rows; its files are not known yet."""
    draft_without(base, reach, rebuilt.rejected, drafts)
    changes = draft_changes(base, artifacts, drafts, takedowns.marks)
    return base.model_copy(
        update={
            "base": base.version,
            "code": longhop.__version__,
            "balances": add_up(_balances(base, rebuilt.balance)),
            "artifacts": artifacts,
            "changes": changes.counts,
            "reasons": changes.reasons,
            "takedowns": takedowns.marks,
        }
    )


def _balances(base: Manifest, taken: Balance) -> list[Balance]:
    """Those of the base; where documents were taken down of it before, as one takedown."""
    others = [each for each in base.balances if each.stage != TAKE_DOWN]
    earlier = [each for each in base.balances if each.stage == TAKE_DOWN]
    for each in earlier:
        merged = Counter(taken.rejected) + Counter(each.rejected)
        rejected = dict(sorted(merged.items()))
        taken = taken.model_copy(update={"taken": each.taken, "rejected": rejected})
    return [*others, Balance.model_validate(taken.model_dump())]


def _release(base: Manifest, spec: DatasetSpec, artifacts: dict[str, Artifact]) -> Release | None:
    """The measured shares of the rows that are left; by labels as far as their sheets are there."""
    store = resources().store
    if base.release is None:
        return None
    audited = store.read_all(parts_of(artifacts, "audit"), AuditedRow)
    rows = store.iterate(artifacts["rows"], MultiHop)
    labels = _labels(spec).labels
    return measure_release(rows, audited, labels, spec.verification.release.demanded)


def _labels(spec: DatasetSpec) -> Labels:
    """Those of the sheets that are still there."""
    try:
        return read_labels(map(Path, spec.verification.labels))
    except (LongHopError, OSError):
        return read_labels(())
