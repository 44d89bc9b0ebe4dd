"""The Batch API of the rehearsal server, through the client that everybody uses."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types import Batch

from longhop.rehearsal import MODEL, BatchConduct, Conduct, RehearsalServer

OVER = ("completed", "failed", "expired", "cancelled")


@asynccontextmanager
async def served(
    conduct: Conduct | None = None, **batch: Any
) -> AsyncIterator[tuple[RehearsalServer, AsyncOpenAI]]:
    with RehearsalServer(conduct or Conduct(batch=BatchConduct(**batch))) as server:
        async with AsyncOpenAI(base_url=server.url, api_key="none", max_retries=0) as client:
            yield server, client


def body(number: int, **more: Any) -> dict[str, Any]:
    fence = f'<question mark="7f3a9c01">\nWho directed Film {number}?\n</question mark="7f3a9c01">'
    schema = {"type": "json_schema", "json_schema": {"name": "short_answer", "schema": {}}}
    messages = [{"role": "user", "content": fence}]
    return {"model": MODEL, "messages": messages, "response_format": schema, **more}


def line(number: int, **more: Any) -> dict[str, Any]:
    url = "/v1/chat/completions"
    return {"custom_id": f"r{number}", "method": "POST", "url": url, "body": body(number, **more)}


async def submitted(client: AsyncOpenAI, *lines: Any, **more: Any) -> Batch:
    content = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    file = await client.files.create(file=("in.jsonl", content.encode()), purpose="batch")
    return await client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h", **more
    )


async def ended(client: AsyncOpenAI, batch: Batch) -> Batch:
    async with asyncio.timeout(20):
        while batch.status not in OVER:
            await asyncio.sleep(0.01)
            batch = await client.batches.retrieve(batch.id)
    return batch


async def told(client: AsyncOpenAI, file_id: str | None) -> dict[str, dict[str, Any]]:
    """The lines of an output or error file by the ids of their requests."""
    if file_id is None:
        return {}
    text = (await client.files.content(file_id)).text
    return {each["custom_id"]: each for each in map(json.loads, text.splitlines())}


async def test_a_batch_answers_as_the_chat_endpoint_does():
    """To the byte: a row must not say by which way it was bought."""
    async with served() as (_, client):
        batch = await submitted(client, *map(line, range(5)), metadata={"run": "r-1"})
        assert (batch.status, batch.metadata) == ("validating", {"run": "r-1"})
        batch = await ended(client, batch)
        lines = await told(client, batch.output_file_id)
        chat: Any = await client.post("/chat/completions", cast_to=object, body=body(3))

    assert batch.status == "completed"
    assert batch.request_counts is not None
    assert batch.request_counts.model_dump() == {"total": 5, "completed": 5, "failed": 0}
    assert batch.error_file_id is None
    assert set(lines) == {f"r{n}" for n in range(5)}
    assert lines["r3"]["response"]["status_code"] == 200
    assert lines["r3"]["response"]["body"] == chat
    assert lines["r3"]["error"] is None


async def test_replies_come_in_another_order():
    """A client that goes by position must fail."""
    async with served() as (_, client):
        batch = await ended(client, await submitted(client, *map(line, range(30))))
        order = list(await told(client, batch.output_file_id))

    assert order != [f"r{n}" for n in range(30)]


async def test_a_request_that_is_refused_stands_in_the_error_file():
    """With the status that the chat endpoint gives it."""
    async with served(Conduct(understands="text")) as (_, client):
        plain = line(1)
        del plain["body"]["response_format"]
        batch = await ended(client, await submitted(client, line(0), plain))
        errors = await told(client, batch.error_file_id)
        lines = await told(client, batch.output_file_id)

    assert batch.status == "completed"
    assert set(lines) == {"r1"}
    assert errors["r0"]["response"]["status_code"] == 400
    assert "response_format" in errors["r0"]["response"]["body"]["error"]["message"]


async def test_a_failed_request_succeeds_when_it_is_submitted_again():
    """Only the first submission of a body fails, as a response or as an error."""
    async with served(failed_share=1.0) as (server, client):
        first = await ended(client, await submitted(client, *map(line, range(12))))
        second = await ended(client, await submitted(client, *map(line, range(12))))
        errors = await told(client, first.error_file_id)
        log = server.log()

    assert first.output_file_id is None
    assert {each["response"] and each["response"]["status_code"] for each in errors.values()} == {
        None,
        500,
    }
    assert second.error_file_id is None
    assert second.request_counts is not None
    assert second.request_counts.completed == 12
    assert (log["batches"], log["batch_requests"]) == (2, 24)
    assert (log["twice"], log["answered_twice"]) == (12, 0)


async def test_a_missing_reply_stands_in_neither_file():
    """And the counts of the batch do not tell."""
    async with served(missing_share=0.5) as (server, client):
        batch = await ended(client, await submitted(client, *map(line, range(40))))
        lines = await told(client, batch.output_file_id)
        missing = server.log()["misbehaved"]["batch_missing"]

    assert 5 < missing < 35
    assert len(lines) == 40 - missing
    assert batch.error_file_id is None


async def test_an_expired_batch_is_answered_in_part():
    """The rest stands in the error file, and what was answered is paid for."""
    async with served(expired_share=1.0) as (_, client):
        batch = await ended(client, await submitted(client, *map(line, range(40))))
        lines = await told(client, batch.output_file_id)
        errors = await told(client, batch.error_file_id)

    assert batch.status == "expired"
    assert batch.expired_at
    assert lines and errors
    assert lines.keys() | errors.keys() == {f"r{n}" for n in range(40)}
    assert {each["error"]["code"] for each in errors.values()} == {"batch_expired"}


async def test_a_batch_expires_that_takes_longer_than_it_may():
    """Its answers come evenly, so a part of them is there by then."""
    async with served(delay_s=600.0, expires_after_s=0.1) as (_, client):
        batch = await ended(client, await submitted(client, *map(line, range(9))))

    assert (batch.status, batch.output_file_id) == ("expired", None)


async def test_a_batch_fails_as_a_whole():
    """An account may have only so many tokens waiting."""
    async with served(fail_whole_share=1.0) as (_, client):
        batch = await ended(client, await submitted(client, line(0)))

    assert batch.status == "failed"
    assert batch.errors and batch.errors.data
    assert batch.errors.data[0].code == "token_limit_exceeded"


@pytest.mark.parametrize(
    ("lines", "code", "number"),
    [
        ([line(0), line(0)], "duplicate_custom_id", 2),
        ([line(0), "{no json"], "invalid_json_line", 2),
        ([line(0), line(1, model="rehearsal-9")], "mismatched_model", 2),
        ([{**line(0), "url": "/v1/embeddings"}], "invalid_url", 1),
        ([], "empty_file", None),
        ([line(n) for n in range(4)], "too_many_requests", None),
    ],
)
async def test_a_file_with_an_error_fails_its_batch(lines: Any, code: str, number: int | None):
    """The error names the line."""
    async with served(most_requests=3) as (_, client):
        batch = await ended(client, await submitted(client, *lines))

    assert batch.status == "failed"
    assert batch.errors and batch.errors.data
    assert (batch.errors.data[0].code, batch.errors.data[0].line) == (code, number)


async def test_a_cancelled_batch_keeps_what_was_answered():
    """It is paid for."""
    async with served(delay_s=600.0) as (_, client):
        batch = await submitted(client, line(0), line(1))
        assert (await client.batches.cancel(batch.id)).status == "cancelling"
        batch = await ended(client, batch)
        assert batch.status == "cancelled"
        with pytest.raises(openai.BadRequestError):
            await client.batches.cancel(batch.id)


async def test_batches_are_found_again_by_another_client():
    """The newest first, page by page; a killed client knows no ids."""
    async with served() as (server, client):
        sent = [await submitted(client, line(n), metadata={"n": str(n)}) for n in range(5)]
        async with AsyncOpenAI(base_url=server.url, api_key="none") as other:
            found = [batch async for batch in other.batches.list(limit=2)]
            page = await other.batches.list(limit=2, after=sent[2].id)

    assert [batch.id for batch in found] == [batch.id for batch in reversed(sent)]
    assert [batch.metadata for batch in page.data] == [{"n": "1"}, {"n": "0"}]
    assert not page.has_more


async def test_a_file_can_be_read_listed_and_deleted():
    """What a batch leaves behind costs storage."""
    async with served() as (_, client):
        files = [
            await client.files.create(file=(f"{n}.jsonl", b"{}\n"), purpose="batch")
            for n in range(3)
        ]
        assert [file.id async for file in client.files.list()] == [
            file.id for file in reversed(files)
        ]
        assert (await client.files.retrieve(files[1].id)).bytes == 3
        assert (await client.files.delete(files[1].id)).deleted
        for gone in (client.files.retrieve, client.files.content, client.files.delete):
            with pytest.raises(openai.NotFoundError):
                await gone(files[1].id)


async def test_a_server_may_know_no_batches():
    """Most that speak the protocol do not."""
    async with served(supported=False) as (_, client):
        with pytest.raises(openai.NotFoundError):
            await client.batches.list()


async def test_a_body_that_is_asked_by_both_ways_is_counted_as_asked_twice():
    """Who pays for an answer by batch and by chat pays twice, in whichever order its keys are."""
    async with served() as (server, client):
        await ended(client, await submitted(client, line(0), line(1)))
        same = dict(reversed(body(1).items()))
        await client.post("/chat/completions", cast_to=object, body=same)
        log = server.log()

    assert (log["requests"], log["batch_requests"]) == (1, 2)
    assert (log["twice"], log["answered_twice"]) == (1, 1)
