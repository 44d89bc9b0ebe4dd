"""Sketch the documents, group those that count as one, and decide the split of each group."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from longhop.corpus.deduplicating import group_documents
from longhop.corpus.deduplicating.sketching import sketch_documents
from longhop.errors import CorpusError
from longhop.identity import shard_of
from longhop.records.accounts import Balance, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document, Membership, Sketch
from longhop.resources import resources
from longhop.spec.sections import Deduplication, Splits
from tasks.stage import stage


@stage("sketch", revision=2)
def sketch_shard(documents: Artifact, width: int, rows: int) -> Outcome:
    """A sketch of each document of the shard."""
    live = resources()
    found = sketch_documents(
        live.store.iterate(documents, Document), width=width, rows=rows, memo=live.sketches
    )
    return Outcome(artifacts={"sketches": live.store.write("sketches", found, Sketch)})


@stage("deduplicate", revision=2)
def deduplicate_documents(
    documents: list[Artifact],
    sketches: list[Artifact],
    plan: Deduplication,
    splits: Splits,
    dataset: str,
    base: list[Artifact],
    base_sketches: list[Artifact],
) -> Outcome:
    """Every document with its group and split, by shard, those of the base first."""
    store = resources().store
    shards = len(documents)
    grouped = group_documents(
        (each for part in sketches for each in store.iterate(part, Sketch)),
        lambda: (each for part in documents for each in store.iterate(part, Document)),
        plan,
        splits,
        dataset=dataset,
        incumbents={each.document_id: each for each in store.read_all(base, Membership)},
        order=lambda each: (shard_of(each, shards), each),
        words={
            each.document_id: each.words
            for part in base_sketches
            for each in store.iterate(part, Sketch)
        },
    )
    reasons: Counter[str] = Counter()
    kept = 0
    written = {}
    with store.writer("rejected", Rejection) as rejected:

        def sift(part: Iterator[tuple[Membership, Rejection | None]]) -> Iterator[Membership]:
            nonlocal kept
            for membership, rejection in part:
                kept += membership.kept
                if rejection is not None:
                    reasons[str(rejection.reason)] += 1
                    rejected.add(rejection)
                yield membership

        parts = dict.fromkeys(range(shards), store.write("memberships", (), Membership))
        for shard, part in groupby(grouped, key=lambda each: shard_of(each[0].document_id, shards)):
            parts[shard] = store.write("memberships", sift(part), Membership)
        written = {f"memberships-{shard}": part for shard, part in parts.items()}
    if kept == 0:
        raise CorpusError("no document is left to ask about; see the rejections of this run")
    balance = Balance(
        stage="deduplicate",
        unit="document",
        taken=sum(each.rows for each in documents),
        accepted=kept,
        rejected=dict(sorted(reasons.items())),
    )
    return Outcome(artifacts={**written, "rejected": rejected.artifact}, balances=(balance,))
