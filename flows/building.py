"""A build on its way: it runs stages, and notes what they made and what they used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flows.book import Book
from flows.bounding import evenly, tasks_of_stage
from longhop.concurrency import run_each
from longhop.operations.budgeting import Ledger, rounds
from longhop.operations.preparing import Preparation
from longhop.records.accounts import Balance, LeftReason
from longhop.records.artifacts import Artifact, Outcome
from longhop.selection.rounds import MOST_ROUNDS
from longhop.spec import DatasetSpec
from tasks.stage import Share, Stage, at_most
from tasks.versions import Made


@dataclass
class Build:
    """What a build started from, and what its stages have made so far.

    With `here` its stages run in this thread and outside of any flow. `kind` is that of the rows:
    `pairs`, or nothing where they are multi-hop.
    """

    spec: DatasetSpec
    start: Preparation
    book: Book = field(default_factory=Book)
    sources: list[Artifact] = field(default_factory=list)
    documents: list[Artifact] = field(default_factory=list)
    chunks: list[Artifact] = field(default_factory=list)
    vectors: list[Artifact] = field(default_factory=list)
    low: list[Artifact] = field(default_factory=list)
    written: list[Artifact] = field(default_factory=list)
    written_chunks: list[Artifact] = field(default_factory=list)
    origins: list[Artifact] = field(default_factory=list)
    here: bool = False
    kind: str = ""

    async def one(self, stage: Stage, *, part: str = "all", **arguments: Any) -> Outcome:
        """Run a stage once, and note it."""
        (outcome,) = await self._run(stage, [Share(part, arguments)])
        self.book.note(stage.name, [outcome])
        return outcome

    async def all(
        self,
        stage: Stage,
        shards: Sequence[dict[str, Any]],
        *,
        turn: str = "",
        in_rounds: bool = False,
        at_once: int | None = None,
    ) -> list[Outcome]:
        """Run a stage for each shard, side by side, and note it in the shards' order.

        Where there are many shards, a task run takes several of them; more so where it is one
        `in_rounds`, as all are that ask a model. No more than `at_once` of its shards are worked on
        at a time, so that memory is bounded; without it all are.
        """
        shares = [
            Share(f"{number}/{len(shards)}{turn}", each) for number, each in enumerate(shards, 1)
        ]
        tasks = tasks_of_stage(self.spec, in_rounds=in_rounds or stage.is_async)
        with at_most(at_once):
            groups = await run_each(evenly(shares, tasks), lambda group: self._run(stage, group))
        outcomes = [each for group in groups for each in group]
        self.book.note(stage.name, outcomes)
        return outcomes

    def apart(self) -> "Build":
        """The same build with a book of its own: what its stages count is not counted here."""
        return replace(self, book=Book())

    def rounds(
        self, items: int, share: float, most: int = MOST_ROUNDS
    ) -> Iterator[tuple[range, str]]:
        """Which items are taken next, and how that round is called.

        Without a budget all at once; else until all are, or so much of the budget has gone into it,
        in `most` rounds.
        """
        if self._ledger.is_open:
            yield range(items), ""
            return
        cap = min(1.0, self.used() + share)
        for number, each in enumerate(rounds(items, self.used, cap, most), start=1):
            yield each, f", round {number}"

    def used(self, stage: str = "") -> float:
        """The share of the budget that was used so far, by a stage or by all of them."""
        usage = self.book.usage
        if stage:
            usage = {stage: usage[stage]} if stage in usage else {}
        self._ledger.charge(usage)
        return self._ledger.used

    def made(self, documents: Sequence[Artifact]) -> Made:
        """What there is to publish, beside the documents that rows can be made of."""
        book = self.book
        return Made(
            balances=tuple(book.balances),
            usage=book.usage,
            artifacts=book.artifacts,
            documents=tuple(documents),
            rejected=tuple(book.rejected),
            sources=tuple(self.sources),
            failed=tuple(book.failed),
            contaminations=tuple(book.contaminations),
            cleaning=dict(sorted(book.changes.items())),
            notes=tuple(book.notes),
            vectors=tuple(self.vectors),
        )

    def note_left(self, stage: str, unit: str, count: int) -> None:
        """Count what the budget left untouched."""
        if count:
            left = {str(LeftReason.BUDGET): count}
            self.book.balances.append(
                Balance(stage=stage, unit=unit, taken=count, accepted=0, left=left)
            )

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger(self.spec.budget, self.start.prices)

    async def _run(self, stage: Stage, shares: Sequence[Share]) -> list[Outcome]:
        if self.here:
            return await stage.here(shares)
        return await stage(shares)
