"""A POST says what came of it: JSON, an error with its status, or no answer and why."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from openai import AsyncOpenAI

from longhop.llm.posting import Failed, NoAnswer, Poster

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def posting(handler: Handler, timeout: float = 5, base: str = "/v1") -> AsyncIterator[Poster]:
    app = web.Application()
    app.router.add_post("/v1/chat/completions", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0.1).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}{base}"
    poster = Poster(AsyncOpenAI(base_url=address, api_key="the-key"), "chat/completions", timeout)
    try:
        yield poster
    finally:
        await poster.close()
        await runner.cleanup()


@pytest.mark.parametrize("base", ["/v1", "/v1/", "/v1?api-version=7"])
async def test_a_body_goes_to_the_path_under_the_key(base: str):
    async def echo(request: web.Request) -> web.Response:
        body = await request.json()
        return web.json_response(
            [body, request.headers["Authorization"], request.query_string, request.content_type]
        )

    async with posting(echo, base=base) as poster:
        body, key, query, kind = await poster.post({"text": "云川 🐎"})

    assert (body, key, kind) == ({"text": "云川 🐎"}, "Bearer the-key", "application/json")
    assert query == base.partition("?")[2]


async def test_a_lone_surrogate_of_a_document_stops_nothing():
    async def length(request: web.Request) -> web.Response:
        return web.json_response(len((await request.json())["text"]))

    async with posting(length) as poster:
        assert await poster.post({"text": "a\ud83db"}) == 3


@pytest.mark.parametrize(("text", "body"), [('{"a": 1}', {"a": 1}), ("<html>", "<html>")])
async def test_an_error_comes_with_its_status_body_and_headers(text: str, body: object):
    async def fail(_: web.Request) -> web.Response:
        return web.Response(status=503, text=text, headers={"Retry-After": "3"})

    async with posting(fail) as poster:
        with pytest.raises(Failed) as caught:
            await poster.post({})

    assert (caught.value.status, caught.value.body) == (503, body)
    assert caught.value.headers["retry-after"] == "3"


async def test_what_takes_too_long_is_no_answer():
    async def hang(_: web.Request) -> web.Response:
        import asyncio

        await asyncio.sleep(30)
        return web.Response()

    async with posting(hang, timeout=0.1) as poster:
        with pytest.raises(NoAnswer, match=r"no answer within 0\.1 s"):
            await poster.post({})


async def test_a_body_that_breaks_off_is_no_answer():
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"choices"')
        assert request.transport is not None
        request.transport.abort()
        return response

    async with posting(cut) as poster:
        with pytest.raises(NoAnswer, match=r"Payload|Disconnected|Reset"):
            await poster.post({})


async def test_a_connection_that_nobody_takes_is_no_answer():
    poster = Poster(AsyncOpenAI(base_url="http://127.0.0.1:9/v1", api_key="k"), "x", 5)
    with pytest.raises(NoAnswer, match="Connection refused"):
        await poster.post({})
    await poster.close()


async def test_a_proxy_is_the_environments(monkeypatch: pytest.MonkeyPatch):
    """And no host that it excepts goes through it."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "localhost")

    async def fine(_: web.Request) -> web.Response:
        return web.json_response(1)

    async with posting(fine) as poster:
        with pytest.raises(NoAnswer, match="ProxyConnectionError"):
            await poster.post({})
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with posting(fine) as poster:
        assert await poster.post({}) == 1
