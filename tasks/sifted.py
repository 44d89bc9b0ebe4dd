"""What the stages that sift write, and the counts they owe."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Generic, Self, TypeVar

from longhop.records.accounts import Balance, Failure, Rejection, count_reasons
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.base import Record
from longhop.records.examples import ComposedContext
from longhop.records.verification import MultiHop, Returned
from longhop.resources import resources
from longhop.verification.repairing import Sifted

R = TypeVar("R", bound=Record)


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
            "low": store.write("multi_hop", sifted.low, MultiHop),
            **(more or {}),
        },
        balances=(balance,),
    )


class Sieve(ExitStack, Generic[R]):
    """What a stage without a model keeps and turns away, one by one, in little memory."""

    def __init__(self, stage: str, unit: str, name: str, kind: type[R]) -> None:
        super().__init__()
        store = resources().store
        self.stage = stage
        self.unit = unit
        self.kept = store.writer(name, kind)
        self.rejected = store.writer("rejected", Rejection)
        self.reasons: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self.enter_context(self.kept)
        self.enter_context(self.rejected)
        return self

    def add(self, found: R | Rejection) -> None:
        """Take what became of one item."""
        if isinstance(found, Rejection):
            self.rejected.add(found)
            self.reasons[str(found.reason)] += 1
        else:
            self.kept.add(found)

    def outcome(
        self, changes: dict[str, int] | None = None, more: dict[str, Artifact] | None = None
    ) -> Outcome:
        """What was kept and turned away, counted; once the sieve is left."""
        balance = Balance(
            stage=self.stage,
            unit=self.unit,
            taken=self.kept.rows + self.rejected.rows,
            accepted=self.kept.rows,
            rejected=dict(sorted(self.reasons.items())),
        )
        return Outcome(
            artifacts={
                "kept": self.kept.artifact,
                "rejected": self.rejected.artifact,
                **(more or {}),
            },
            balances=(balance,),
            changes=changes or {},
        )


class ContextSieve(Sieve[MultiHop]):
    """A sieve of rows, each of which is kept with its context."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage, "row", "multi_hop", MultiHop)
        self.contexts = resources().store.writer("contexts", ComposedContext)

    def __enter__(self) -> Self:
        super().__enter__()
        self.enter_context(self.contexts)
        return self

    def keep(self, row: MultiHop, context: ComposedContext) -> None:
        """Take a row that stays."""
        self.add(row)
        self.contexts.add(context)

    def outcome(
        self, changes: dict[str, int] | None = None, more: dict[str, Artifact] | None = None
    ) -> Outcome:
        """The rows and contexts that were kept, and what was turned away, counted."""
        made = super().outcome(changes)
        artifacts = {
            "rows": made["kept"],
            "contexts": self.contexts.artifact,
            "rejected": made["rejected"],
            **(more or {}),
        }
        return made.model_copy(update={"artifacts": artifacts})


def write_rejected(
    stage: str,
    unit: str,
    kept: dict[str, Artifact],
    *,
    accepted: int,
    rejected: list[Rejection],
    left: dict[str, int] | None = None,
    notes: Sequence[str] = (),
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
    artifacts = {**kept, "rejected": turned_away}
    return Outcome(artifacts=artifacts, balances=(balance,), notes=tuple(notes))
