"""Keep back written documents that were taken down, and what rests on them."""

from longhop.corpus.withholding import withholder
from longhop.records.accounts import Reason, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Document
from longhop.records.seeds import Origin
from longhop.records.takedowns import Takedowns, mark_of
from longhop.records.verification import MultiHop
from longhop.resources import resources
from tasks.sifted import Sieve
from tasks.stage import stage


@stage("withhold", revision=1)
def withhold_written(
    documents: Artifact,
    chunks: Artifact,
    origins: Artifact,
    rows: Artifact,
    takedowns: Takedowns,
) -> Outcome:
    """The written documents that nobody took down, with their chunks, origins and rows.

    The model writes, or the memo remembers, the same document again: it is known by its id.
    """
    store = resources().store
    is_withheld = withholder(takedowns)
    gone: set[str] = set()
    with Sieve("withhold", "document", "documents", Document) as sieve:
        for each in store.iterate(documents, Document):
            if is_withheld(each):
                gone.add(each.id)
                item = mark_of(each.id)
                sieve.add(Rejection(stage="withhold", item=item, reason=Reason.TAKEN_DOWN))
            else:
                sieve.add(each)
    of_chunks = (each for each in store.iterate(chunks, Chunk) if each.document_id not in gone)
    of_origins = (each for each in store.iterate(origins, Origin) if each.document_id not in gone)
    of_rows = (
        each
        for each in store.iterate(rows, MultiHop)
        if gone.isdisjoint(hop.document_id for hop in each.hops)
    )
    outcome = sieve.outcome()
    artifacts = {
        "documents": outcome["kept"],
        "rejected": outcome["rejected"],
        "chunks": store.write("chunks", of_chunks, Chunk),
        "origins": store.write("origins", of_origins, Origin),
        "kept": store.write("multi_hop", of_rows, MultiHop),
    }
    return outcome.model_copy(update={"artifacts": artifacts})
