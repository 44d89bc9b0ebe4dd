"""Render, describe and publish a version. Not a stage: it always looks at what is published."""

from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import longhop
from longhop.contexts.composing import Composer
from longhop.corpus.tokenizing import open_tokenizer
from longhop.operations.labelling.importing import read_labels
from longhop.operations.preparing import Preparation, is_rehearsal, models_of
from longhop.publishing.changes import count_changes
from longhop.publishing.describing import write_card, write_report
from longhop.publishing.funnel import add_up
from longhop.publishing.rendering import describe_files, make_example, render
from longhop.records.accounts import Balance, Failure, Rejection, TurnedAway
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.base import Record
from longhop.records.corpus import Document, Draw, Split
from longhop.records.examples import ComposedContext, Example
from longhop.records.manifest import Manifest
from longhop.records.money import Bill
from longhop.records.news import News
from longhop.records.release import AuditedRow
from longhop.records.verification import MultiHop, ProbeKind
from longhop.resources import resources
from longhop.spec import DatasetSpec
from longhop.storage.columns import to_parquet
from longhop.verification.releasing import measure_release, notes_on_labels
from tasks.compose_contexts import open_library
from tasks.turned_away import locate


class Published(Record):
    """A dataset version, whether this build is the one that published it, and what was new.

    {"name": "almanac", "version": "v-5f0c1f1be6bd0a55", "rows": 120, "new": true,
     "folder": "datasets/almanac/v-5f0c1f1be6bd0a55", "news": {…}, "missed": ""}

    `missed` says what its release gate demands and its rows do not reach: `latest` has not moved.
    """

    name: str
    version: str
    rows: int
    new: bool
    folder: str
    news: News | None = None
    missed: str = ""


