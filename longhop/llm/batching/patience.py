"""Asking about batches again and again: they run on, whether they can be asked about or not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from longhop.errors import EndpointDown
from longhop.llm.endpoint import Unavailable

T = TypeVar("T")

FIRST_PAUSE, LAST_PAUSE, SLOWER = 1.0, 60.0, 1.5


class Patience:
    """How long an endpoint may say nothing of its batches."""

    def __init__(self, address: str, seconds: float) -> None:
        self.address = address
        self.seconds = seconds

    async def until_done(self, call: Callable[[], Awaitable[T]]) -> T:
        """What a call gives, made again while it does not work.

        Raises:
            EndpointDown: It did not for too long.
        """
        began, pause = time.monotonic(), FIRST_PAUSE
        while True:
            try:
                return await call()
            except Unavailable as error:
                if time.monotonic() - began > self.seconds:
                    raise EndpointDown(
                        f"endpoint {self.address} told nothing of its batches for"
                        f" {self.seconds:g} s: {error}. They run on: build again to collect them."
                    ) from error
            await asyncio.sleep(pause)
            pause = min(LAST_PAUSE, pause * SLOWER)
