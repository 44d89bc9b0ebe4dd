"""Batches pay for nothing twice either: not when lines are lost, and not when a build is killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from longhop.errors import EndpointDown, EndpointError, SpendLimitReached
from longhop.llm.batching import Batches, desk
from longhop.llm.batching.jobs import key_named, name_of
from longhop.llm.client import RememberingModel
from longhop.llm.meter import metered
from longhop.llm.opening import open_model
from longhop.ports import NoReply
from longhop.records.money import Price, Prices
from longhop.records.replies import ShortAnswer
from longhop.rehearsal import MODEL, BatchConduct, Conduct, RehearsalServer
from longhop.settings import Settings
from longhop.spec.sections import Model
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo

PRICES = Prices(version="1", currency="EUR", models={MODEL: Price(input=0, output=1e4, batch=0.5)})


@asynccontextmanager
async def opened(
    folder: Path, url: str, prices: Prices | None = None, **settings: Any
) -> AsyncIterator[RememberingModel]:
    """A model that asks in batches, impatiently, on a store that outlives it."""
    files = LocalFiles(folder / "store")
    chosen = Settings(
        OPENAI_BASE_URL=url,
        OPENAI_API_KEY="none",
        **{"batch": "ask", "patience": 1.5, "prices": "p" if prices else None, **settings},
    )
    memo = Memo(files, "answers", folder / "journals")
    model = open_model(chosen, files, memo, prices)
    model._batches = Batches(
        model.endpoint,
        memo,
        model.purse,
        home=files.root,
        patience=chosen.patience,
        quiet=0.05,
        first_pause=0.02,
    )
    try:
        yield model
    finally:
        await model.close()
        memo.close()


async def ask_and_be_killed(folder: Path, server: RehearsalServer, count: int) -> None:
    """A build that ends once its batch runs."""
    async with opened(folder, server.url) as model:
        asking = asyncio.create_task(ask(model, count))
        while not server.log()["batches"]:
            await asyncio.sleep(0.02)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def ask(model: RememberingModel, count: int, stage: str = "ask") -> list[Any]:
    """The replies to so many questions of a stage."""
    prompt = model.prompts.freeze("closed_book", Model(name=MODEL))
    questions = [{"question": f"Who directed Film {number}?"} for number in range(count)]
    with metered(stage):
        return list(
            await asyncio.gather(
                *(model.ask(prompt, "en", each, ShortAnswer) for each in questions)
            )
        )


@pytest.mark.parametrize("key", ["0f" * 32, "a9" * 32 + "+1"])
def test_a_request_is_named_by_its_memo_key_in_64_signs(key: str):
    """So that an answer finds its place without the build that asked for it."""
    assert key_named(name_of(key)) == key
    assert len(name_of(key)) <= 64


@pytest.mark.parametrize("name", [None, 7, "", "request-1", "é", "A" * 43 + "!"])
def test_names_that_are_none_of_ours_stand_for_no_key(name: object):
    assert key_named(name) is None


async def test_a_stage_goes_through_one_batch_and_is_remembered(tmp_path: Path):
    with RehearsalServer() as server:
        async with opened(tmp_path, server.url) as model:
            replies = await ask(model, 20)
            again = await ask(model, 20)
        log = server.log()

    assert all(isinstance(each, ShortAnswer) for each in replies)
    assert again == replies
    assert (log["requests"], log["batches"], log["batch_requests"]) == (0, 1, 20)


async def test_other_stages_ask_one_by_one_as_before_and_get_the_same(tmp_path: Path):
    """A row must not say by which way its answers came."""
    with RehearsalServer() as server:
        async with opened(tmp_path / "batch", server.url) as model:
            batched = await ask(model, 8)
        async with opened(tmp_path / "single", server.url) as model:
            single = await ask(model, 8, stage="judge")
        assert server.log()["requests"] == 8

    assert batched == single


@pytest.mark.parametrize(
    "faults",
    [{"missing_share": 0.3}, {"failed_share": 0.3}, {"expired_share": 0.5}, {"delay_s": 0.3}],
    ids=lambda each: next(iter(each)),
)
async def test_only_what_is_missing_or_failed_is_submitted_again(
    tmp_path: Path, faults: dict[str, float]
):
    with RehearsalServer(Conduct(batch=BatchConduct(**faults))) as server:
        async with opened(tmp_path, server.url) as model:
            replies = await ask(model, 60)
        log = server.log()

    assert not any(isinstance(each, NoReply) for each in replies)
    assert log["answered_twice"] == 0


async def test_what_three_batches_did_not_answer_is_asked_for_singly(tmp_path: Path):
    """It costs more then, and no row is lost."""
    with RehearsalServer(Conduct(batch=BatchConduct(missing_share=1.0))) as server:
        async with opened(tmp_path, server.url) as model:
            replies = await ask(model, 4)
        log = server.log()

    assert all(isinstance(each, ShortAnswer) for each in replies)
    assert (log["batches"], log["requests"]) == (3, 4)


async def test_a_killed_build_finds_its_batch_again(tmp_path: Path):
    """It is collected by the next one, and nothing is asked a second time."""
    with RehearsalServer(Conduct(batch=BatchConduct(delay_s=0.5))) as server:
        await ask_and_be_killed(tmp_path, server, 20)
        async with opened(tmp_path, server.url) as model:
            replies = await ask(model, 25)
        log = server.log()

    assert all(isinstance(each, ShortAnswer) for each in replies)
    assert log["batch_requests"] == 25


async def test_a_batch_that_ended_while_nobody_looked_is_collected(tmp_path: Path):
    with RehearsalServer(Conduct(batch=BatchConduct(delay_s=0.2))) as server:
        await ask_and_be_killed(tmp_path, server, 20)
        await asyncio.sleep(0.5)
        async with opened(tmp_path, server.url) as model:
            replies = await ask(model, 20)
        async with opened(tmp_path, server.url) as model:
            await ask(model, 21)
        log = server.log()

    assert len(replies) == 20
    assert log["batch_requests"] == 21


async def test_batches_of_another_store_are_left_alone(tmp_path: Path):
    with RehearsalServer(Conduct(batch=BatchConduct(delay_s=0.3))) as server:
        async with opened(tmp_path / "one", server.url) as one:
            asking = asyncio.create_task(ask(one, 5))
            while not server.log()["batches"]:
                await asyncio.sleep(0.02)
            async with opened(tmp_path / "two", server.url) as two:
                await ask(two, 5)
            await asking
        assert server.log()["batches"] == 2


async def test_an_endpoint_without_batches_is_named_at_once(tmp_path: Path):
    with RehearsalServer(Conduct(batch=BatchConduct(supported=False))) as server:
        async with opened(tmp_path, server.url) as model:
            with pytest.raises(EndpointError, match="has no Batch API"):
                await ask(model, 3)


async def test_a_batch_that_is_refused_as_a_whole_says_why(tmp_path: Path):
    with RehearsalServer(Conduct(batch=BatchConduct(fail_whole_share=1.0))) as server:
        async with opened(tmp_path, server.url) as model:
            with pytest.raises(EndpointError, match="refused batch"):
                await ask(model, 3)


async def test_a_server_that_is_gone_ends_the_wait(tmp_path: Path):
    """The batch runs on wherever it runs, and the next build collects it."""
    with ExitStack() as running:
        server = running.enter_context(RehearsalServer(Conduct(batch=BatchConduct(delay_s=60))))
        async with opened(tmp_path, server.url, patience=0.3) as model:
            asking = asyncio.create_task(ask(model, 3))
            while not server.log()["batches"]:
                await asyncio.sleep(0.02)
            running.close()
            with pytest.raises(EndpointDown, match="build again to collect them"):
                await asking


@pytest.mark.parametrize("fewest", [1, 20])
async def test_a_batch_is_cut_to_what_may_still_be_spent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fewest: int
):
    """What it may cost is set aside before: it cannot be stopped half-way. None is of a handful."""
    monkeypatch.setattr(desk, "_FEWEST", fewest)
    with RehearsalServer() as server:
        async with opened(tmp_path, server.url, PRICES, spend_limit=40.0) as model:
            with pytest.raises(SpendLimitReached, match="EUR"):
                await ask(model, 500)
            spent = model.purse.spent
        asked = server.log()["batch_requests"]

    assert asked < 500
    assert spent <= 40.0
    assert (asked > 0) == (fewest == 1)


async def test_a_batch_costs_its_own_price(tmp_path: Path):
    with RehearsalServer() as server:
        async with opened(tmp_path / "batch", server.url, PRICES) as model:
            await ask(model, 5)
            half = model.purse.spent
        async with opened(tmp_path / "single", server.url, PRICES) as model:
            await ask(model, 5, stage="judge")

    assert half == pytest.approx(model.purse.spent / 2)


async def test_the_wait_is_told(tmp_path: Path):
    with RehearsalServer(Conduct(batch=BatchConduct(delay_s=0.4))) as server:
        async with opened(tmp_path, server.url) as model:
            asking = asyncio.create_task(ask(model, 4))
            while not model.status.waiting_for:
                await asyncio.sleep(0.02)
            said = model.status.waiting_for
            await asking
            assert model.status.waiting_for == ""

    assert said.startswith("1 batch of ask: ")