@task(name="publish", task_run_name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish_dataset(
    spec: DatasetSpec,
    preparation: Preparation,
    *,
    balances: list[Balance],
    usage: dict[str, Bill],
    artifacts: dict[str, Artifact],
    documents: list[Artifact],
    rejected: list[Artifact],
    sources: list[Artifact],
    failed: list[Artifact],
    cleaning: dict[str, int],
    notes: list[str],
    hold: bool = False,
) -> Published:
    """The next version, or the base where not one row, count or hash is other than in it.

    With `hold`, or where the release gate is missed, it is published whole, and `latest` does not
    point to it yet.
    """
    live = resources()
    examples = _examples(artifacts, documents, spec)
    finished = live.store.read(artifacts["rows"], MultiHop)
    labels = read_labels(map(Path, preparation.labels)).labels
    audit = artifacts.get("audit")
    audited = live.store.read(audit, AuditedRow) if audit else []
    release = measure_release(finished, audited, labels, spec.verification.release.demanded)
    data = render(examples) | _turned_away(rejected, sources, failed, spec)
    rows = {
        str(split): count
        for split in Split
        if (count := sum(each.split is split for each in examples))
    }
    manifest = Manifest(
        name=spec.name,
        base=preparation.base.version if preparation.base else "none",
        spec=spec.stated(),
        spec_hash=spec.hash,
        code=longhop.__version__,
        models=models_of(spec),
        rehearsal=is_rehearsal(spec),
        prompts=preparation.prompt_hashes,
        inputs=preparation.inputs,
        weights=preparation.weights,
        vocabulary=preparation.vocabulary,
        balances=add_up(balances),
        usage=dict(sorted(usage.items())),
        prices=preparation.prices,
        rows=rows,
        proofs=_counted(each.proof for each in examples),
        licenses=_licenses(examples, documents),
        artifacts=artifacts,
        files=tuple(describe_files(data, rows)),
        cleaning=cleaning,
        changes=_changes(preparation.base, artifacts["contexts"]),
        shorter=_shorter(artifacts["contexts"]),
        notes=(*notes, *notes_on_labels(finished, labels, _earlier(preparation.base))),
        release=release,
        probes=_distracted(finished),
    )
    for known in (manifest, preparation.base):
        if (
            known is not None
            and live.datasets.latest(spec.name) == known.version
            and _same(manifest, known)
            and live.datasets.is_whole(known)
        ):
            return _published(known, new=False)
    missed = _missed(manifest, preparation.base)
    held = hold or bool(missed)
    live.datasets.publish(
        manifest,
        {
            **data,
            "README.md": write_card(manifest, examples),
            "report.html": write_report(manifest, examples),
        },
        hold=held,
    )
    return _published(manifest, new=True, missed=missed)


def _earlier(base: Manifest | None) -> set[str]:
    """The rows of the base."""
    contexts = resources().store.read(base.artifacts["contexts"], ComposedContext) if base else []
    return {each.row_id for each in contexts}


def _distracted(finished: list[MultiHop]) -> dict[str, int]:
    """How many rows were asked with their distractors alone; those that were answered are gone."""
    probes = [probe for row in finished for probe in row.probes]
    asked = sum(each.kind is ProbeKind.DISTRACTORS for each in probes)
    return {"distractors_asked": asked} if asked else {}


def _examples(
    artifacts: dict[str, Artifact], documents: list[Artifact], spec: DatasetSpec
) -> list[Example]:
    store = resources().store
    library = open_library(documents, parts_of(artifacts, "memberships"), artifacts["placements"])
    composer = Composer(library, open_tokenizer(spec.contexts.tokenizer))
    contexts = {each.row_id: each for each in store.read(artifacts["contexts"], ComposedContext)}
    licenses = {each.id: each.license for each in library.documents.values()}
    draws = {each.document_id: each for each in store.read(artifacts["draws"], Draw)}
    return [
        make_example(row, contexts[row.id], composer, licenses=licenses, draws=draws)
        for row in store.read(artifacts["rows"], MultiHop)
    ]


def _licenses(examples: list[Example], documents: list[Artifact]) -> dict[str, int]:
    """How many of the documents that rows are made of stand under each licence."""
    used = {segment.document_id for each in examples for segment in each.segments}
    rows = resources().store.read_all(documents, Document)
    return _counted(each.license for each in rows if each.id in used)


def _counted(values: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in values:
        counts[each] = counts.get(each, 0) + 1
    return dict(sorted(counts.items()))


def _changes(base: Manifest | None, contexts: Artifact) -> dict[str, int]:
    store = resources().store
    before = store.read(base.artifacts["contexts"], ComposedContext) if base else []
    after = store.read(contexts, ComposedContext)
    return count_changes(
        {each.row_id: each.sha256 for each in before}, {each.row_id: each.sha256 for each in after}
    )


def _shorter(contexts: Artifact) -> int:
    """How many contexts their split had too few other documents to fill."""
    rows = resources().store.read(contexts, ComposedContext)
    return sum(each.tokens < 0.97 * each.layout.tokens for each in rows)


def _turned_away(
    rejected: list[Artifact], sources: list[Artifact], failed: list[Artifact], spec: DatasetSpec
) -> dict[str, bytes]:
    """All that did not become a row, with its reason and its place, in one file each.

    Lines that were never cleaned are not quoted where personal data is to be kept out.
    """
    store = resources().store
    lost = sorted(store.read_all(rejected, Rejection), key=_by_stage)
    if spec.cleaning.personal_data != "keep":
        lost = [
            each.model_copy(update={"raw": ""}) if each.stage == "read" else each for each in lost
        ]
    broken = sorted(store.read_all(failed, Failure), key=_by_stage)
    files = {}
    if lost:
        files["rejected.parquet"] = to_parquet(locate(lost, sources), TurnedAway)
    if broken:
        files["failed.parquet"] = to_parquet(broken, Failure)
    return files


def _by_stage(each: Rejection | Failure) -> tuple[str, ...]:
    return each.stage, each.item, each.reason, each.detail


def _same(manifest: Manifest, base: Manifest) -> bool:
    """Whether all that the two say of the dataset is the same, but for where each came from."""
    apart = {"base", "changes", "usage", "prices", "balances"}
    return manifest.model_dump(exclude=apart) == base.model_dump(exclude=apart)


def _missed(manifest: Manifest, base: Manifest | None) -> str:
    """Why a version must not be the latest one; empty where it may."""
    before = sum(base.rows.values()) if base is not None else 0
    if base is not None and before and not manifest.rows:
        return f"there is not one row, and {base.version} has {before}"
    return manifest.release.missed if manifest.release else ""


def _published(manifest: Manifest, *, new: bool, missed: str = "") -> Published:
    return Published(
        name=manifest.name,
        version=manifest.version,
        rows=sum(manifest.rows.values()),
        new=new,
        folder=resources().datasets.folder(manifest.name, manifest.version),
        missed=missed,
    )
