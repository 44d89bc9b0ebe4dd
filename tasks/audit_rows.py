"""Judge and prove a sample of the finished rows once more."""

from longhop.records.accounts import Balance, Failure, Rejection, count_reasons
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.release import AuditedRow
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.verification.auditing import AuditPlan, draw_rows
from longhop.verification.auditing import audit_rows as audit
from tasks.evidence import read_evidence
from tasks.stage import stage


@stage("audit", revision=1)
async def audit_rows(rows: Artifact, chunks: list[Artifact], plan: AuditPlan) -> Outcome:
    """What the audit says of each row that it drew."""
    live = resources()
    drawn = draw_rows(live.store.iterate(rows, MultiHop), plan)
    shown = read_evidence(chunks, (hop for row in drawn for hop in row.hops))
    audited = await audit(drawn, shown, plan, model=live.model)
    balance = Balance(
        stage="audit",
        unit="drawn row",
        taken=audited.drawn,
        accepted=len(audited.rows),
        rejected=count_reasons(audited.unread),
        failed=count_reasons(audited.failed),
    )
    return Outcome(
        artifacts={
            "audit": live.store.write("audit", audited.rows, AuditedRow),
            "rejected": live.store.write("rejected", audited.unread, Rejection),
            "failed": live.store.write("failed", audited.failed, Failure),
        },
        balances=(balance,),
    )
