"""Render, describe and publish a version. Not a stage: it always looks at what is published."""

from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.contexts.composing import Composer
from longhop.corpus.tokenizing import open_tokenizer
from longhop.operations.labelling.importing import read_labels
from longhop.operations.preparing import Preparation
from longhop.publishing.changes import count_changes
from longhop.publishing.describing import write_card, write_report
from longhop.publishing.rendering import make_example, render
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.corpus import Draw
from longhop.records.examples import ComposedContext, Example
from longhop.records.manifest import Manifest
from longhop.records.release import AuditedRow
from longhop.records.selection import RoundTrace
from longhop.records.verification import MultiHop, ProbeKind
from longhop.resources import resources
from longhop.spec import DatasetSpec
from longhop.verification.releasing import measure_release, notes_on_labels
from tasks.compose_contexts import open_library
from tasks.versions import (
    Made,
    Published,
    counted,
    describe_version,
    known_version,
    licenses_of,
    published,
    read_adaptation,
    rows_by_split,
    turned_away,
    why_withheld,
)


@task(name="publish", task_run_name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish_dataset(
    spec: DatasetSpec, preparation: Preparation, *, made: Made, hold: bool = False
) -> Published:
    """The next version, or the base where not one row, count or hash is other than in it.

    With `hold`, or where the release gate is missed, it is published whole, and `latest` does not
    point to it yet.
    """
    live, base = resources(), preparation.base
    examples = _examples(made, spec)
    data = render(examples) | turned_away(made, spec)
    manifest = _manifest(spec, preparation, made, examples, data)
    if known := known_version(manifest, base):
        return known
    trace = live.store.read(made.artifacts["trace"], RoundTrace)
    pages = {
        "README.md": write_card(manifest, examples),
        "report.html": write_report(manifest, examples, trace, read_adaptation(made)),
    }
    missed = why_withheld(manifest, base)
    live.datasets.publish(manifest, {**data, **pages}, hold=hold or bool(missed))
    return published(manifest, new=True, missed=missed)


def _manifest(
    spec: DatasetSpec,
    preparation: Preparation,
    made: Made,
    examples: list[Example],
    data: dict[str, bytes],
) -> Manifest:
    store, base = resources().store, preparation.base
    finished = store.read(made.artifacts["rows"], MultiHop)
    labels = read_labels(map(Path, preparation.labels)).labels
    audit = made.artifacts.get("audit")
    audited = store.read(audit, AuditedRow) if audit else []
    contexts = made.artifacts["contexts"]
    used = {segment.document_id for each in examples for segment in each.segments}
    return describe_version(
        spec,
        preparation,
        made,
        data,
        rows_by_split(each.split for each in examples),
        proofs=counted(each.proof for each in examples),
        licenses=licenses_of(used, made.documents),
        changes=_changes(base, contexts),
        shorter=_shorter(contexts),
        notes=(*made.notes, *notes_on_labels(finished, labels, _earlier(base))),
        release=measure_release(finished, audited, labels, spec.verification.release.demanded),
        probes=_distracted(finished),
    )


def _earlier(base: Manifest | None) -> set[str]:
    """The rows of the base."""
    contexts = resources().store.read(base.artifacts["contexts"], ComposedContext) if base else []
    return {each.row_id for each in contexts}


def _distracted(finished: list[MultiHop]) -> dict[str, int]:
    """How many rows were asked with their distractors alone; those that were answered are gone."""
    probes = [probe for row in finished for probe in row.probes]
    asked = sum(each.kind is ProbeKind.DISTRACTORS for each in probes)
    return {"distractors_asked": asked} if asked else {}


def _examples(made: Made, spec: DatasetSpec) -> list[Example]:
    store, artifacts = resources().store, made.artifacts
    documents = list(made.documents)
    library = open_library(documents, parts_of(artifacts, "memberships"), artifacts["placements"])
    composer = Composer(library, open_tokenizer(spec.contexts.tokenizer))
    contexts = {each.row_id: each for each in store.read(artifacts["contexts"], ComposedContext)}
    licenses = {each.id: each.license for each in library.documents.values()}
    draws = {each.document_id: each for each in store.read(artifacts["draws"], Draw)}
    return [
        make_example(row, contexts[row.id], composer, licenses=licenses, draws=draws)
        for row in store.read(artifacts["rows"], MultiHop)
    ]


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
