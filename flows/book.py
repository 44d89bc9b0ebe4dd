"""What the stages of one run report: counts, tokens, and where its artifacts lie."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from longhop.records.accounts import Balance
from longhop.records.artifacts import Artifact, Outcome, Usage


@dataclass
class Book:
    """The outcomes of a run, added up."""

    balances: list[Balance] = field(default_factory=list)
    usage: dict[str, Usage] = field(default_factory=dict)
    artifacts: dict[str, Artifact] = field(default_factory=dict)

    def note(self, stage: str, outcomes: Iterable[Outcome]) -> None:
        """Add what a stage did."""
        for outcome in outcomes:
            self.balances += outcome.balances
            if outcome.usage.answers:
                self.usage[stage] = self.usage.get(stage, Usage()) + outcome.usage
