"""A stack that runs, as tests drive it: by its own commands, by Prefect's API, by its bucket."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from infra.stack import environment
from infra.stack.api import Api
from infra.stack.direct import direct
from infra.stack.environment import BUCKET
from infra.stack.folder import ROOT, Folder
from infra.stack.model import Model
from infra.stack.processes import run as run_command
from infra.stack.server import Server, api_of
from infra.stack.worker import Worker
from longhop.rehearsal.demo_corpus import almanac_pages

ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


def build_parameters(name: str, corpus: Path) -> dict[str, Any]:
    """The parameters of a build, in the form that the deployments take.

    Whichever of them builds: what the nightly one says of its own dataset is taken back.
    """
    plain = dict.fromkeys(("documents", "reference", "seeds", "answers", "money"))
    form = {"name": name, "corpus": [str(corpus)], "model": "rehearsal-1", "lengths": [1024]}
    return {**plain, **form, "groups": 400, "advanced": {}}


def write_pages(path: Path, first: int, last: int) -> None:
    """Write pages of the almanac, one a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in almanac_pages()[first:last]))


def named_folder() -> Path | None:
    """The folder that LONGHOP_STACK names."""
    named = os.environ.get("LONGHOP_STACK")
    return ROOT / named if named else None


@dataclass(frozen=True)
class RunningStack:
    """The stack in a folder. `scratch` is for what tests write, `prefix` for what their builds do.

    Builds of one test go to a store of their own, so that none lives on the answers of another.
    """

    folder: Folder
    scratch: Path
    prefix: str

    @property
    def api(self) -> Api:
        """Prefect's API, with the password."""
        return api_of(self.folder)

    @cached_property
    def env(self) -> dict[str, str]:
        """What the stack tells its clients."""
        return environment.read(self.folder.env)

    @property
    def pages(self) -> str:
        """The address of the pages of Prefect's server."""
        return f"{Server(self.folder).address}/v2"

    def command(self, *words: str) -> str:
        """What a command of the stack says."""
        command = [sys.executable, "-m", "infra.stack", "--folder", str(self.folder.path), *words]
        return run_command(command, patience=300)

    def deploy(self, **variables: str) -> str:
        """Deploy anew, as a person does in a shell with the stack's variables and these."""
        command = [sys.executable, "-m", "flows.command_line", "deploy"]
        return run_command(command, environment=environment.bare() | self.env | variables)

    def corpus(self, pages: int) -> Path:
        """A file with so many pages of the almanac."""
        path = self.scratch / f"almanac-{pages}.jsonl"
        write_pages(path, 0, pages)
        return path

    def at(self, store: str) -> str:
        """The path of a store in the gateway."""
        return f"{BUCKET}/{self.prefix}/{store}"

    def latest(self, store: str, name: str) -> dict[str, Any] | None:
        """What the `latest` of a dataset in a store says."""
        path = f"{self.at(store)}/datasets/{name}/latest.json"
        return json.loads(self.s3.cat_file(path)) if self.s3.exists(path) else None

    def have_worker(self, store: str, **variables: str) -> None:
        """Have a worker whose builds go to a store of their own, with these variables."""
        ours = {
            "LONGHOP_STORE": f"s3://{self.at(store)}",
            "LONGHOP_JOURNALS": str(self.scratch / "journals" / store),
            **variables,
        }
        text = "".join(f"{name}={value}\n" for name, value in ours.items())
        own = environment.own_file(self.folder)
        if own.exists() and own.read_text() == text and Worker(self.folder).is_up:
            return
        self.command("kill", "worker")
        own.write_text(text)
        self.command("start", "worker")

    def have_model(self, conduct: dict[str, Any]) -> None:
        """Have a model that behaves so, and has counted nothing yet."""
        self.command("kill", "model")
        Model(self.folder).conduct.write_text(json.dumps(conduct))  # which is YAML too
        self.command("start", "model")

    def asked(self) -> dict[str, Any]:
        """What the model was asked since it began to count."""
        address = Model(self.folder).address.removesuffix("/v1")
        with direct(f"{address}/log") as answer:
            return json.load(answer)

    def build(self, name: str, corpus: Path, *, deployment: str = "on-demand", **more: Any) -> str:
        """A new run of a deployment. Runs of the same one wait for each other."""
        deployment = self.api.get(f"deployments/name/build-dataset/{deployment}")["id"]
        parameters = {**build_parameters(name, corpus), **more}
        path = f"deployments/{deployment}/create_flow_run"
        run: str = self.api.post(path, {"parameters": parameters})["id"]
        return run

    def page_of(self, run: str) -> str:
        """The address of a flow run's page."""
        return f"{self.pages}/runs/flow-run/{run}"

    def state(self, run: str) -> dict[str, Any]:
        """The state of a flow run."""
        state: dict[str, Any] = self.api.get(f"flow_runs/{run}")["state"]
        return state

    def ended(self, run: str, *, patience: float = 120) -> dict[str, Any]:
        """The state in which a flow run ends."""
        wait_for(lambda: self.state(run)["type"] in ENDED, patience)
        return self.state(run)

    def watch_closely(self) -> None:
        """Let the automation that finds silent runs wait for 90 seconds instead of minutes.

        The next `up` that deploys gives it its own time again.
        """
        (watch,) = (each for each in self.api.find("automations", {}) if "silent" in each["name"])
        kept = ("name", "description", "enabled", "actions")
        trigger = {**watch["trigger"], "within": 90}
        body = {**{each: watch[each] for each in kept}, "trigger": trigger}
        self.api.put(f"automations/{watch['id']}", body)

    def retry(self, run: str) -> None:
        """Do what the Retry of the UI does."""
        now = datetime.now(UTC).isoformat()
        state = {"type": "SCHEDULED", "name": "AwaitingRetry"}
        body = {"state": {**state, "state_details": {"scheduled_time": now}}}
        answer = self.api.post(f"flow_runs/{run}/set_state", body)
        assert answer["status"] == "ACCEPT", answer

    def tasks(self, run: str) -> list[dict[str, Any]]:
        """The task runs of a flow run, whatever became of them."""
        found = self.api.find("task_runs", {"flow_runs": {"id": {"any_": [run]}}})
        return list(found)

    def mid_build(self, run: str, requests: int) -> None:
        """Return once a flow run has asked the model for so much, and is still running."""
        wait_for(lambda: self.asked()["requests"] >= requests, 90)
        assert self.state(run)["type"] == "RUNNING"

    @cached_property
    def s3(self) -> Any:
        """The bucket's server, with its keys."""
        import s3fs

        return s3fs.S3FileSystem(
            key=self.env["AWS_ACCESS_KEY_ID"],
            secret=self.env["AWS_SECRET_ACCESS_KEY"],
            endpoint_url=self.env["LONGHOP_S3_ENDPOINT"],
            use_listings_cache=False,
            skip_instance_cache=True,
        )

    def objects(self) -> list[str]:
        """The paths of all objects, with the bucket's name before them."""
        found: list[str] = self.s3.find(BUCKET)
        return found

    def bucket_texts(self) -> Iterator[tuple[str, str]]:
        """All objects of the bucket: their paths, and what they say once they are unpacked."""
        for path in self.objects():
            data = self.s3.cat_file(path)
            if path.endswith(".parquet"):
                yield path, json.dumps(parquet.read_table(BytesIO(data)).to_pylist(), default=str)
            yield path, data.decode("utf-8", "replace")

    def api_texts(self) -> Iterator[tuple[str, str]]:
        """All that the API tells of runs, deployments, blocks and the rest."""
        for kind in (
            "flow_runs", "task_runs", "logs", "artifacts", "deployments", "flows", "work_pools",
            "variables", "automations", "block_documents",
        ):  # fmt: skip
            more = {"include_secrets": True} if kind == "block_documents" else {}
            yield kind, json.dumps(self.api.find(kind, more))
        for run in self.api.find("flow_runs", {}):
            states = self.api.get(f"flow_run_states/?flow_run_id={run['id']}")
            yield "flow_run_states", json.dumps(states)
        page = self.api.post("events/filter", {"limit": 50})
        while page["events"]:
            yield "events", json.dumps(page["events"])
            if not page["next_page"]:
                break
            page = self.api.get(page["next_page"].partition("/api/")[2])

    def log_texts(self) -> Iterator[tuple[str, str]]:
        """What the parts of the stack have said."""
        for path in self.folder.logs.iterdir():
            yield path.name, path.read_text(errors="replace")


def wait_for(is_so: Callable[[], bool], patience: float) -> None:
    """Return once it is so."""
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, f"not so after {patience:.0f} s"
        time.sleep(0.3)


def asked_again(clean: dict[str, Any], *logs: dict[str, Any]) -> int:
    """How many requests were made in all beyond those of an undisturbed build."""
    assert not any(each["twice"] for each in logs)
    again: int = sum(each["requests"] for each in logs) - clean["requests"]
    return again
