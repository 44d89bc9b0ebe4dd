"""Ask a share of the finished rows from their distractors alone."""

from longhop.contexts.composing import Composer
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.accounts import Balance, Failure, Rejection, count_reasons
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.examples import ComposedContext
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.verification.distracting import DistractPlan, probe_distractors
from tasks.compose_contexts import open_library
from tasks.stage import stage


@stage("probe", revision=1)
async def probe_rows(
    rows: Artifact,
    contexts: Artifact,
    documents: list[Artifact],
    memberships: list[Artifact],
    placements: Artifact,
    plan: DistractPlan,
    tokenizer: str,
) -> Outcome:
    """The rows that their distractors do not answer, those that were asked with their probe."""
    live = resources()
    composer = Composer(open_library(documents, memberships, placements), open_tokenizer(tokenizer))
    composed = {each.row_id: each for each in live.store.read(contexts, ComposedContext)}
    candidates = live.store.read(rows, MultiHop)
    probed = await probe_distractors(
        candidates, lambda row: composer.distractors_of(composed[row.id]), plan, model=live.model
    )
    ids = {each.id for each in probed.rows}
    kept = [each for each in composed.values() if each.row_id in ids]
    rejected = [*probed.rejected, *probed.unread]
    balance = Balance(
        stage="probe",
        unit="drawn row",
        taken=probed.drawn,
        accepted=probed.drawn - len(rejected) - len(probed.failed),
        rejected=count_reasons(rejected),
        failed=count_reasons(probed.failed),
    )
    return Outcome(
        artifacts={
            "kept": live.store.write("multi_hop", probed.rows, MultiHop),
            "contexts": live.store.write("contexts", kept, ComposedContext),
            "rejected": live.store.write("rejected", rejected, Rejection),
            "failed": live.store.write("failed", probed.failed, Failure),
        },
        balances=(balance,),
    )
