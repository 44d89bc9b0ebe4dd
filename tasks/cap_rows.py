"""No more rows of a kind than the spec allows."""

from contextlib import ExitStack

from longhop.publishing.capping import Kind
from longhop.publishing.capping import cap_rows as cap
from longhop.records.accounts import Reason, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document
from longhop.records.examples import ComposedContext
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.spec.sections import Caps
from longhop.storage.spools import KeySet
from tasks.check_rows import row_ids
from tasks.compose_contexts import both
from tasks.ordered import in_order
from tasks.sifted import ContextSieve
from tasks.stage import stage


@stage("cap_rows", revision=1)
def cap_rows(
    rows: Artifact,
    contexts: Artifact,
    documents: list[Artifact],
    caps: Caps,
    dataset: str,
    base: Artifact | None,
) -> Outcome:
    """The rows that no cap keeps out, those of the base first, with their contexts."""
    domains = _domains(documents) if caps.domain else {}
    incumbents = KeySet(row_ids(base))
    sieve = ContextSieve("cap_rows")
    with sieve, ExitStack() as held:
        candidates = held.enter_context(in_order([rows], MultiHop))
        composed = held.enter_context(in_order([contexts], ComposedContext, "row_id"))
        kinds = [_kind(row, domains, row.id in incumbents) for row in candidates]
        full = cap(kinds, caps, dataset)
        for row, context in both(candidates, composed):
            if row.id in full:
                sieve.add(_turned_away(row, full[row.id].told))
            else:
                sieve.keep(row, context)
    return sieve.outcome()


def _kind(row: MultiHop, domains: dict[str, str], incumbent: bool) -> Kind:
    found = {domains.get(hop.document_id, "") for hop in row.hops} - {""}
    return Kind(row.id, str(row.composition), tuple(sorted(found)), row.language, incumbent)


def _domains(documents: list[Artifact]) -> dict[str, str]:
    store = resources().store
    return {
        each.id: each.domain
        for part in documents
        for each in store.iterate(part, Document)
        if each.domain
    }


def _turned_away(row: MultiHop, told: str) -> Rejection:
    return Rejection(
        stage="cap_rows", item=row.id, reason=Reason.CAPPED, detail=told, raw=row.question
    )
