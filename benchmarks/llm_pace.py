"""How full the model layer keeps an endpoint, and what a request costs it.

    python benchmarks/llm_pace.py

Three clients ask a stub that answers after 200 ms, each in a process of its own, in turn: the
whole layer (pacing, memo on local disk, parsing, validation), a bare loop on the same OpenAI client
and transport, and a bare aiohttp loop. Once 2,000 requests at 64 in flight, once 4,000 at 256, and
once 300 prompts of 200,000 characters through the layer alone. The last line is one JSON object:

- ideal_s: requests x latency / in flight; wall_s: from the first request to the last answer
- steady_ratio: the rate of answers between a quarter and nine tenths of them, by the ideal rate
- cpu_ms_per_request: CPU time of the client's process, its start left out
- long_prompts.disk_ratio: bytes that the store and the journal take, by the prompts' characters
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from stub_endpoint import stub

LATENCY = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--client", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--length", type=int, default=300, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        kind, url, requests, cap = options.client
        run = measure(kind, url, int(requests), int(cap), options.length)
        print(json.dumps(asyncio.run(run)))
        return
    print(json.dumps(compare()))


def compare() -> dict[str, Any]:
    with stub(latency=LATENCY) as url:
        found = {}
        for name, requests, cap in (("c64", 2000, 64), ("c256", 4000, 256)):
            runs = {
                kind: client(kind, url, requests, cap) for kind in ("layer", "openai", "aiohttp")
            }
            for kind, each in runs.items():
                print(name, kind, each, flush=True)
            found[name] = runs
        long = client("layer", url, 300, 64, length=200_000)
        print("long_prompts", long)
    few, many = found["c64"], found["c256"]
    return {
        "c64": {
            "ideal_s": few["layer"]["ideal_s"],
            "wall_s": few["layer"]["wall_s"],
            "steady_ratio": few["layer"]["steady_ratio"],
            "cpu_ms_per_request": few["layer"]["cpu_ms"],
            "bare_cpu_ms_per_request": few["openai"]["cpu_ms"],
            "bare_aiohttp_cpu_ms_per_request": few["aiohttp"]["cpu_ms"],
            "extra_cpu_ms": round(few["layer"]["cpu_ms"] - few["openai"]["cpu_ms"], 3),
            "peak_rss_mib": few["layer"]["peak_rss_mib"],
        },
        "c256": {
            "steady_ratio": many["layer"]["steady_ratio"],
            "rate_vs_bare": round(many["openai"]["wall_s"] / many["layer"]["wall_s"], 3),
        },
        "long_prompts": {
            "peak_rss_mib": long["peak_rss_mib"],
            "disk_ratio": long["disk_ratio"],
        },
    }


def client(kind: str, url: str, requests: int, cap: int, *, length: int = 300) -> dict[str, Any]:
    command = [sys.executable, __file__, "--length", str(length)]
    asked = ["--client", kind, url, str(requests), str(cap)]
    done = subprocess.run([*command, *asked], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


async def measure(kind: str, url: str, requests: int, cap: int, length: int) -> dict[str, Any]:
    makers = {"layer": the_layer, "openai": bare_openai, "aiohttp": bare_aiohttp}
    with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
        ask, close = await makers[kind](url, cap, Path(folder))
        gate = asyncio.Semaphore(requests if kind == "layer" else cap)
        ended: list[float] = []

        async def one(number: int) -> None:
            async with gate:
                await ask(f"Question {number}? ".ljust(length, "x"))
                ended.append(time.monotonic())

        spent, began = time.process_time(), time.monotonic()
        await asyncio.gather(*(one(number) for number in range(requests)))
        wall, cpu = time.monotonic() - began, time.process_time() - spent
        await close()
        disk = sum(each.stat().st_size for each in Path(folder).rglob("*") if each.is_file())
    ended.sort()
    first, last = requests // 4, requests * 9 // 10
    rate = (last - first) / (ended[last] - ended[first])
    return {
        "ideal_s": round(requests * LATENCY / cap, 2),
        "wall_s": round(wall, 2),
        "steady_ratio": round(rate * LATENCY / cap, 3),
        "cpu_ms": round(1000 * cpu / requests, 3),
        "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "disk_ratio": round(disk / (requests * length), 4),
    }


Client = tuple[Callable[[str], Awaitable[object]], Callable[[], Awaitable[None]]]


async def the_layer(url: str, cap: int, folder: Path) -> Client:
    from longhop.llm.opening import open_model
    from longhop.records.replies import ShortAnswer
    from longhop.settings import Settings
    from longhop.spec.sections import Model
    from longhop.storage.files import LocalFiles
    from longhop.storage.memo import Memo

    files = LocalFiles(folder)
    settings = Settings(OPENAI_BASE_URL=url, OPENAI_API_KEY="none", concurrency=cap)
    memo = Memo(files, "answers", folder / "journals")
    model = open_model(settings, files, memo)
    prompt = model.prompts.freeze("closed_book", Model(name="stub"))

    async def ask(question: str) -> object:
        found = await model.ask(prompt, "en", {"question": question}, ShortAnswer)
        assert isinstance(found, ShortAnswer)
        return found

    async def close() -> None:
        memo.close()
        await model.close()

    return ask, close


async def bare_openai(url: str, cap: int, _: Path) -> Client:
    from openai import AsyncOpenAI, DefaultAioHttpClient

    api = AsyncOpenAI(
        base_url=url, api_key="none", max_retries=0, http_client=DefaultAioHttpClient(timeout=60)
    )

    async def ask(question: str) -> object:
        return await api.chat.completions.create(
            model="stub", messages=[{"role": "user", "content": question}], max_tokens=1024
        )

    return ask, api.close


async def bare_aiohttp(url: str, cap: int, _: Path) -> Client:
    import aiohttp

    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=cap))

    async def ask(question: str) -> object:
        body = {"model": "stub", "messages": [{"role": "user", "content": question}]}
        async with session.post(f"{url}/chat/completions", json=body) as answer:
            return await answer.json()

    return ask, session.close


if __name__ == "__main__":
    main()
