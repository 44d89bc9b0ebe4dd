"""The rehearsal server misbehaves as its conduct says, and as reproducibly as it behaves."""

import json
import statistics
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from longhop.rehearsal import MODEL, Conduct, Latency, Limits, RehearsalServer
from longhop.rehearsal.misbehaving import waiting_time

FIELDS = {"rationale", "answerable", "answer"}
AGAIN = [{"role": "assistant", "content": "…"}, {"role": "user", "content": "That is no JSON."}]
Ask = Callable[..., Awaitable[tuple[int, dict[str, str], str]]]


def body(number: int, *, again: bool = False, kind: str = "json_schema") -> dict[str, Any]:
    fence = f'<question mark="7f3a9c01">\nWho directed Film {number}?\n</question mark="7f3a9c01">'
    return {
        "model": MODEL,
        "messages": [
            {"role": "system", "content": 'Follow this schema: {"title": "short_answer"}'},
            {"role": "user", "content": fence},
            *(AGAIN if again else []),
        ],
        "response_format": {"type": kind},
    }


async def post(server: RehearsalServer, body: Any) -> tuple[int, dict[str, str], str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/chat/completions", json=body) as response,
    ):
        return response.status, dict(response.headers), await response.text()


async def contents(server: RehearsalServer, *, again: bool = False) -> list[str | None]:
    """What the model says to sixty requests."""
    texts = [(await post(server, body(n, again=again)))[2] for n in range(60)]
    return [json.loads(text)["choices"][0]["message"]["content"] for text in texts]


def is_valid(text: str | None) -> bool:
    try:
        content = json.loads(text or "")
    except ValueError:
        return False
    return isinstance(content, dict) and set(content) == FIELDS and content["answerable"] is False


SPOILT: dict[str, dict[str, Any]] = {
    "malformed": {"malformed_share": 0.5},
    "wrong_schema": {"wrong_schema_share": 0.5},
    "empty": {"empty_share": 0.5},
}


@pytest.mark.parametrize("kind", SPOILT)
async def test_a_share_of_the_replies_is_spoilt_and_counted(kind: str):
    """The log says how many, so that a build's counts can be held against it."""
    with RehearsalServer(Conduct(**SPOILT[kind])) as server:
        said = await contents(server)
        log = server.log()

    spoilt = sum(not is_valid(text) for text in said)
    assert 15 < spoilt < 45
    assert log["misbehaved"][kind] in (spoilt, spoilt - 1, spoilt - 2)  # some are of its own


@pytest.mark.parametrize("kind", SPOILT)
async def test_asking_again_mends_what_the_share_does_not_spoil_again(kind: str):
    """Without it no re-ask could be seen to be worth its price."""
    with RehearsalServer(Conduct(**SPOILT[kind], again_share=0.0)) as server:
        said = await contents(server, again=True)

    assert sum(is_valid(text) for text in said) >= 58


@pytest.mark.parametrize("kind", SPOILT)
async def test_a_spoilt_reply_is_the_same_each_time(kind: str):
    """Else a killed build would end in other rows than one that was not."""
    with RehearsalServer(Conduct(**SPOILT[kind])) as server:
        assert await contents(server) == await contents(server)


async def test_another_schema_is_valid_json():
    """It takes validation, and not only reading, to notice."""
    with RehearsalServer(Conduct(wrong_schema_share=1.0)) as server:
        said = [json.loads(text or "") for text in await contents(server)]

    assert all(isinstance(content, dict) for content in said)
    assert {frozenset(content) == FIELDS for content in said} == {True, False}
    assert not any(set(content) == FIELDS and content["answerable"] is False for content in said)


async def test_an_empty_reply_has_no_text_or_none_at_all():
    """Endpoints do both, and say that they stopped."""
    with RehearsalServer(Conduct(empty_share=1.0)) as server:
        assert set(await contents(server)) == {"", None}


async def test_another_seed_strikes_other_requests():
    """And the same seed the same ones, in every server."""
    said = []
    for seed in (1, 1, 2):
        with RehearsalServer(Conduct(seed=seed, empty_share=0.5)) as server:
            said.append([not text for text in await contents(server)])

    assert said[0] == said[1] != said[2]


async def test_a_reply_without_choices_is_drawn_anew():
    """A client cannot tell it from an error that passes, and tries the same request again."""
    with RehearsalServer(Conduct(no_choices_share=0.5)) as server:
        texts = [(await post(server, body(1)))[2] for _ in range(30)]

    assert {len(json.loads(text)["choices"]) for text in texts} == {0, 1}


