"""The model behind an OpenAI-compatible HTTP server."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from math import log
from types import TracebackType
from typing import Any

from aiohttp import web

from longhop.rehearsal.chance import VERSION, draw
from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.model import Said, reply
from longhop.rehearsal.prompting import Prompt, parse

MODEL = f"rehearsal-{VERSION}"
_FOREVER = 24 * 3600.0
_CUT = 499  # no client sees it: the log alone does


@dataclass
class Log:
    """What the server was asked, counted."""

    requests: int = 0
    by_task: Counter[str] = field(default_factory=Counter)
    by_status: Counter[str] = field(default_factory=Counter)
    max_in_flight: int = 0

    def told(self) -> dict[str, Any]:
        """The counts, as `GET /log` gives them."""
        return {
            "requests": self.requests,
            "by_task": dict(sorted(self.by_task.items())),
            "by_status": dict(sorted(self.by_status.items())),
            "max_in_flight": self.max_in_flight,
        }


class Rehearsal:
    """The handlers of the server, with its conduct and its log."""

    def __init__(self, conduct: Conduct) -> None:
        self.conduct = conduct
        self.log = Log()
        self._in_flight = 0
        self._attempts: Counter[str] = Counter()

    def application(self) -> web.Application:
        """The routes."""
        application = web.Application(client_max_size=64 * 1024**2)
        application.add_routes(
            [
                web.post("/v1/chat/completions", self.complete),
                web.get("/v1/models", self.models),
                web.get("/log", self.tell_log),
                web.post("/log/reset", self.reset_log),
            ]
        )
        return application

    async def models(self, _: web.Request) -> web.Response:
        """The one model there is."""
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "rehearsal"}
        return web.json_response({"object": "list", "data": [model]})

    async def tell_log(self, _: web.Request) -> web.Response:
        """What was asked so far."""
        return web.json_response(self.log.told())

    async def reset_log(self, _: web.Request) -> web.Response:
        """Count anew."""
        self.log = Log()
        return web.json_response(self.log.told())

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """Answer a chat completion request, or misbehave as the conduct says."""
        self.log.requests += 1
        self._in_flight += 1
        self.log.max_in_flight = max(self.log.max_in_flight, self._in_flight)
        try:
            response = await self._answer(request, await request.read())
            self.log.by_status[str(response.status)] += 1
            return response
        finally:
            self._in_flight -= 1

    async def _answer(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        try:
            body = json.loads(raw)
            prompt = parse(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            return _error(400, "The body is not a chat completion request.", "invalid_request")
        self.log.by_task[prompt.task or "unknown"] += 1
        if body.get("model") != MODEL:
            message = f"The model `{body.get('model')}` does not exist; there is `{MODEL}`."
            return _error(404, message, "model_not_found")
        if body.get("stream"):
            return _error(400, "Streaming is not supported.", "unsupported")
        conduct = self.conduct
        if conduct.capacity is not None and self._in_flight > conduct.capacity:
            headers = {"Retry-After": f"{conduct.retry_after_s:g}"}
            return _error(429, "Too many requests in flight.", "rate_limit_exceeded", headers)
        return await self._misbehave(request, raw) or _completion(body, prompt, conduct)

    async def _misbehave(self, request: web.Request, raw: bytes) -> web.StreamResponse | None:
        conduct = self.conduct
        key = blake2b(raw, digest_size=16).hexdigest()
        attempt = self._attempt(key)
        if conduct.latency_s:
            await asyncio.sleep(-conduct.latency_s * log(1 - draw("latency", key, attempt)))
        if attempt == "0" and draw("error", key) < conduct.error_share:
            return _error(500, "The server had an error.", "server_error")
        if draw("hang", key, attempt) < conduct.hang_share:
            self.log.by_status["hang"] += 1
            await asyncio.sleep(_FOREVER)
        if draw("cut", key, attempt) < conduct.cut_share and request.transport is not None:
            request.transport.abort()
            return web.Response(status=_CUT)
        return None

    def _attempt(self, key: str) -> str:
        """Which attempt of the same request this is; counted only where it matters."""
        if not (self.conduct.error_share or self.conduct.hang_share or self.conduct.cut_share):
            return "0"
        self._attempts[key] += 1
        return str(self._attempts[key] - 1)


def _completion(body: Mapping[str, Any], prompt: Prompt, conduct: Conduct) -> web.Response:
    refused = draw("refuse", *prompt.content) < conduct.refuse_share
    said = Said("I cannot help with that.") if refused else reply(prompt, conduct)
    asked = sum(len(str(message["content"])) for message in body["messages"])
    usage = {"prompt_tokens": asked // 4 + 1, "completion_tokens": len(said.text) // 4 + 1}
    message: dict[str, str | None] = {"role": "assistant", "content": said.text, "refusal": None}
    if refused:
        message |= {"content": None, "refusal": said.text}
    content = {
        "id": f"chatcmpl-{blake2b(repr(prompt).encode(), digest_size=12).hexdigest()}",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [
            {"index": 0, "message": message, "logprobs": None, "finish_reason": said.finish}
        ],
        "usage": {**usage, "total_tokens": sum(usage.values())},
    }
    return web.json_response(content)


def _error(
    status: int, message: str, code: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    content = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return web.json_response(content, status=status, headers=headers)


async def serve(
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    conduct: Conduct | None = None,
    on_ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until cancelled; `on_ready` is told the base URL once requests are taken.

    Port 0 takes a free one.
    """
    await _serve(Rehearsal(conduct or Conduct()), host, port, on_ready, asyncio.Event())


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

    def __init__(self, conduct: Conduct | None = None, port: int = 0) -> None:
        self.url = ""
        self._rehearsal = Rehearsal(conduct or Conduct())
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
