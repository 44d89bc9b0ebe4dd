"""What a build is at, in a line: on the terminal while it runs, and on its page in Prefect."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import UUID

from rich.console import Console
from rich.live import Live
from rich.text import Text

from longhop.activity import StageWork
from longhop.records.status import ModelStatus
from longhop.secrets import scrub

if TYPE_CHECKING:
    from longhop.resources import Resources

_ON_TERMINAL_PER_SECOND = 2
_IN_LOG_SECONDS = 30.0
_IN_PREFECT_SECONDS = 5.0


def at_work(live: "Resources") -> str:
    """Stages, items, rate, time left; then requests, tokens, money, and what is waited for."""
    stages, status = live.activity.stages, live.status
    if not stages or status is None:
        return ""
    told = (_stage(each, timed=not status.waiting_for) for each in stages)
    return scrub(f"{'; '.join(told)} | {_model(status)}")


@contextmanager
def told_on(console: Console, live: "Resources") -> Iterator[None]:
    """One line that renews itself on a terminal; in a log a new one now and then."""
    if console.is_terminal:
        with Live(
            get_renderable=lambda: Text(
                at_work(live), style="dim", no_wrap=True, overflow="ellipsis"
            ),
            console=console,
            refresh_per_second=_ON_TERMINAL_PER_SECOND,
            transient=True,
        ):
            yield
        return
    ended = threading.Event()
    teller = threading.Thread(target=_tell_until, args=(ended, console, live), daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


@asynccontextmanager
async def told_to_prefect(live: "Resources", name: str) -> AsyncIterator["ProgressPage"]:
    """A progress artifact of the flow run, renewed while the block lasts, and once at its end."""
    page = ProgressPage(live, f"{name}-progress")
    task = asyncio.create_task(page.keep())
    try:
        yield page
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await page.end()


class ProgressPage:
    """The artifact. It is a courtesy: what goes wrong with it stops no build."""

    def __init__(self, live: "Resources", key: str) -> None:
        self.live = live
        self.key = key
        self.finished = False
        self._artifact: UUID | None = None
        self._share = 0.0

    async def keep(self) -> None:
        """Renew it every few seconds."""
        while True:
            await asyncio.sleep(_IN_PREFECT_SECONDS)
            if self.finished:
                continue
            stages = self.live.activity.stages
            if total := sum(each.total for each in stages):
                self._share = 100 * sum(each.done for each in stages) / total
                await self._tell(at_work(self.live))

    async def wait_for_a_person(self) -> None:
        """Say that all is built, and that somebody has to resume the run."""
        self._share = 100.0
        await self._tell("built; waits for a person to resume this run, or to cancel it")

    async def end(self) -> None:
        """Say how it ended, where there is a page already."""
        status = self.live.status
        if self._artifact is None or status is None:
            return
        self._share = 100.0 if self.finished else self._share
        await self._tell(f"{'done' if self.finished else 'stopped'} | {_model(status)}")

    async def _tell(self, said: str) -> None:
        from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact

        with suppress(Exception):
            if self._artifact is None:
                self._artifact = await acreate_progress_artifact(self._share, self.key, scrub(said))
            else:
                await aupdate_progress_artifact(self._artifact, self._share, scrub(said))


def _tell_until(ended: threading.Event, console: Console, live: "Resources") -> None:
    while not ended.wait(_IN_LOG_SECONDS):
        if said := at_work(live):
            console.print(f"         {said}", soft_wrap=True, markup=False)


def _stage(work: StageWork, *, timed: bool) -> str:
    left = "" if work.seconds_left is None or not timed else f", {duration(work.seconds_left)} left"
    return f"{work.stage} {work.done:,} of {work.total:,}{left}"


def _model(status: ModelStatus) -> str:
    tokens = status.input_tokens + status.output_tokens
    parts = [f"{status.requests:,} requests", f"{short(tokens)} tokens"]
    if status.cost:
        parts.append(status.cost)
    parts.append(f"{status.per_second:.1f}/s, {status.in_flight} in flight")
    if status.waiting_for:
        parts.append(f"waits for {status.waiting_for}")
    return ", ".join(parts)


def short(number: float) -> str:
    """A number in three figures, with a unit: 1.23 M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            return f"{number / limit:.3g} {unit}"
    return f"{number:.0f}"


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, whichever reads best."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
