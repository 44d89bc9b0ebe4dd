"""The one wrapper over Prefect's task: key, receipt, body, receipt, for each share of a stage.

A stage is asked for something by its arguments, which are references and plans and nothing live.
Its key is its name, its revision and a hash of those arguments. A task that finds a receipt under
its key returns what the receipt says; else the body runs, writes its artifacts, and the receipt
comes last and once. Prefect's own cache is not used: a state named Cached mirrors the receipt.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, NamedTuple, cast

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.states import Cancelled, Completed, Failed
from pydantic import BaseModel

from longhop.concurrency import run_each
from longhop.errors import LongHopError, TransientError
from longhop.identity import digest
from longhop.llm.meter import metered
from longhop.records.artifacts import Outcome, Receipt
from longhop.resources import resources
from longhop.secrets import scrub_error

_ROOM: ContextVar[asyncio.Semaphore | None] = ContextVar("room", default=None)


@contextmanager
def at_most(shares: int | None) -> Iterator[None]:
    """While this is entered, no more shares of model stages than that are worked on at once.

    Without a number all are. Those whose receipts are found do not wait.
    """
    token = _ROOM.set(asyncio.Semaphore(shares) if shares else None)
    try:
        yield
    finally:
        _ROOM.reset(token)


class Share(NamedTuple):
    """What a stage is asked for at once, and how that is called: `3/16`, or `all`."""

    part: str
    arguments: dict[str, Any]


class Stage:
    """A stage: called in a flow for some shares of its work, which make one task run."""

    def __init__(self, name: str, revision: int, body: Callable[..., Any]) -> None:
        self.name = name
        self.revision = revision
        self.body = body
        self.is_async = inspect.iscoroutinefunction(body)
        self.__doc__ = body.__doc__
        run = self._run_async if self.is_async else self._run
        self._task = task(
            name=name,
            description=inspect.getdoc(body),
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=3,
            retry_delay_seconds=[1, 5, 15],
            retry_condition_fn=_needs_only_time,
        )(run)

    def key(self, arguments: dict[str, Any]) -> str:
        """The name under which the receipt of these arguments lies."""
        return digest(self.name, self.revision, _plain(arguments))

    async def __call__(self, shares: Sequence[Share]) -> list[Outcome]:
        """The outcome of each share, by its receipt or by its work.

        An async body runs in the flow's own event loop, so that all model stages share one pace;
        any other is submitted to the task runner.
        """
        named = self._task.with_options(task_run_name=f"{self.name} {_called(shares)}")
        given = [(each.part, each.arguments) for each in shares]
        if self.is_async:
            state: Any = await cast(Any, named)(given, return_state=True)
            outcomes: list[Outcome] = await state.aresult()
            return outcomes
        future = named.submit(given)
        waiting = asyncio.ensure_future(asyncio.to_thread(future.wait))
        try:
            await asyncio.shield(waiting)
        except asyncio.CancelledError:
            # A share beside it failed. Its thread goes on all the same, and a run that the flow
            # has left behind would be one that crashed.
            await waiting
            raise
        found: list[Outcome] = future.result()
        return found

    async def here(self, shares: Sequence[Share]) -> list[Outcome]:
        """The outcome of each share, in this thread and outside of any flow."""
        if self.is_async:
            return await run_each(shares, lambda each: self._done_async(each, []))
        return [self._done(each, []) for each in shares]

    async def _run_async(self, shares: list[tuple[str, dict[str, Any]]]) -> Any:
        given, worked = [Share(*each) for each in shares], list[Share]()
        try:
            outcomes = await run_each(given, lambda each: self._done_async(each, worked))
        except LongHopError as error:
            return told(error)
        except asyncio.CancelledError:
            # By the task beside it, which failed and says why: this one has not crashed.
            return Cancelled(message="stopped, since another share of the stage failed")
        return outcomes if worked else _cached(outcomes)

    def _run(self, shares: list[tuple[str, dict[str, Any]]]) -> Any:
        given, worked = [Share(*each) for each in shares], list[Share]()
        try:
            outcomes = [self._done(each, worked) for each in given]
        except LongHopError as error:
            return told(error)
        return outcomes if worked else _cached(outcomes)

    async def _done_async(self, share: Share, worked: list[Share]) -> Outcome:
        with self._named(share):
            key = self.key(share.arguments)
            if found := self._found(key, share.part):
                return found
            worked.append(share)
            async with _ROOM.get() or nullcontext():
                with resources().activity.at(self.name), metered(self.name) as used:
                    outcome: Outcome = await self.body(**share.arguments)
                outcome = outcome.model_copy(update={"usage": used.bill})
                return self._receipted(key, share.part, outcome)

    def _done(self, share: Share, worked: list[Share]) -> Outcome:
        """The outcome by its receipt; else it is worked out, and noted in `worked`."""
        with self._named(share):
            key = self.key(share.arguments)
            if found := self._found(key, share.part):
                return found
            worked.append(share)
            return self._receipted(key, share.part, self.body(**share.arguments))

    @contextmanager
    def _named(self, share: Share) -> Iterator[None]:
        """An error that comes out of this says which share it stopped."""
        try:
            yield
        except LongHopError as error:
            error.share = error.share or f"{self.name} {share.part}"
            raise

    def _found(self, key: str, part: str) -> Outcome | None:
        outcome = resources().receipts.find(self.name, key)
        if outcome is not None:
            self._tell(part, outcome, reused=True)
        return outcome

    def _receipted(self, key: str, part: str, outcome: Outcome) -> Outcome:
        """Write the receipt, unless something failed: then the next build tries that again."""
        held = outcome
        if not any(each.failed for each in outcome.balances):
            receipt = Receipt(stage=self.name, revision=self.revision, key=key, outcome=outcome)
            held = resources().receipts.write(receipt)
        self._tell(part, held, reused=False)
        return held

    def _tell(self, part: str, outcome: Outcome, *, reused: bool) -> None:
        live = resources()
        live.activity.note_share(self.name, reused=reused)
        live.progress.stage_done(self.name, part, _counts(outcome), reused=reused)


def stage(name: str, *, revision: int) -> Callable[[Callable[..., Any]], Stage]:
    """Make a stage of a body. Raise the revision when the body starts to write something else."""

    def make(body: Callable[..., Any]) -> Stage:
        return Stage(name, revision, body)

    return make


def _called(shares: Sequence[Share]) -> str:
    """One name for shares that follow each other: `1/64 to 8/64`."""
    first, last = shares[0].part, shares[-1].part
    return first if first == last else f"{first} to {last}"


def _cached(outcomes: list[Outcome]) -> Any:
    return Completed(name="Cached", message="its receipt was found", data=outcomes)


def told(error: LongHopError) -> Any:
    """A failed state whose message is the error's, so that no traceback is logged for it.

    What needs only time is raised as it is: Prefect tries again what was raised. Either is kept by
    Prefect, so no secret may stand in it.
    """
    error = scrub_error(error)
    if isinstance(error, TransientError):
        raise error
    return Failed(message=error.told, data=error)


def _needs_only_time(task: Any, run: Any, state: Any) -> bool:
    return isinstance(state.data, TransientError) or "TransientError" in (state.message or "")


def _plain(value: Any) -> Any:
    """Arguments as JSON: records by their fields, in whatever list or mapping they stand."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _counts(outcome: Outcome) -> str:
    if outcome.balances:
        return ", ".join(
            f"{each.accepted} of {each.taken} {each.unit}s" for each in outcome.balances
        )
    return ", ".join(f"{each.rows} {name}" for name, each in outcome.artifacts.items())
