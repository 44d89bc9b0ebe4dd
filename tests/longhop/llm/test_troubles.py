"""A few bad requests, or an odd endpoint, cost what is bad of them and nothing else."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from longhop.concurrency import run_each
from longhop.errors import ConfigError, EndpointDown, EndpointError
from longhop.llm import sending
from longhop.llm.errands import Errand, Errands
from longhop.ports import NoReply
from longhop.records.model import ModelAnswer
from longhop.records.replies import ShortAnswer
from longhop.settings import load_settings
from tests.endpoint import completion, endpoint, refusal
from tests.longhop.llm.test_client import GOOD, Client


def bad(body: dict[str, Any]) -> bool:
    return "bad" in body["messages"][-1]["content"]


async def test_requests_that_always_fail_are_given_up_though_nobody_else_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A tiny request tells that the endpoint is well: else no build would get past them."""
    monkeypatch.setattr(sending, "_LONGEST_PAUSE", 0.05)

    async with endpoint(lambda b: refusal(500) if bad(b) else completion(GOOD)) as server:
        client = Client(tmp_path, server.url, patience=30)
        replies = await run_each(["bad 1?", "bad 2?"], client.ask)
        await client.close()

    assert all(isinstance(each, NoReply) and each.refused for each in replies)


async def test_refused_rows_alone_do_not_condemn_an_endpoint_that_has_answered_before(
    tmp_path: Path,
):
    """A second build asks only what was refused in the first."""
    async with endpoint(lambda b: refusal(400) if bad(b) else completion(GOOD)) as server:
        client = Client(tmp_path, server.url)
        await client.ask("Where?")
        await client.close()
        client = Client(tmp_path, server.url)
        replies = await run_each([f"bad {n}?" for n in range(15)], client.ask)
        await client.close()

    assert all(isinstance(each, NoReply) for each in replies)


@pytest.mark.parametrize("how", ["error", "cancel"])
async def test_an_answer_on_its_way_is_kept_whoever_stopped_asking(tmp_path: Path, how: str):
    async def slow(_: dict[str, Any]):
        await asyncio.sleep(0.3)
        return completion(GOOD)

    async with endpoint(slow) as server:
        client = Client(tmp_path, server.url)

        async def work(question: str) -> object:
            if question == "stop":
                await asyncio.sleep(0.1)
                raise OSError("something else")
            return await client.ask(question)

        asking = asyncio.create_task(run_each(["Where?", "When?", "stop"], work))
        if how == "cancel":
            await asyncio.sleep(0.1)
            asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await client.close()
        client = Client(tmp_path, server.url)
        await run_each(["Where?", "When?"], client.ask)
        await client.close()

    assert len(server.seen) == 2


async def test_who_asks_again_meanwhile_waits_for_the_same_answer():
    errands, runs = Errands(), 0

    async def run(errand: Errand) -> ModelAnswer:
        nonlocal runs
        runs += 1
        errand.is_out = True
        await asyncio.sleep(0.05)
        return ModelAnswer(text="x", finish="stop", input_tokens=1, output_tokens=1)

    first = asyncio.create_task(errands.fetch("key", run))
    await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    answer = await errands.fetch("key", run)

    assert (answer.text, runs) == ("x", 1)


@pytest.mark.parametrize(
    "change",
    [
        {"content": [{"type": "text", "text": GOOD[:9]}, {"type": "text", "text": GOOD[9:]}]},
        {"usage": "many"},
        {"usage": [1, 2]},
        {"usage": {"prompt_tokens": 3.7, "completion_tokens": -4}},
        {"finish_reason": 7},
    ],
    ids=lambda each: next(iter(each)),
)
async def test_an_odd_answer_is_an_answer(tmp_path: Path, change: dict[str, Any]):
    """It was paid for; asking for it again would not make it less odd."""
    choice = {"finish_reason": "stop", "message": {"role": "assistant", "content": GOOD}}
    body: dict[str, Any] = {"choices": [choice], "usage": {"prompt_tokens": 7}}
    for name, value in change.items():
        place = {"content": choice["message"], "finish_reason": choice}.get(name, body)
        place[name] = value

    async with endpoint(lambda _: web.json_response(body)) as server:
        client = Client(tmp_path, server.url)
        reply = await client.ask("Where?")
        used = client.model.purse.fresh["stub"]
        await client.close()

    assert isinstance(reply, ShortAnswer)
    assert len(server.seen) == 1
    assert used.input_tokens > 0 <= used.output_tokens


