"""Group documents that count as one, and decide the split of each group."""

from longhop.corpus.deduplicating import group_documents
from longhop.errors import CorpusError
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document, Membership
from longhop.resources import resources
from longhop.spec.sections import Deduplication, Splits
from tasks.sifted import write_rejected
from tasks.stage import stage


@stage("deduplicate", revision=1)
def deduplicate_documents(
    documents: list[Artifact],
    plan: Deduplication,
    splits: Splits,
    dataset: str,
    base: Artifact | None,
) -> Outcome:
    """Every document with its group and split, those of the base first."""
    store = resources().store
    incumbents = {each.document_id: each for each in (store.read(base, Membership) if base else [])}
    memberships, rejected = group_documents(
        store.read_all(documents, Document), plan, splits, dataset=dataset, incumbents=incumbents
    )
    kept = sum(each.kept for each in memberships)
    if kept == 0:
        raise CorpusError("no document is left to ask about; see the rejections of this run")
    written = {"memberships": store.write("memberships", memberships, Membership)}
    return write_rejected("deduplicate", "document", written, accepted=kept, rejected=rejected)
