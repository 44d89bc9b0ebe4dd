"""What the stages of one run report: counts, tokens, and where its artifacts lie."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from longhop.records.accounts import Balance
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.money import Bill, add_bills


@dataclass
class Book:
    """The outcomes of a run, added up."""

    balances: list[Balance] = field(default_factory=list)
    usage: dict[str, Bill] = field(default_factory=dict)
    changes: Counter[str] = field(default_factory=Counter)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    rejected: list[Artifact] = field(default_factory=list)
    failed: list[Artifact] = field(default_factory=list)
    contaminations: list[Artifact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, other: "Book") -> None:
        """Add what another book has."""
        self.balances += other.balances
        self.changes.update(other.changes)
        self.notes += other.notes
        self.rejected += other.rejected
        self.failed += other.failed
        self.contaminations += other.contaminations
        self.artifacts |= other.artifacts
        for stage, bill in other.usage.items():
            self.usage[stage] = add_bills(self.usage.get(stage, {}), bill)

    def note(self, stage: str, outcomes: Iterable[Outcome]) -> None:
        """Add what a stage did."""
        for outcome in outcomes:
            self.balances += outcome.balances
            self.changes.update(outcome.changes)
            self.notes += outcome.notes
            self.rejected += [each for each in (outcome.artifacts.get("rejected"),) if each]
            self.failed += [each for each in (outcome.artifacts.get("failed"),) if each]
            met = outcome.artifacts.get("contaminations")
            self.contaminations += [met] if met and met.rows else []
            if outcome.usage:
                self.usage[stage] = add_bills(self.usage.get(stage, {}), outcome.usage)