async def test_an_endpoint_that_counts_no_tokens_is_counted_for(tmp_path: Path):
    """Else no cap on tokens or money would ever be reached."""
    body = {"choices": [{"message": {"content": GOOD}}], "usage": None}
    async with endpoint(lambda _: web.json_response(body)) as server:
        client = Client(tmp_path, server.url)
        await client.ask("Where?")
        used = client.model.purse.fresh["stub"]
        await client.close()

    assert used.output_tokens == len(GOOD) // 3 + 1
    assert used.input_tokens > 100


async def test_an_error_that_comes_as_an_answer_is_told_as_an_error(tmp_path: Path):
    body = {"error": {"message": "out of credits", "code": 402}}
    async with endpoint(lambda _: web.json_response(body)) as server:
        client = Client(tmp_path, server.url)
        with pytest.raises(EndpointError, match="out of credits"):
            await client.ask("Where?")
        await client.close()


async def test_a_prompt_is_sent_to_no_other_address(tmp_path: Path):
    async with endpoint(lambda _: completion(GOOD)) as other:

        def away(_: dict[str, Any]):
            return web.Response(status=307, headers={"Location": f"{other.url}/chat/completions"})

        async with endpoint(away) as server:
            client = Client(tmp_path, server.url)
            with pytest.raises(EndpointError, match="is at another address"):
                await client.ask("Where?")
            await client.close()

    assert other.seen == []


async def test_a_short_failure_after_a_long_pause_is_no_outage(tmp_path: Path):
    """Time in which nothing was asked is no time without an answer."""
    script = iter([refusal(500), completion(GOOD), refusal(429, **{"Retry-After": "0.1"})])

    async with endpoint(lambda _: next(script, completion(GOOD))) as server:
        client = Client(tmp_path, server.url, patience=0.8)
        await client.ask("Where?")
        await asyncio.sleep(1.0)
        assert isinstance(await client.ask("When?"), ShortAnswer)
        await client.close()


async def test_one_failure_in_fifty_does_not_slow_the_others_down(tmp_path: Path):
    count = 0

    async def script(_: dict[str, Any]):
        nonlocal count
        count += 1
        fails = count % 50 == 0
        await asyncio.sleep(0.02)
        return refusal(500) if fails else completion(GOOD)

    async with endpoint(script) as server:
        client = Client(tmp_path, server.url, concurrency=16)
        await client.ask_all(500)
        limit = client.model._sender.pace.limit
        await client.close()

    assert limit == 16
    assert len(server.seen) == 510


@pytest.mark.parametrize(
    "address", ["", "host/v1", "ftp://host/v1", "http://", "http://host:99999/v1", "http://h:p:q/"]
)
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, address: str):
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    with pytest.raises(ConfigError, match="is none such as https://host/v1"):
        load_settings()


def test_a_password_in_the_address_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "https://me:hunter22hunter22@host/v1")
    with pytest.raises(ConfigError, match="OPENAI_API_KEY") as caught:
        load_settings()

    assert "hunter22" not in str(caught.value)


async def test_an_endpoint_that_is_down_is_told_within_patience(tmp_path: Path):
    async with endpoint(lambda _: refusal(503, "closed")) as server:
        client = Client(tmp_path, server.url, patience=1.0)
        with pytest.raises(EndpointDown, match="closed"):
            await asyncio.wait_for(client.ask_all(20), 20)
        await client.close()
