"""What the stages of this process are at, item by item, for whoever watches."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(eq=False)
class Work:
    """One task of a stage: how many of its items are done."""

    stage: str
    total: int = 0
    done: int = 0
    ended: bool = False
    began: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class StageWork:
    """The tasks of a stage, added up; `seconds_left` is unknown before the first item is done."""

    stage: str
    total: int
    done: int
    seconds_left: float | None


class Activity:
    """The tasks of the stages that are at work, those included that have ended before others."""

    def __init__(self) -> None:
        self._works: list[Work] = []
        # Of each stage, how many of its shares were found done and how many were worked on.
        self.shares: dict[str, tuple[int, int]] = {}

    def note_share(self, stage: str, *, reused: bool) -> None:
        """A share of a stage is there: by its receipt, or by its work."""
        found, done = self.shares.get(stage, (0, 0))
        self.shares[stage] = (found + reused, done + (not reused))

    @contextmanager
    def at(self, stage: str) -> Iterator[Work]:
        """While a task runs; whatever is run for each item inside is counted."""
        work = Work(stage)
        self._works.append(work)
        token = _at_work.set(work)
        try:
            yield work
        finally:
            _at_work.reset(token)
            work.ended = True
            mates = [each for each in self._works if each.stage == stage]
            if all(each.ended for each in mates):
                self._works = [each for each in self._works if each.stage != stage]

    @property
    def stages(self) -> list[StageWork]:
        """The stages that are at work, in the order in which they began."""
        by_stage: dict[str, list[Work]] = {}
        for each in self._works:
            if each.total:
                by_stage.setdefault(each.stage, []).append(each)
        return [_added_up(stage, works) for stage, works in by_stage.items()]


_at_work: ContextVar[Work | None] = ContextVar("work", default=None)


def work_at_hand() -> Work | None:
    """The task that this is part of, if one is watched."""
    return _at_work.get()


def _added_up(stage: str, works: list[Work]) -> StageWork:
    total, done = sum(each.total for each in works), sum(each.done for each in works)
    seconds = time.monotonic() - min(each.began for each in works)
    return StageWork(stage, total, done, seconds / done * (total - done) if done else None)
