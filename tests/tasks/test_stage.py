"""The wrapper: a stage whose receipt is there does not run, and nothing else decides that."""

import asyncio
import time
from pathlib import Path

import pytest
from prefect import flow, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

from longhop.concurrency import run_each
from longhop.errors import ConfigError, TransientError
from longhop.records.accounts import Balance
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document
from longhop.resources import entered
from tasks.stage import Share, Stage, stage
from tests.fakes import document
from tests.world import WorldResources, make_live

pytestmark = pytest.mark.usefixtures("prefect_server")


class Counted:
    """A body that counts its runs."""

    def __init__(self, live: WorldResources, *, fails: int = 0, error: type[Exception] = OSError):
        self.live, self.runs, self.fails, self.error = live, 0, fails, error

    def write(self, text: str) -> Artifact:
        return self.live.store.write("documents", [document("a", text)], Document)

    def __call__(self, text: str) -> Outcome:
        self.runs += 1
        if self.runs <= self.fails:
            raise self.error("the store is away")
        return Outcome(artifacts={"kept": self.write(text)})


async def run(live: WorldResources, of: Stage, **arguments: object) -> Outcome:
    @flow(persist_result=False)
    async def once() -> Outcome:
        (outcome,) = await of([Share("1/1", arguments)])
        return outcome

    with entered(live):
        return await once()


async def test_a_body_runs_once_for_equal_arguments(tmp_path: Path):
    live = make_live(tmp_path)
    body = Counted(live)
    first = await run(live, stage("clean", revision=1)(body), text="one")
    second = await run(live, stage("clean", revision=1)(body), text="one")

    assert first == second
    assert body.runs == 1


@pytest.mark.parametrize(
    ("name", "revision", "text"), [("clean", 2, "one"), ("read", 1, "one"), ("clean", 1, "two")]
)
async def test_another_name_revision_or_argument_runs_again(
    tmp_path: Path, name: str, revision: int, text: str
):
    """Two stages with equal arguments must not read each other's results."""
    live = make_live(tmp_path)
    body = Counted(live)
    await run(live, stage("clean", revision=1)(body), text="one")
    await run(live, stage(name, revision=revision)(body), text=text)

    assert body.runs == 2


async def test_an_async_body_has_its_receipt_too(tmp_path: Path):
    live = make_live(tmp_path)
    counted = Counted(live)

    async def body(text: str) -> Outcome:
        await asyncio.sleep(0)
        return counted(text)

    made = stage("ask", revision=1)(body)
    assert await run(live, made, text="one") == await run(live, made, text="one")
    assert counted.runs == 1


async def test_a_failed_body_leaves_no_receipt(tmp_path: Path):
    live = make_live(tmp_path)
    body = Counted(live, fails=1, error=ConfigError)
    made = stage("clean", revision=1)(body)
    with pytest.raises(ConfigError):
        await run(live, made, text="one")

    assert body.runs == 1, "only time mends a storage error; a person must mend this one"
    assert live.files.list("receipts") == []
    await run(live, made, text="one")
    assert body.runs == 2


async def test_a_storage_error_is_tried_again(tmp_path: Path):
    live = make_live(tmp_path)
    body = Counted(live, fails=1, error=TransientError)
    await run(live, stage("clean", revision=1)(body), text="one")

    assert body.runs == 2


async def test_a_lost_artifact_is_made_again(tmp_path: Path):
    live = make_live(tmp_path)
    body = Counted(live)
    made = stage("clean", revision=1)(body)
    outcome = await run(live, made, text="one")
    live.files.delete(outcome["kept"].path)

    assert await run(live, made, text="one") == outcome
    assert body.runs == 2
    assert live.files.exists(outcome["kept"].path)


def test_a_key_depends_on_what_is_asked_and_on_nothing_live(tmp_path: Path):
    made = stage("clean", revision=1)(Counted(make_live(tmp_path)))
    artifact = Artifact(kind="a", hash="0", rows=1, bytes=1, schema_version="1")

    assert made.key({"x": [artifact], "y": 1}) == made.key({"y": 1, "x": (artifact,)})
    assert made.key({"x": artifact}) != made.key({"x": artifact.model_copy(update={"hash": "1"})})


async def test_what_failed_is_tried_again_by_the_next_build(tmp_path: Path):
    """A receipt would make a failure that passes last for ever."""
    live = make_live(tmp_path)
    counted = Counted(live)

    def body(text: str) -> Outcome:
        failed = {"request_refused": 1} if counted.runs == 0 else {}
        balance = Balance(
            stage="ask", unit="chunk", taken=1, accepted=1 - len(failed), failed=failed
        )
        return counted(text).model_copy(update={"balances": (balance,)})

    made = stage("ask", revision=1)(body)
    first, second, third = [await run(live, made, text="one") for _ in "123"]

    assert first.balances[0].failed
    assert not second.balances[0].failed
    assert second == third
    assert counted.runs == 2


async def ended_by(made: Stage, live: WorldResources) -> tuple[str, dict[str, str]]:
    """What a flow of a share that fails and of a slow one says, and how its tasks ended."""

    @flow(persist_result=False)
    async def both() -> None:
        await run_each(["wrong", "slow"], lambda each: made([Share(each, {"text": each})]))

    with entered(live):
        state = await both(return_state=True)
    mine = FlowRunFilter(id=FlowRunFilterId(any_=[state.state_details.flow_run_id]))
    ended: dict[str, str] = {}
    async with get_client() as client:
        while set(ended.values()) & {"Pending", "Running"} or len(ended) < 2:
            await asyncio.sleep(0.2)
            runs = await client.read_task_runs(flow_run_filter=mine)
            ended = {each.name: each.state_name for each in runs}
    return str(state.message), ended


async def test_a_share_that_another_stops_has_not_crashed(tmp_path: Path):
    """One failure is told once, and not again by all that were beside it."""

    async def body(text: str) -> Outcome:
        if text == "slow":
            await asyncio.sleep(60)
        await asyncio.sleep(0.2)
        raise ConfigError("it is wrong")

    message, ended = await ended_by(stage("ask", revision=1)(body), make_live(tmp_path))

    assert "it is wrong" in message
    assert ended == {"ask wrong": "Failed", "ask slow": "Cancelled"}


async def test_a_share_that_computes_beside_one_that_failed_ends_as_it_ends(tmp_path: Path):
    """Nobody can stop its thread; what it made is kept, and the next build finds it."""
    live = make_live(tmp_path)
    kept = Counted(live)

    def body(text: str) -> Outcome:
        if text == "slow":
            time.sleep(1.5)
            return kept(text)
        raise ConfigError("it is wrong")

    made = stage("clean", revision=1)(body)
    message, ended = await ended_by(made, live)

    assert "it is wrong" in message
    assert ended == {"clean wrong": "Failed", "clean slow": "Completed"}
    assert live.receipts.find("clean", made.key({"text": "slow"})) is not None
