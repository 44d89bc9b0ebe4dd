"""Counts the answers that a stage uses, through whatever calls it makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from longhop.records.artifacts import Usage
from longhop.records.model import ModelAnswer


class Meter:
    """The running usage of one stage."""

    def __init__(self) -> None:
        self.usage = Usage()


_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Every answer used inside is counted, fresh or remembered alike."""
    meter = Meter()
    token = _meter.set(meter)
    try:
        yield meter
    finally:
        _meter.reset(token)


def count_answer(answer: ModelAnswer) -> None:
    """Add an answer to the usage of the stage that is at work, if there is one."""
    meter = _meter.get()
    if meter is not None:
        meter.usage += Usage(
            answers=1, input_tokens=answer.input_tokens, output_tokens=answer.output_tokens
        )
