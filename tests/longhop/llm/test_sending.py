"""Caps, limits and ends: what is declared holds, and no answer is lost that was paid for."""

import asyncio
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from longhop.errors import ConfigError, EndpointDown, EndpointError, SpendLimitReached
from longhop.llm.endpoint import retry_after
from longhop.llm.prices import read_prices
from longhop.llm.spending import Purse
from longhop.ports import NoReply
from longhop.records.model import ModelAnswer
from longhop.records.money import Price, Prices
from longhop.records.replies import ShortAnswer
from longhop.rehearsal import MODEL, Conduct, Limits, RehearsalServer
from longhop.settings import Settings
from tests.endpoint import completion, endpoint, refusal
from tests.longhop.llm.test_client import GOOD, Client

# An answer of the test's endpoint takes 7 tokens and writes 5: a dollar each.
PRICES = Prices(version="2026", currency="USD", models={"stub": Price(input=0, output=2e5)})


async def slow_good(_: dict[str, Any]):
    await asyncio.sleep(0.05)
    return completion(GOOD)


async def test_a_spend_limit_is_never_passed_by_more_than_was_in_flight(tmp_path: Path):
    """And all that was in flight is kept: the next build finds it paid for."""
    async with endpoint(slow_good) as server:
        client = Client(tmp_path, server.url, PRICES, spend_limit=10, concurrency=4)
        with pytest.raises(SpendLimitReached, match=r"10\.00 USD is reached: 1\d\.00 USD spent"):
            await client.ask_all(50)
        await client.close()
        paid = len(server.seen)
        client = Client(tmp_path, server.url)
        await client.ask_all(50)
        await client.close()

    assert 10 <= paid <= 13
    assert len(server.seen) == 50


async def test_what_is_remembered_costs_no_fresh_money(tmp_path: Path):
    async with endpoint(slow_good) as server:
        for _ in range(2):
            client = Client(tmp_path, server.url, PRICES, spend_limit=20)
            await client.ask_all(15)
            spent = client.model.purse.spent
            await client.close()

    assert spent == 0


async def test_an_error_that_ends_a_build_waits_for_what_is_in_flight(tmp_path: Path):
    """Answers on their way were paid for; they come into the memo before the error is told."""

    async def script(body: dict[str, Any]):
        if "Question 3?" in body["messages"][1]["content"]:
            await asyncio.sleep(0.05)
            return refusal(402, "no credit left")
        await asyncio.sleep(0.2)
        return completion(GOOD)

    async with endpoint(script) as server:
        client = Client(tmp_path, server.url, concurrency=4)
        with pytest.raises(EndpointError, match="no credit left"):
            await client.ask_all(20)
        paid = len(server.seen) - 1
        await client.close()

    assert client.model.fresh == paid > 0


async def test_a_declared_cap_is_kept_and_told(tmp_path: Path):
    async with endpoint(lambda _: completion(GOOD)) as server:
        client = Client(tmp_path, server.url, requests_per_minute=240)
        asking = asyncio.create_task(client.ask_all(24))
        await asyncio.sleep(0.3)
        assert 20 <= len(server.seen) <= 22
        assert "the cap of 240 requests a minute" in client.model.status.waiting_for
        await asking
        assert client.model.status.waiting_for == ""
        await client.close()


async def test_tokens_are_capped_by_what_answers_turn_out_to_take(tmp_path: Path):
    async with endpoint(lambda _: completion(GOOD, tokens=93)) as server:
        client = Client(tmp_path, server.url, tokens_per_minute=12_000, concurrency=1)
        asking = asyncio.create_task(client.ask_all(14))
        await asyncio.sleep(0.4)
        assert 1 <= len(server.seen) <= 11  # a burst of 1,000 tokens, the first ones guessed
        assert "tokens a minute" in client.model.status.waiting_for
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await client.close()


async def test_a_limit_over_time_that_nobody_declared_is_found_out(tmp_path: Path):
    """What is refused far below what was in flight before was not too much at once."""
    limits = Limits(requests=40, window_s=1.0)
    with RehearsalServer(Conduct(latency_s=0.02, limits=limits)) as server:
        client = Client(tmp_path, server.url, patience=20)
        client.prompt = client.freeze(MODEL)
        began = time.monotonic()
        replies = await client.ask_all(280)
        took = time.monotonic() - began
        await client.close()
        log = server.log()

    assert not any(isinstance(each, NoReply) and each.refused for each in replies)
    assert took < 2 * 280 / 40
    assert log["by_status"].get("429", 0) < 100


async def test_an_endpoint_that_wants_a_long_pause_is_left_alone_by_all(tmp_path: Path):
    """Else every request in the queue would be refused once more."""
    limits = Limits(requests=10, window_s=3.0)
    with RehearsalServer(Conduct(limits=limits)) as server:
        client = Client(tmp_path, server.url, patience=20)
        client.prompt = client.freeze(MODEL)
        began = time.monotonic()
        replies = await client.ask_all(18)
        await client.close()
        log = server.log()

    assert not any(isinstance(each, NoReply) and each.refused for each in replies)
    assert time.monotonic() - began < 9
    assert log["by_status"].get("429", 0) <= 12


