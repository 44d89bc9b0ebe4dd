"""The stack of `make stack` and what befalls it: `LONGHOP_STACK=.stack python -m pytest` this file.

PostgreSQL, an S3 gateway, Prefect with a password, a worker, an endpoint; any of them is killed.
"""

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import pytest

from infra.stack.direct import status_of
from infra.stack.environment import password
from infra.stack.folder import ROOT
from infra.stack.model import Model
from infra.stack.worker import Worker
from longhop.secrets import Scrubber
from tests.stack.driving import RunningStack, asked_again, wait_for

NAME = "almanac"  # which decides what is drawn and linked, so it is the same throughout
PAGES = 16
CONCURRENCY = 4
# So slow that there is time to kill something in the middle of a build.
SLOW = {"latency_s": 0.3, "latency": {"shape": "constant"}}


@pytest.fixture(scope="module")
def clean(stack: RunningStack) -> dict[str, Any]:
    """What the model was asked by an undisturbed build."""
    stack.have_worker("clean")
    stack.have_model({})
    state = stack.ended(stack.build(NAME, stack.corpus(PAGES)))
    assert state["type"] == "COMPLETED", state
    return stack.asked()


@dataclass(frozen=True)
class Broken:
    """A build that was broken off, and what the model had been asked for it by then."""

    run: str
    asked: dict[str, Any]


@pytest.fixture(scope="module")
def vanished(stack: RunningStack, clean: dict[str, Any]) -> Broken:
    """A build whose process was killed together with its worker; another worker has come."""
    stack.watch_closely()
    run = half_built(stack, "vanished", clean, deployment="nightly")
    asked = stack.asked()
    Worker(stack.folder).kill()
    stack.command("start", "worker")
    return Broken(run, asked)


