"""Rounds of selection: draw documents, ask about them, settle what they gave, draw again."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from flows.asking import Answers, ask_round, embed_round
from flows.bounding import ADAPTED_BY
from flows.building import Build
from flows.surveying import Model, Sight, embed_all, survey
from longhop.operations.budgeting import Allowance
from longhop.records.accounts import LeftReason
from longhop.records.artifacts import Artifact
from longhop.records.selection import Round
from longhop.selection.rounds import MOST_ROUNDS
from longhop.spec.sections import BLIND, Stopping
from tasks.adapt_embedder import adapt_embedder
from tasks.draw_documents import DrawPlan, draw_documents
from tasks.leave_documents import leave_documents
from tasks.settle_round import settle_round

# Between epochs rows are made and proved, which takes long: few of them, and each larger.
_SHARES = (0.1, 0.2, 0.3, 0.4)


@dataclass(frozen=True)
class Epoch:
    """A part of the asking after which rows are made: its share of the budget, and its name.

    With a budget, asking and wording have `rounds` each at most.
    """

    share: float
    rounds: int = MOST_ROUNDS
    turn: str = ""
    last: bool = True


_WHOLE = Epoch(1.0)


@dataclass
class _Flight:
    """A round on its way: the documents it asks about, and the work that is being done."""

    draws: Artifact
    work: "asyncio.Task[Answers]"


@dataclass
class Rounds:
    """The rounds of a build, and the questions that they have brought so far.

    A round is chosen by what is known of those before it, but for the last `delay` of them, which
    may still be on their way; which those are is decided by their order, never by who was faster.
    What a round has used is noted when it is settled, so a budget ends at the same place, too.

    Where rows teach, `credited` has the rounds of which it is known what rows they led to; all
    later ones count as on their way. Where the embedder adapts, it does so once, as soon as
    there is enough to learn from (in one of the first rounds, or not at all), and all rounds are
    settled once more by what it sees then.
    """

    build: Build
    sight: Sight
    settled: list[Round] = field(default_factory=list)
    credited: list[Round] = field(default_factory=list)
    questions: list[Artifact] = field(default_factory=list)
    vectors: list[Artifact] = field(default_factory=list)
    ended: LeftReason | None = None
    why: str = ""
    _flying: deque[_Flight] = field(default_factory=deque)
    _answered: list[tuple[Artifact, Answers]] = field(default_factory=list)

    def __post_init__(self) -> None:
        selection, budget = self.build.spec.selection, self.build.spec.budget
        chooses = selection.chooses(self.sight.standings.rows, budgeted=budget.stated)
        learns = chooses and (selection.policy not in BLIND or selection.stop.stated)
        self._by_rows = learns and selection.objective == "rows"
        self._plan = DrawPlan(
            selection=selection,
            dataset=self.build.spec.name,
            learns=learns,
            rounds=len(_SHARES) if self._by_rows else MOST_ROUNDS,
        )
        self._delay = selection.delay if learns else 0
        self._adapts = learns and self.build.spec.embedding.adapt
        self._many = learns or budget.stated
        self._allowance: Allowance | None = None

    @property
    def progress(self) -> float:
        """The share of the documents that may be asked that were."""
        most = self.build.spec.selection.most(self.sight.standings.rows)
        return sum(each.draws.rows for each in self.settled) / max(1, most)

    def epochs(self) -> Iterator[Epoch]:
        """The epochs of asking, until it has ended: one alone unless rows teach."""
        if not self._by_rows:
            yield _WHOLE
            return
        for number, share in enumerate(_SHARES, 1):
            if self.ended is None:
                yield Epoch(
                    share,
                    MOST_ROUNDS // len(_SHARES),
                    f", epoch {number}",
                    last=number == len(_SHARES),
                )

    async def run(self, epoch: Epoch = _WHOLE) -> None:
        """Ask round by round, until the epoch's share is asked, or nothing more is to be."""
        self._allow(epoch)
        try:
            while self.ended is None:
                while len(self._flying) > self._delay:
                    await self._settle()
                if not await self._take_off():
                    if epoch.last:
                        self.ended = LeftReason.BUDGET
                        self.why = "what the budget gives to asking is used"
                    break
                if self._allowance is None and not epoch.last:
                    break  # without a budget, an epoch is a round
            while self._flying:
                await self._settle()
        finally:
            await self._abandon()

    def _allow(self, epoch: Epoch) -> None:
        """Let the epoch use its share of the budget for asking."""
        budget = self.build.spec.budget
        if not budget.stated:
            return
        # Pairs are all that there will be: nothing has to be left for what comes after them.
        share = epoch.share * (1.0 if self.build.kind else budget.asking)
        if self._allowance is None:
            self._allowance = Allowance(lambda: self.build.used("ask"), 0.0, most=0)
        left = 1.0 - self.build.used() + self.build.used("ask")
        self._allowance.cap = min(left, self._allowance.cap + share)
        self._allowance.most += epoch.rounds

    async def leave(self) -> None:
        """Hand the draws and the trace on, and count what was not asked about, and why."""
        build, unreached = self.build, []
        if self.ended is LeftReason.BUDGET:
            selection = self._plan.selection.model_copy(update={"stop": Stopping()})
            rest = self._plan.model_copy(update={"selection": selection, "learns": False})
            unreached.append(await self._draw(rest, None))
        left = await build.one(
            leave_documents,
            chunks=build.chunks,
            draws=[each.draws for each in self.settled],
            unreached=unreached,
            stopped=self.ended is LeftReason.STOPPED,
            trace=[each.trace for each in self.settled],
            ended=self.why,
        )
        build.book.artifacts |= {"draws": left["draws"], "trace": left["trace"]}
        if build.spec.embedding.adapt and "adaptation" not in build.book.artifacts:
            why = "too few pairs were found to learn from and to hold out"
            if not self._plan.learns:
                why = "nothing was to be learnt, since all documents or any are asked"
            build.book.notes.append(f"embedding.adapt: {why}")

    async def _take_off(self) -> bool:
        """Send the next round on its way, or note what ended them; false where money did."""
        there, most = self.sight.standings.rows, None
        done = sum(each.draws.rows for each in self.settled)
        flying = sum(each.draws.rows for each in self._flying)
        if self._allowance is not None and done + flying < there:
            most = self._allowance.next(there, done, flying)
            if not most:
                return False
        draws = await self._draw(self._plan, most)
        if draws.rows:
            work = asyncio.create_task(ask_round(self.build, draws, self._turn))
            self._flying.append(_Flight(draws, work))
        if not draws.rows or not self._many:
            self.ended = self.ended or LeftReason.NOT_DRAWN
        return True

    async def _draw(self, plan: DrawPlan, most: int | None) -> Artifact:
        known = self.credited if self._by_rows else self.settled
        drawn = await self.build.one(
            draw_documents,
            part=f"all{self._turn}",
            field=self.sight.standings,
            kept=self.sight.kept,
            reference=self.sight.reference,
            trace=[each.trace for each in self.settled],
            settled=known,
            flying=[
                *(each.draws for each in self.settled[len(known) :]),
                *(each.draws for each in self._flying),
            ],
            most=most,
            plan=plan,
        )
        if drawn.notes:
            self.ended, (self.why,) = LeftReason.STOPPED, drawn.notes
        return drawn["draws"]

    async def _settle(self) -> None:
        """Wait for the oldest round on its way, and write down what it gave."""
        flight = self._flying[0]
        answers = await flight.work
        self._flying.popleft()
        self.build.book.add(answers.book)
        self.questions += answers.questions
        self.vectors += answers.vectors
        self.settled.append(await self._settled(flight.draws, answers))
        if self._adapts and len(self.settled) <= ADAPTED_BY:
            self._answered.append((flight.draws, answers))
            await self._adapt()

    async def _settled(self, draws: Artifact, answers: Answers) -> Round:
        build, sight, turn = self.build, self.sight, ""
        if self._many:
            turn = f", round {len(self.settled) + 1}"
        vectors = answers.vectors
        if sight.model.adapted:
            turn += ", adapted"
            vectors = await embed_round(build, answers.questions, sight.model, turn)
        outcome = await build.one(
            settle_round,
            part=f"all{turn}",
            field=sight.standings,
            reference=sight.reference,
            chunks=build.chunks,
            draws=draws,
            questions=answers.questions,
            vectors=vectors,
            failed=answers.failed,
            rejected=answers.rejected,
            earlier=self.settled,
            plan=self._plan,
        )
        return Round(
            draws=draws,
            credits=outcome["credits"],
            found=outcome["found"],
            vectors=tuple(vectors),
            trace=outcome["trace"],
        )

    async def _adapt(self) -> None:
        """Teach the embedder what documents gave so far, and see anew if it sees better."""
        build, own = self.build, self.sight.model
        outcome = await build.one(
            adapt_embedder,
            part=f"all, round {len(self.settled)}",
            documents=build.documents,
            questions=self.questions,
            dataset=build.spec.name,
            **own.told,
        )
        if "untried" in outcome.artifacts:
            return
        self._adapts = False
        build.book.artifacts["adaptation"] = outcome["adaptation"]
        if "weights" not in outcome.artifacts:
            return
        weights = outcome["weights"]
        model = Model(weights, weights.hash, own.precision, adapted=True)
        self.sight = await survey(build, model, await embed_all(build, model))
        self.settled.clear()
        for draws, answers in self._answered:
            self.settled.append(await self._settled(draws, answers))

    async def _abandon(self) -> None:
        """End what is still on its way, where an error has ended the rest."""
        for flight in self._flying:
            flight.work.cancel()
        for flight in self._flying:
            with suppress(asyncio.CancelledError, Exception):
                await flight.work

    @property
    def _turn(self) -> str:
        number = len(self.settled) + len(self._flying) + 1
        return f", round {number}" if self._many else ""
