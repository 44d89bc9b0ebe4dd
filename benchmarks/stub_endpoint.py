"""An OpenAI-compatible endpoint that costs next to nothing: the same short answer after a while.

    python benchmarks/stub_endpoint.py --latency 0.2 [--capacity 32] [--fail-once 0.05]

It prints its address. `GET /log` counts what it was asked; `POST /log/reset` counts anew.
"""

import argparse
import asyncio
import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from aiohttp import web

ANSWER = json.dumps({"rationale": "It is said.", "answerable": True, "answer": "Orlin"})
_BODY = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "stub",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": ANSWER, "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
).encode()
_DOOMED = re.compile(rb"doomed")


class Stub:
    """The endpoint, with a count of what it was asked."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.in_flight = 0
        self.healed = False
        self.reset()

    def reset(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.bodies: Counter[str] = Counter()
        self.most = 0

    async def complete(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            status = await self.decide(body)
        finally:
            self.in_flight -= 1
        self.statuses[status] += 1
        if status == 200:
            return web.Response(body=_BODY, content_type="application/json")
        headers = {"Retry-After": "0.2"} if status == 429 else {}
        return web.json_response({"error": {"message": "no"}}, status=status, headers=headers)

    async def decide(self, body: bytes) -> int:
        capacity = self.options.capacity
        if capacity and self.in_flight > capacity:
            return 429
        name = hashlib.blake2b(body, digest_size=8).hexdigest()
        self.bodies[name] += 1
        await asyncio.sleep(self.options.latency)
        share = int(name, 16) / 2**64
        if share < self.options.fail_once and self.bodies[name] == 1:
            return 500
        return 400 if _DOOMED.search(body) and not self.healed else 200

    async def log(self, _: web.Request) -> web.Response:
        answered = sum(self.statuses.values()) - self.statuses[429]
        told = {
            "requests": answered,
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "twice": sum(count - 1 for count in self.bodies.values()),
            "most_in_flight": self.most,
        }
        return web.json_response(told)

    async def reset_log(self, _: web.Request) -> web.Response:
        self.reset()
        return web.json_response({})

    async def heal(self, _: web.Request) -> web.Response:
        self.healed = True
        return web.json_response({})


@contextmanager
def stub(**options: Any) -> Iterator[str]:
    """The endpoint in a process of its own; its address."""
    given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [sys.executable, __file__, *given], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def log_of(url: str) -> dict[str, Any]:
    with urlopen(url.removesuffix("/v1") + "/log") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def post(url: str, path: str) -> None:
    urlopen(Request(url.removesuffix("/v1") + path, method="POST")).close()


async def serve(options: argparse.Namespace) -> None:
    endpoint = Stub(options)
    application = web.Application(client_max_size=64 * 1024**2)
    application.add_routes(
        [
            web.post("/v1/chat/completions", endpoint.complete),
            web.get("/log", endpoint.log),
            web.post("/log/reset", endpoint.reset_log),
            web.post("/heal", endpoint.heal),
        ]
    )
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--capacity", type=int, default=0)
    parser.add_argument("--fail-once", type=float, default=0.0)
    asyncio.run(serve(parser.parse_args()))
