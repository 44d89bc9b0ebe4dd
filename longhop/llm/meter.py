"""Counts the answers that a stage uses, through whatever calls it makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from longhop.records.model import ModelAnswer
from longhop.records.money import Bill, Usage


class Meter:
    """The running usage of one stage, by model."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self._usage: Bill = {}

    @property
    def bill(self) -> Bill:
        """What was used so far, in the order of the models' names."""
        return dict(sorted(self._usage.items()))

    def count(self, model: str, answer: ModelAnswer) -> None:
        """Add an answer."""
        self._usage[model] = self._usage.get(model, Usage()) + answer.usage


_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(stage: str) -> Iterator[Meter]:
    """Every answer used inside is counted, fresh or remembered alike."""
    meter = Meter(stage)
    token = _meter.set(meter)
    try:
        yield meter
    finally:
        _meter.reset(token)


def stage_at_work() -> str:
    """The stage whose answers are being counted, or nothing where none is."""
    meter = _meter.get()
    return meter.stage if meter is not None else ""


def count_answer(model: str, answer: ModelAnswer) -> None:
    """Add an answer to the usage of the stage that is at work, if there is one."""
    meter = _meter.get()
    if meter is not None:
        meter.count(model, answer)