async def test_a_pause_beyond_all_patience_is_told_at_once(tmp_path: Path):
    async with endpoint(lambda _: refusal(429, "daily quota", **{"Retry-After": "4000"})) as server:
        client = Client(tmp_path, server.url)
        with pytest.raises(EndpointDown, match=r"left alone for 4000 s.*daily quota"):
            await client.ask("Where?")
        await client.close()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.5),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after": "-3"}, 1.0),
        ({"retry-after": "soon"}, 1.0),
        ({"retry-after-ms": "150", "retry-after": "1"}, 0.15),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
    ],
    ids=str,
)
def test_every_form_of_retry_after_is_understood(headers: dict[str, str], seconds: float):
    assert retry_after(headers) == pytest.approx(seconds)


def test_a_date_to_retry_after_is_counted_from_now():
    said = {"retry-after": formatdate(time.time() + 30, usegmt=True)}
    assert 25 < retry_after(said) <= 30


async def test_an_endpoint_that_wants_its_limit_under_another_name_gets_it(tmp_path: Path):
    def script(body: dict[str, Any]):
        if "max_tokens" in body:
            return refusal(400, "'max_tokens' is not supported: use 'max_completion_tokens'")
        return completion(GOOD)

    async with endpoint(script) as server:
        client = Client(tmp_path, server.url)
        assert all(isinstance(each, ShortAnswer) for each in await client.ask_all(9))
        await client.close()

    assert len(server.seen) == 10


async def test_the_first_request_finds_out_what_is_understood_while_others_wait(tmp_path: Path):
    """An endpoint without schemas refuses two requests, and not two of each in flight."""

    async def script(body: dict[str, Any]):
        await asyncio.sleep(0.05)
        return refusal(400, "response_format") if "response_format" in body else completion(GOOD)

    async with endpoint(script) as server:
        for _ in range(2):
            client = Client(tmp_path, server.url)
            await client.ask_all(30)
            await client.close()

    assert len(server.seen) == 32


async def test_what_is_understood_is_remembered_over_builds(tmp_path: Path):
    def script(body: dict[str, Any]):
        return refusal(400, "response_format") if "response_format" in body else completion(GOOD)

    async with endpoint(script) as server:
        for count in (1, 2):
            client = Client(tmp_path, server.url)
            await client.ask_all(count)
            await client.close()

    assert len(server.seen) == 2 + 1 + 1


async def test_an_endpoint_that_ignores_the_schema_is_told_it_in_words(tmp_path: Path):
    """It takes `response_format` and answers in prose, as some servers do."""

    def script(body: dict[str, Any]):
        told = "It follows this schema" in body["messages"][0]["content"]
        return completion(GOOD if told else "Orlin, as far as I know.")

    async with endpoint(script) as server:
        client = Client(tmp_path, server.url, concurrency=1)
        replies = await client.ask_all(6)
        await client.close()

    assert sum(isinstance(each, ShortAnswer) for each in replies) >= 5


def test_a_price_list_is_read_and_unknown_stays_unknown(tmp_path: Path):
    path = tmp_path / "prices.yaml"
    path.write_text(
        "version: 2026-11-20\ncurrency: EUR\nmodels: {known: {input: 0.5, output: 2, batch: 0.5}}\n"
    )
    prices = read_prices(path)
    purse = Purse(prices)
    answer = ModelAnswer(text="", finish="stop", input_tokens=1000, output_tokens=500)
    purse.pay("known", answer)
    assert (prices.version, purse.cost) == ("2026-11-20", pytest.approx(0.0015))
    purse.pay("known", answer, in_batch=True)
    assert prices.told(purse.cost) == "0.0023 EUR"
    purse.pay("other", answer)
    assert prices.told(purse.cost) == "unknown EUR"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("models: {", "not YAML"),
        ("[]", "holds no fields"),
        ("version: 1\nversion: 2", "'version' stands twice"),
        ("version: 1\ncurrency: USD\nmodels: {m: {input: 1, output: no}}", "it is false"),
        ("version: 1\ncurrency: USD\nmodels: {m: {input: 1, output: 1, batch: 50}}", "m.batch"),
        ("currency: USD\nmodels: {}", "version: must be given"),
        ("version: 1\ncurrency: USD\nmodels: {m: {input: -1, output: 1}}", "models.m.input"),
        ("version: 1\ncurrency: USD\nmodels: {m: {input: .inf, output: 1}}", "models.m.input"),
        ("version: 1\ncurrency: USD\nmodels: {m: {inptu: 1, output: 1}}", "did you mean 'input'"),
    ],
)
def test_a_wrong_price_list_is_refused_with_its_place(tmp_path: Path, text: str, words: str):
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_prices(path)


def test_a_limit_that_cannot_be_held_is_refused():
    """A model without a price could spend any amount."""
    purse = Purse(PRICES, 5.0)
    purse.require_prices(frozenset({"stub"}))
    with pytest.raises(ConfigError, match="no price of other"):
        purse.require_prices(frozenset({"stub", "other"}))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SPEND_LIMIT", "5", "LONGHOP_PRICES"),
        ("BATCH", "ask,jugde", "'jugde' is no stage that speaks to a model"),
        ("REQUESTS_PER_MINUTE", "0", "LONGHOP_REQUESTS_PER_MINUTE"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
):
    from longhop.settings import load_settings

    monkeypatch.setenv(f"LONGHOP_{name}", value)
    with pytest.raises(ConfigError, match=words):
        load_settings()


def test_batch_stages_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LONGHOP_BATCH", " ask, judge,")
    assert Settings().batch == {"ask", "judge"}
