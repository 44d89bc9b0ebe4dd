"""What the stages that sift write, and the counts they owe."""

from longhop.records.accounts import Balance, Failure, Rejection, count_reasons
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.verification import MultiHop, Returned
from longhop.resources import resources
from longhop.verification.repairing import Sifted


def write_sifted(
    stage: str, unit: str, sifted: Sifted, more: dict[str, Artifact] | None = None
) -> Outcome:
    """The kept, rejected, failed and returned candidates of a stage as its outcome."""
    store = resources().store
    balance = Balance(
        stage=stage,
        unit=unit,
        taken=len(sifted.kept) + len(sifted.rejected) + len(sifted.failed),
        accepted=len(sifted.kept),
        rejected=count_reasons(sifted.rejected),
        failed=count_reasons(sifted.failed),
    )
    return Outcome(
        artifacts={
            "kept": store.write("multi_hop", sifted.kept, MultiHop),
            "rejected": store.write("rejected", sifted.rejected, Rejection),
            "failed": store.write("failed", sifted.failed, Failure),
            "returned": store.write("todo", sifted.returned, Returned),
            **(more or {}),
        },
        balances=(balance,),
    )


def write_rejected(
    stage: str,
    unit: str,
    kept: dict[str, Artifact],
    *,
    accepted: int,
    rejected: list[Rejection],
    left: dict[str, int] | None = None,
) -> Outcome:
    """What a stage without a model kept, beside what it turned away, counted."""
    balance = Balance(
        stage=stage,
        unit=unit,
        taken=accepted + len(rejected) + sum((left or {}).values()),
        accepted=accepted,
        rejected=count_reasons(rejected),
        left=left or {},
    )
    turned_away = resources().store.write("rejected", rejected, Rejection)
    return Outcome(artifacts={**kept, "rejected": turned_away}, balances=(balance,))
