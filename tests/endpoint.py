"""An OpenAI-compatible endpoint on loopback whose every answer a test decides."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Script = Callable[[dict[str, Any]], "web.Response | Awaitable[web.Response]"]


def completion(content: str, *, tokens: int = 5) -> web.Response:
    """A whole answer."""
    return web.json_response(
        {
            "id": "x",
            "object": "chat.completion",
            "created": 0,
            "model": "stub",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": content},
                }
            ],
            "usage": {"prompt_tokens": 7, "completion_tokens": tokens, "total_tokens": 7 + tokens},
        }
    )


def refusal(status: int, message: str = "no", **headers: str) -> web.Response:
    """An error in OpenAI's form."""
    body = {"error": {"message": message, "type": "error"}}
    return web.Response(
        status=status, text=json.dumps(body), content_type="application/json", headers=headers
    )


class Endpoint:
    """The server and the requests it has seen."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.seen: list[dict[str, Any]] = []
        self.in_flight = self.most_in_flight = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.seen.append(body)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            result = self.script(body)
            return result if isinstance(result, web.Response) else await result
        finally:
            self.in_flight -= 1


@asynccontextmanager
async def endpoint(script: Script, models: tuple[str, ...] = ("stub",)) -> AsyncIterator[Endpoint]:
    """Serve the script for as long as the block lasts."""
    server = Endpoint(script)
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.answer)

    async def listed(_: web.Request) -> web.Response:
        return web.json_response(
            {"object": "list", "data": [{"id": each, "object": "model"} for each in models]}
        )

    app.router.add_get("/v1/models", listed)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0.1)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)
