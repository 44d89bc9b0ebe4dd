"""Render, describe and publish a version. Not a stage: it always looks at what is published."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.contexts.composing import Composer
from longhop.corpus.tokenizing import open_tokenizer
from longhop.operations.labelling.importing import read_labels
from longhop.operations.preparing import Preparation
from longhop.publishing.arms import ArmRendering
from longhop.publishing.changes import Hashed, count_changes
from longhop.publishing.describing import write_card
from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.parting import check_splits
from longhop.publishing.rendering import make_example, write_messages
from longhop.publishing.tallying import Tally
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.corpus import Draw
from longhop.records.examples import ComposedContext, Example
from longhop.records.manifest import Manifest
from longhop.records.release import AuditedRow
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.spec import DatasetSpec
from longhop.verification.releasing import measure_release, notes_on_labels
from tasks.check_rows import row_ids
from tasks.compose_contexts import both, open_library
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
        tally = Tally()
        rendering = Rendering(drafts, Example, write_messages)
        composer = _composer(made, spec)
        arms = ArmRendering(drafts, spec.contexts.arms, composer)
        figures = FigureDrafts(drafts, spec, preparation, made)
        for row, context, example in _examples(made, composer):
            rendering.add(example)
            arms.add(row, context)
            figures.add_row(row)
            tally.add(example, wanted=context.layout.tokens)
        rows = rendering.finish()
        arms.finish()
        figures.finish()
        draft_turned_away(made, spec, drafts)
        manifest = _manifest(spec, preparation, made, drafts, rows, tally, kind=kind)

        def pages() -> dict[str, bytes | Path]:
            page = draft_report(manifest, drafts, beside)
            return {"README.md": write_card(manifest, tally), **page}

        return publish_version(manifest, preparation.base, drafts, pages, hold=hold)


def _manifest(
    spec: DatasetSpec,
    preparation: Preparation,
    made: Made,
    drafts: Drafts,
    rows: dict[str, int],
    tally: Tally,
    *,
    kind: str,
) -> Manifest:
    store, base = resources().store, preparation.base
    finished, contexts = made.artifacts["rows"], made.artifacts["contexts"]
    earlier = base.artifacts["contexts"] if base else None
    labels = read_labels(map(Path, preparation.labels)).labels
    audit = made.artifacts.get("audit")
    audited = store.read(audit, AuditedRow) if audit else []
    changes = count_changes(_hashes(earlier), _hashes(contexts))
    told = notes_on_labels(row_ids(contexts), labels, row_ids(earlier), new=changes["added"])
    demanded = spec.verification.release.demanded
    return describe_version(
        spec,
        preparation,
        made,
        drafts,
        rows,
        proofs=dict(sorted(tally.proofs.items())),
        licenses=licenses_of(tally.documents, made.documents),
        changes=changes,
        shorter=tally.shorter,
        notes=(*made.notes, *told),
        release=measure_release(store.iterate(finished, MultiHop), audited, labels, demanded),
        probes={"distractors_asked": tally.asked} if tally.asked else {},
        parted=check_splits(drafts.contents, groups_of(made)),
        contamination=draft_contaminations(made.contaminations, preparation.benchmarks, drafts),
        kind=kind,
    )


def _composer(made: Made, spec: DatasetSpec) -> Composer:
    artifacts = made.artifacts
    library = open_library(
        list(made.documents),
        parts_of(artifacts, "memberships"),
        artifacts.get("placements"),
        parts_of(artifacts, "siblings"),
        spec.name,
    )
    return Composer(library, open_tokenizer(spec.contexts.tokenizer))


def _examples(
    made: Made, composer: Composer
) -> Iterator[tuple[MultiHop, ComposedContext, Example]]:
    """The rows in the order of their ids, each with its context and as it is published."""
    store, artifacts = resources().store, made.artifacts
    licenses = {each.id: each.license for each in composer.library.documents.values()}
    drawn = store.iterate(artifacts["draws"], Draw) if "draws" in artifacts else ()
    draws = {each.document_id: each for each in drawn}
    with ExitStack() as held:
        rows = held.enter_context(in_order([artifacts["rows"]], MultiHop))
        contexts = held.enter_context(in_order([artifacts["contexts"]], ComposedContext, "row_id"))
        for row, context in both(rows, contexts):
            example = make_example(row, context, composer, licenses=licenses, draws=draws)
            yield row, context, example


def _hashes(contexts: Artifact | None) -> Iterable[Hashed]:
    """The rows that contexts are of, with the hashes of those; none without them."""
    if contexts is not None:
        with resources().store.opened(contexts, ComposedContext) as found:
            yield from found.values("row_id", "sha256")