async def test_a_truncated_body_is_cut_in_its_middle():
    """Either less comes than was promised, or what comes is no whole JSON."""
    outcomes = []
    with RehearsalServer(Conduct(truncated_share=0.5)) as server:
        for _ in range(40):
            try:
                json.loads((await post(server, body(1)))[2])
                outcomes.append("whole")
            except aiohttp.ClientPayloadError:
                outcomes.append("short")
            except ValueError:
                outcomes.append("no JSON")
        log = server.log()

    assert set(outcomes) == {"whole", "short", "no JSON"}
    assert log["misbehaved"]["truncated"] == 40 - outcomes.count("whole")


async def test_errors_have_the_statuses_of_the_conduct():
    """By draw, and on the first attempt alone."""
    with RehearsalServer(Conduct(error_share=1.0, error_statuses=(500, 502, 503))) as server:
        statuses = [(await post(server, body(n)))[0] for n in range(30)]
        again = [(await post(server, body(n)))[0] for n in range(30)]

    assert set(statuses) == {500, 502, 503}
    assert set(again) == {200}


@pytest.mark.parametrize(
    ("understands", "kind", "status"),
    [
        ("json_schema", "json_schema", 200),
        ("json_object", "json_schema", 400),
        ("json_object", "json_object", 200),
        ("text", "json_object", 400),
        ("text", "text", 200),
    ],
)
async def test_a_form_of_answer_that_is_not_understood_is_refused(
    understands: Any, kind: str, status: int
):
    """By name, so that a client can tell it from any other mistake."""
    with RehearsalServer(Conduct(understands=understands)) as server:
        answered, _, text = await post(server, body(1, kind=kind))
        log = server.log()

    assert answered == status
    assert ("response_format" in text) == (status == 400)
    assert log["misbehaved"] == ({"format": 1} if status == 400 else {})


async def test_beyond_its_rate_it_says_when_there_is_room():
    """The seconds are true: who waits that long is let in."""
    with RehearsalServer(Conduct(limits=Limits(requests=2, window_s=0.3))) as server:
        assert [(await post(server, body(n)))[0] for n in range(2)] == [200, 200]
        status, headers, _ = await post(server, body(2))
        log = server.log()

    assert status == 429
    assert 0 < float(headers["Retry-After"]) <= 0.3
    assert log["misbehaved"] == {"requests_limit": 1}


async def test_the_tokens_of_an_answer_count_towards_the_rate():
    """Two prompts would fit, but not with the answer to the first."""
    with RehearsalServer() as server:
        usage = json.loads((await post(server, body(1)))[2])["usage"]
    with RehearsalServer(Conduct(limits=Limits(tokens=2 * usage["prompt_tokens"]))) as server:
        statuses = [(await post(server, body(1)))[0] for _ in range(2)]
        log = server.log()

    assert statuses == [200, 429]
    assert log["misbehaved"] == {"tokens_limit": 1}


@pytest.mark.parametrize(
    "latency",
    [
        Latency("constant"),
        Latency("exponential"),
        Latency("lognormal", spread=0.8),
        Latency("lognormal", spread=0.3, tail_share=0.05, tail_times=20),
    ],
    ids=["constant", "exponential", "lognormal", "tail"],
)
def test_the_mean_waiting_time_is_the_latency(latency: Latency):
    """Whatever its shape, so that shapes can be compared at the same load."""
    conduct = Conduct(latency_s=2.0, latency=latency)
    times = [waiting_time(conduct, str(n), "0") for n in range(20_000)]

    assert statistics.mean(times) == pytest.approx(2.0, rel=0.06)


def test_a_tail_is_slow_and_rare():
    """One slow request in a hundred holds up a whole shard."""
    latency = Latency("constant", tail_share=0.01, tail_times=50)
    times = [waiting_time(Conduct(latency_s=1.0, latency=latency), str(n), "0")
             for n in range(5000)]  # fmt: skip

    usual, slow = sorted(set(times))
    assert slow == pytest.approx(50 * usual)
    assert 20 < times.count(slow) < 90


async def test_the_log_says_how_many_bodies_were_asked_more_than_once():
    """An answer that was bought twice is money lost; one that failed was not bought."""
    with RehearsalServer(Conduct(error_share=1.0)) as server:
        for number in (1, 1, 2, 2, 2, 3):
            await post(server, body(number))
        log = server.log()

    assert (log["twice"], log["answered_twice"]) == (2, 1)
    assert log["misbehaved"] == {"error": 3}


def test_a_model_that_could_pass_for_another_is_not_served():
    """Everything made with a rehearsal must be labelled as such."""

    class Posing:
        name = "gpt-x"

        def content(self, prompt: Any) -> dict[str, object]:
            return {}

        def garbles(self, prompt: Any) -> bool:
            return False

    with pytest.raises(ValueError, match="could pass for another"):
        RehearsalServer(models=[Posing()])
