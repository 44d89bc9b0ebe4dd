"""Publish a version of pairs. Not a stage: it always looks at what is published."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from longhop.identity import digest
from longhop.operations.preparing import Preparation
from longhop.publishing.changes import count_changes
from longhop.publishing.describing import write_pairs_card, write_pairs_report
from longhop.publishing.pairs import render_pairs
from longhop.records.artifacts import Artifact
from longhop.records.manifest import Manifest
from longhop.records.pairs import Pair
from longhop.records.selection import RoundTrace
from longhop.resources import resources
from longhop.spec import DatasetSpec
from tasks.versions import (
    Made,
    Published,
    describe_version,
    known_version,
    licenses_of,
    published,
    read_adaptation,
    rows_by_split,
    turned_away,
    why_withheld,
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
    pairs = live.store.read(made.artifacts[PAIRS], Pair)
    data = render_pairs(pairs) | turned_away(made, spec)
    manifest = describe_version(
        spec,
        preparation,
        made,
        data,
        rows_by_split(each.split for each in pairs),
        proofs={},
        licenses=licenses_of({each.document_id for each in pairs}, made.documents),
        changes=count_changes(_hashes(base), _hashes_of(made.artifacts[PAIRS])),
        shorter=0,
        notes=made.notes,
        kind=PAIRS,
    )
    if known := known_version(manifest, base):
        return known
    trace = live.store.read(made.artifacts["trace"], RoundTrace)
    pages = {
        "README.md": write_pairs_card(manifest, pairs),
        "report.html": write_pairs_report(manifest, pairs, trace, read_adaptation(made)),
    }
    missed = why_withheld(manifest, base)
    live.datasets.publish(manifest, {**data, **pages}, hold=hold or bool(missed))
    return published(manifest, new=True, missed=missed)


def _hashes(base: Manifest | None) -> dict[str, str]:
    return _hashes_of(base.artifacts[PAIRS]) if base is not None else {}


def _hashes_of(pairs: Artifact) -> dict[str, str]:
    rows = resources().store.read(pairs, Pair)
    return {each.id: digest(each.model_dump(mode="json")) for each in rows}
