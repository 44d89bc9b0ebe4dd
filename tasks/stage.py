"""The one wrapper over Prefect's task: key, receipt, body, receipt.

A stage is asked for something by its arguments, which are references and plans and nothing live.
Its key is its name, its revision and a hash of those arguments. A task that finds a receipt under
its key returns what the receipt says; else the body runs, writes its artifacts, and the receipt
comes last and once. Prefect's own cache is not used: a state named Cached mirrors the receipt.
"""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, cast

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed
from pydantic import BaseModel

from longhop.errors import LongHopError, TransientError
from longhop.identity import digest
from longhop.llm.meter import metered
from longhop.records.artifacts import Outcome, Receipt
from longhop.resources import resources
from longhop.secrets import scrub_error


class Stage:
    """A stage: called in a flow with its arguments and, by `part`, the name of its share."""

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

    async def __call__(self, *, part: str = "all", **arguments: Any) -> Outcome:
        """The outcome of the stage, by its receipt or by its work.

        An async body runs in the flow's own event loop, so that all model stages share one pace;
        any other is submitted to the task runner.
        """
        named = self._task.with_options(task_run_name=f"{self.name} {part}")
        if self.is_async:
            state: Any = await cast(Any, named)(part, arguments, return_state=True)
            outcome: Outcome = await state.aresult()
            return outcome
        return await asyncio.to_thread(named.submit(part, arguments).result)

    def here(self, *, part: str = "all", **arguments: Any) -> Outcome:
        """The outcome of a stage without a model, in this thread and outside of any flow."""
        key = self.key(arguments)
        return self._found(key, part) or self._receipted(key, part, self.body(**arguments))

    async def _run_async(self, part: str, arguments: dict[str, Any]) -> Any:
        try:
            key = self.key(arguments)
            found = self._found(key, part)
            if found is not None:
                return _cached(found)
            with resources().activity.at(self.name), metered(self.name) as meter:
                outcome: Outcome = await self.body(**arguments)
            return self._receipted(key, part, outcome.model_copy(update={"usage": meter.bill}))
        except LongHopError as error:
            return told(error)

    def _run(self, part: str, arguments: dict[str, Any]) -> Any:
        try:
            key = self.key(arguments)
            found = self._found(key, part)
            if found is not None:
                return _cached(found)
            return self._receipted(key, part, self.body(**arguments))
        except LongHopError as error:
            return told(error)

    def _found(self, key: str, part: str) -> Outcome | None:
        outcome = resources().receipts.find(self.name, key)
        if outcome is not None:
            resources().progress.stage_done(self.name, part, _counts(outcome), reused=True)
        return outcome

    def _receipted(self, key: str, part: str, outcome: Outcome) -> Outcome:
        """Write the receipt, unless something failed: then the next build tries that again."""
        held = outcome
        if not any(each.failed for each in outcome.balances):
            receipt = Receipt(stage=self.name, revision=self.revision, key=key, outcome=outcome)
            held = resources().receipts.write(receipt)
        resources().progress.stage_done(self.name, part, _counts(held), reused=False)
        return held


def stage(name: str, *, revision: int) -> Callable[[Callable[..., Any]], Stage]:
    """Make a stage of a body. Raise the revision when the body starts to write something else."""

    def make(body: Callable[..., Any]) -> Stage:
        return Stage(name, revision, body)

    return make


def _cached(outcome: Outcome) -> Any:
    return Completed(name="Cached", message="its receipt was found", data=outcome)


def told(error: LongHopError) -> Any:
    """A failed state whose message is the error's, so that no traceback is logged for it.

    What needs only time is raised as it is: Prefect tries again what was raised. Either is kept by
    Prefect, so no secret may stand in it.
    """
    error = scrub_error(error)
    if isinstance(error, TransientError):
        raise error
    return Failed(message=str(error), data=error)


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
