"""Asking about batches again and again: they run on, whether they can be asked about or not."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from longhop.errors import EndpointDown
from longhop.llm.endpoint import Unavailable

T = TypeVar("T")

_LONGEST_PAUSE, _SLOWER = 60.0, 1.5


class Patience:
    """How long an endpoint may say nothing of its batches, and how soon it is asked again."""

    def __init__(self, address: str, seconds: float, first_pause: float) -> None:
        self.address = address
        self.seconds = seconds
        self.first_pause = first_pause

    def pauses(self) -> Iterator[float]:
        """The seconds between one question and the next, without an end."""
        pause = self.first_pause
        while True:
            yield pause
            pause = min(_LONGEST_PAUSE, pause * _SLOWER)

    async def until_done(self, call: Callable[[], Awaitable[T]]) -> T:
        """What a call gives, made again while it does not work.

        Raises:
            EndpointDown: It did not for too long.
        """
        began = time.monotonic()
        for pause in self.pauses():
            try:
                return await call()
            except Unavailable as error:
                if time.monotonic() - began > self.seconds:
                    raise EndpointDown(
                        f"endpoint {self.address} told nothing of its batches for"
                        f" {self.seconds:g} s: {error}. They run on: build again to collect them."
                    ) from error
            await asyncio.sleep(pause)
        raise AssertionError("pauses do not end")