def half_built(
    stack: RunningStack, store: str, clean: dict[str, Any], *, deployment: str = "on-demand"
) -> str:
    """A run in the middle of a build, with a store of its own."""
    few = {"LONGHOP_CONCURRENCY": str(CONCURRENCY), "LONGHOP_PATIENCE": "4"}
    stack.have_worker(store, **few)
    stack.have_model(SLOW)
    run = stack.build(NAME, stack.corpus(PAGES), deployment=deployment)
    stack.mid_build(run, clean["requests"] // 3)
    return run


def test_nobody_is_let_in_without_the_password(stack: RunningStack):
    address = f"{stack.env['PREFECT_API_URL']}/work_pools/longhop"

    assert status_of(address) == 401
    assert status_of(address, Authorization="Basic YWRtaW46YWRtaW4=") == 401
    assert stack.api.get("work_pools/longhop")["type"] == "process"
    assert status_of(stack.env["LONGHOP_S3_ENDPOINT"] + "/longhop") == 403


def test_the_variables_are_for_their_owner_alone_and_a_shell_can_source_them(stack: RunningStack):
    said = subprocess.run(
        ["sh", "-c", f'. "{stack.folder.env}"; exec "{sys.executable}" -m prefect work-pool ls'],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert stack.folder.env.stat().st_mode & 0o777 == 0o600
    assert said.returncode == 0 and "longhop" in said.stdout, said.stdout + said.stderr


def test_up_again_leaves_all_as_it_is(stack: RunningStack):
    before = stack.command("status")

    assert "is up already" in stack.command("up")
    assert stack.command("status") == before


def test_the_nightly_schedule_yields_scheduled_runs(stack: RunningStack):
    """Some versions of its libraries leave the server healthy and the schedule dead."""
    scheduled = {
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        "deployments": {"name": {"any_": ["nightly"]}},
    }
    wait_for(lambda: bool(stack.api.find("flow_runs", scheduled)), 60)

    assert all(each["auto_scheduled"] for each in stack.api.find("flow_runs", scheduled))


def test_a_build_on_demand_is_published(stack: RunningStack, clean: dict[str, Any]):
    assert clean["requests"] > 50 and clean["twice"] == 0
    assert stack.latest("clean", NAME)


def test_a_build_that_is_killed_with_its_worker_seems_to_run_on(
    stack: RunningStack, vanished: Broken
):
    """Nobody is left to say that it does not; how it ends is seen further below."""
    assert stack.state(vanished.run)["type"] == "RUNNING"


def test_an_endpoint_that_dies_fails_the_build_and_a_retry_asks_only_for_the_rest(
    stack: RunningStack, clean: dict[str, Any]
):
    """The endpoint's log dies with it, so it is read just before."""
    run = half_built(stack, "endpoint", clean)
    before = stack.asked()
    Model(stack.folder).kill()
    failed = stack.ended(run)

    assert failed["type"] == "FAILED"
    assert "gave no answer for" in failed["message"]
    assert "build again to go on" in failed["message"]

    stack.have_model({})
    stack.retry(run)
    done = stack.ended(run)

    assert done["type"] == "COMPLETED", done
    # What was in flight when it died was asked again, and nothing else was; between the look into
    # its log and its death as much may have come once more.
    assert 0 <= asked_again(clean, before, stack.asked()) <= 2 * CONCURRENCY


def test_a_build_goes_down_with_its_worker_alone_and_is_retried(
    stack: RunningStack, clean: dict[str, Any]
):
    """Its process is left, but nobody reads any more what it logs: Prefect's console ends there."""
    run = half_built(stack, "alone", clean)
    Worker(stack.folder).kill(alone=True)
    crashed = stack.ended(run)

    assert crashed["type"] == "CRASHED"

    wait_for(lambda: not Worker(stack.folder).process.members, 30)
    before = stack.asked()
    stack.command("start", "worker")
    stack.have_model({})
    stack.retry(run)
    done = stack.ended(run)

    assert done["type"] == "COMPLETED", done
    assert 0 <= asked_again(clean, before, stack.asked()) <= CONCURRENCY


def test_a_gateway_that_is_gone_for_a_while_loses_nothing(
    stack: RunningStack, clean: dict[str, Any]
):
    """It is waited for; where that does not do, the run says so and a retry ends it."""
    run = half_built(stack, "gateway", clean)
    stack.command("kill", "gateway")
    time.sleep(6)
    stack.command("start", "gateway")
    state = stack.ended(run)
    if state["type"] == "FAILED":
        assert "cannot be reached" in state["message"]
        stack.retry(run)
        state = stack.ended(run)

    assert state["type"] == "COMPLETED", state
    assert asked_again(clean, stack.asked()) == 0


def test_prefect_finds_out_that_a_build_has_vanished_and_a_retry_ends_it(
    stack: RunningStack, clean: dict[str, Any], vanished: Broken
):
    """By its heartbeats, which stay away."""
    crashed = stack.ended(vanished.run, patience=200)

    assert crashed["type"] == "CRASHED"
    assert "nothing was heard of this run" in crashed["message"]

    stack.have_worker("vanished")
    stack.have_model({})
    stack.retry(vanished.run)
    done = stack.ended(vanished.run)

    assert done["type"] == "COMPLETED", done
    assert 0 <= asked_again(clean, vanished.asked, stack.asked()) <= 2 * CONCURRENCY


def test_no_secret_is_told_to_anybody(stack: RunningStack, clean: dict[str, Any]):
    """By now builds have failed in every way, and errors are where secrets get out."""
    secrets = {
        "ENDPOINT_KEY": stack.env["OPENAI_API_KEY"],
        "S3_SECRET": stack.env["AWS_SECRET_ACCESS_KEY"],
        "API_AUTH_STRING": password(stack.folder),
        "DATABASE_PASSWORD": stack.folder.secret("postgres"),
    }
    told = {name: Scrubber({name: value}) for name, value in secrets.items()}
    texts = {
        "api": list(stack.api_texts()),
        "logs": list(stack.log_texts()),
        "bucket": list(stack.bucket_texts()),
    }

    # What is known to be there is found, so the search is one.
    assert any(f"build {NAME}" in text for kind, text in texts["api"] if kind == "flow_runs")
    assert any("Beginning flow run" in text for kind, text in texts["api"] if kind == "logs")
    assert any("Beginning flow run" in text for name, text in texts["logs"] if "worker" in name)
    assert any("rehearsal-1" in text for path, text in texts["bucket"] if "parquet" in path)
    found = [
        f"{name} in {place} {where}"
        for place, each in texts.items()
        for where, text in each
        for name, scrub in told.items()
        if scrub(text) != text
    ]
    assert not found


def test_a_lost_server_database_costs_no_request(stack: RunningStack, clean: dict[str, Any]):
    """What was built and paid for is in the bucket; the database holds only the runs' histories."""
    stack.have_worker("clean")
    for part in ("worker", "server", "postgres"):
        stack.command("kill", part)
    shutil.rmtree(stack.folder.path / "postgres")
    stack.command("up")
    stack.have_model({})
    assert not [each for each in stack.api.find("flow_runs", {}) if not each["auto_scheduled"]]
    run = stack.build(NAME, stack.corpus(PAGES))
    done = stack.ended(run)
    names = [each["state_name"] for each in stack.tasks(run)]

    assert done["type"] == "COMPLETED", done
    assert stack.asked()["requests"] == 0
    assert len(names) > 10 and set(names) <= {"Cached", "Completed"}
