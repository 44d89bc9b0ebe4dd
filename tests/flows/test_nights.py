"""What an operator relies on from night to night."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from prefect import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, FlowRunFilterName
from prefect.client.schemas.objects import FlowRun, StateType

from flows import approving
from flows.bounding import TASKS_A_BUILD
from flows.build_dataset import build_dataset
from longhop.errors import EndpointDown
from longhop.resources import entered
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from tests.world import WorldModel, WorldResources, make_live, make_spec, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


@pytest.fixture
def live(tmp_path: Path) -> WorldResources:
    return make_live(tmp_path)


@pytest.fixture
def spec(tmp_path: Path) -> DatasetSpec:
    return make_spec(write_corpus(tmp_path / "corpus.jsonl"))


async def build(live: WorldResources, spec: DatasetSpec, **form: Any) -> Any:
    with entered(live):
        return await build_dataset(**form_of(spec), **form)


async def run_of(name: str) -> FlowRun:
    """The newest run that builds a dataset of that name."""
    named = FlowRunFilter(name=FlowRunFilterName(any_=[f"build {name}"]))
    async with get_client() as client:
        runs = await client.read_flow_runs(flow_run_filter=named)
        return max(runs, key=lambda each: each.created)


async def paused(name: str, building: "asyncio.Task[Any]") -> FlowRun:
    """The run of a build once it waits for a person."""
    while not building.done():
        await asyncio.sleep(0.2)
        try:
            run = await run_of(name)
        except ValueError:  # not begun
            continue
        if run.state is not None and run.state.type is StateType.PAUSED:
            return run
    raise AssertionError(f"it ended before: {building.result()}")


async def tasks_of(run: FlowRun) -> list[str]:
    """The names of the task runs of a flow run, once the last one is known: they come late."""
    mine = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
    names: list[str] = []
    async with get_client() as client:
        while "publish" not in names:
            await asyncio.sleep(0.2)
            pages = [
                await client.read_task_runs(flow_run_filter=mine, limit=200, offset=offset)
                for offset in (0, 200, 400)
            ]
            names = [each.name for page in pages for each in page]
    return names


async def test_a_night_says_what_is_new_and_publishes_nothing_where_nothing_is(
    live: WorldResources, spec: DatasetSpec
):
    corpus = Path(spec.corpus.paths[0])
    first = await build(live, spec)
    lines = corpus.read_text().splitlines(keepends=True)
    changed = lines[1].replace("Page 1 of", "The first page of")
    added = json.dumps({"id": "n1", "text": "A night adds a page of its own. " * 8}) + "\n"
    corpus.write_text("".join([changed, *lines[2:], added]))
    second = await build(live, spec)
    third = await build(live, spec)

    assert (first.news.since, first.news.new) == ("none", len(lines))
    told = second.news
    assert (told.since, told.new, told.changed, told.removed) == (first.version, 1, 1, 1)
    assert not third.new and third.version == second.version
    assert (third.news.new, third.news.changed, third.news.removed) == (0, 0, 0)


async def test_many_shards_make_few_task_runs_and_the_same_rows(
    live: WorldResources, spec: DatasetSpec, tmp_path: Path
):
    few = await build(live, spec)
    other = make_live(tmp_path / "other")
    many = await build(other, spec.model_copy(update={"shards": 64}))
    names = await tasks_of(await run_of("world"))

    assert "clean 1/64 to 2/64" in names
    assert "publish" in names
    assert len(names) < TASKS_A_BUILD
    assert many.rows == few.rows


async def test_a_failed_run_names_the_share_the_item_and_the_cause(
    live: WorldResources, spec: DatasetSpec
):
    class Down(WorldModel):
        async def ask(self, *asked: Any) -> Any:
            raise EndpointDown("endpoint http://127.0.0.1:1 gave no answer for 300 s")

    live.model = Down()
    with pytest.raises(EndpointDown):
        await build(live, spec)
    run = await run_of("world")

    assert run.state is not None and run.state.type is StateType.FAILED
    stage, item, cause = (run.state.message or "").split(" ", 1)[0], "c-", "gave no answer"
    assert stage == "ask"
    assert item in run.state.message and cause in run.state.message


async def test_latest_moves_once_a_person_has_resumed_the_run(
    live: WorldResources, spec: DatasetSpec, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(approving, "_LOOKS_SECONDS", 0.2)
    building = asyncio.create_task(build(live, spec, approve=True))
    run = await paused("world", building)
    assert live.datasets.latest("world") is None
    async with get_client() as client:
        await client.resume_flow_run(run.id)
    published = await building

    assert live.datasets.latest("world") == published.version


async def test_a_version_that_others_have_overtaken_is_not_approved(
    live: WorldResources, spec: DatasetSpec, monkeypatch: pytest.MonkeyPatch
):
    """`latest` never moves back."""
    monkeypatch.setattr(approving, "_LOOKS_SECONDS", 0.2)
    building = asyncio.create_task(build(live, spec, approve=True))
    run = await paused("world", building)
    live.datasets.move_latest("world", "v-0123456789abcdef")
    async with get_client() as client:
        await client.resume_flow_run(run.id)
    with pytest.raises(approving.NotApproved, match="moved `latest` to v-0123456789abcdef"):
        await building

    assert live.datasets.latest("world") == "v-0123456789abcdef"


async def test_what_nobody_approves_stays_where_it_is(
    live: WorldResources, spec: DatasetSpec, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(approving, "_LOOKS_SECONDS", 0.2)
    monkeypatch.setattr(approving, "WAITS_SECONDS", 1)
    with pytest.raises(approving.NotApproved, match="`latest` has not moved"):
        await build(live, spec, approve=True)
    published = await build(live, spec)

    assert live.datasets.latest("world") == published.version
    assert published.new
