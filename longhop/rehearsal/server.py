"""Serves the models over HTTP, for as long as is wanted or for a `with` block."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from aiohttp import web

from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.endpoint import Rehearsal
from longhop.rehearsal.model import Model


async def serve(
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    conduct: Conduct | None = None,
    models: Sequence[Model] = (),
    on_ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until cancelled; `on_ready` is told the base URL once requests are taken.

    Port 0 takes a free one. `models` are served beside the rehearsal model.
    """
    await _serve(Rehearsal(conduct or Conduct(), models), host, port, on_ready, asyncio.Event())


async def _serve(
    rehearsal: Rehearsal,
    host: str,
    port: int,
    on_ready: Callable[[str], None],
    stop: asyncio.Event,
) -> None:
    runner = web.AppRunner(
        rehearsal.application(),
        access_log=None,
        shutdown_timeout=0.1,
        handler_cancellation=True,  # who hangs up is no longer in flight
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
        on_ready(f"http://{host}:{runner.addresses[0][1]}/v1")
        await stop.wait()
    finally:
        await runner.cleanup()


class RehearsalServer:
    """The server in a thread of its own, with its own event loop, for a `with` block."""

    def __init__(
        self, conduct: Conduct | None = None, port: int = 0, *, models: Sequence[Model] = ()
    ) -> None:
        self.url = ""
        self._rehearsal = Rehearsal(conduct or Conduct(), models)
        self._port = port
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="rehearsal", daemon=True)

    def log(self) -> dict[str, Any]:
        """What was asked so far."""
        return self._rehearsal.log.told()

    def __enter__(self) -> "RehearsalServer":
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _live(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await _serve(self._rehearsal, "127.0.0.1", self._port, self._on_ready, self._stop)

    def _on_ready(self, url: str) -> None:
        self.url = url
        self._ready.set()
