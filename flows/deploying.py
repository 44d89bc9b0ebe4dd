"""`longhop deploy`: the deployments, the work pool and the automations, the same however often.

A deployment in the file that names a `spec` gets the parameters that the spec says, so a dataset is
described in one place. Nothing here holds a key: workers have them in their environment.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from longhop.errors import ConfigError
from longhop.fields import read_mapping
from longhop.spec.form import form_of
from longhop.spec.loading import load_spec

Tell = Callable[[str], object]

# Which rows a flow makes; those of the others are rows of several hops.
_KIND_OF = {"select-documents": "pairs", "synthesize-contexts": "contexts"}


def deploy(path: Path, tell: Tell) -> None:
    """Deploy what a file says to the Prefect server of the environment.

    Raises:
        ConfigError: The file or a spec is wrong, or the server refuses it.
    """
    content = filled(path)
    os.environ.setdefault("LONGHOP_HOME", str(Path.cwd()))
    asyncio.run(_prepare({_pool(each) for each in content["deployments"]}, tell))
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        yaml.safe_dump(content, file, sort_keys=False)
        file.flush()
        command = ["--no-prompt", "deploy", "--all", "--prefect-file", file.name]
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *command], capture_output=True, text=True
        )
    if done.returncode:
        raise ConfigError(f"deployments {path}: {_last_line(done.stdout + done.stderr)}")
    for each in content["deployments"]:
        tell(f"deployed {_flow(each)}/{each['name']}{_when(each)}")


def filled(path: Path) -> dict[str, Any]:
    """The content of a file of deployments, each with the parameters that its spec says.

    Raises:
        ConfigError: It cannot be read, or a spec is wrong.
    """
    content = read_mapping(path, what="deployments", hint="deployments/prefect.yaml shows them")
    if not isinstance(content.get("deployments"), list):
        raise ConfigError(f"deployments {path}: there is no list of deployments in it")
    for each in content["deployments"]:
        if not isinstance(each, dict) or not _pool(each):
            raise ConfigError(f"deployments {path}: each needs a name and a work_pool with a name")
        _fill(each, path)
    return content


def _fill(deployment: dict[str, Any], path: Path) -> None:
    """Give a deployment the parameters that its spec says, and those of its own beside them."""
    named = f"deployments {path}: {deployment['name']}"
    own, schedules = deployment.get("parameters") or {}, deployment.get("schedules") or []
    if not isinstance(own, dict):
        raise ConfigError(f"{named}: parameters are fields, and not {own!r}")
    if not isinstance(schedules, list) or not all(isinstance(each, dict) for each in schedules):
        raise ConfigError(f"{named}: schedules are a list of fields such as cron and timezone")
    deployment["schedules"] = schedules
    if "spec" not in deployment:
        return
    spec = deployment.pop("spec")
    if not isinstance(spec, str):
        raise ConfigError(f"{named}: spec is the path of a file, and not {spec!r}")
    if "advanced" in own:
        raise ConfigError(f"{named}: what goes into advanced is said in {spec}")
    form = form_of(load_spec(path.parent / spec), _KIND_OF.get(_flow(deployment), ""))
    deployment["parameters"] = {**form, **own}


async def _prepare(pools: set[str], tell: Tell) -> None:
    """Have the work pools and the automations."""
    from httpx import HTTPError
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound
    from prefect.settings import PREFECT_API_URL

    from flows.alerting import save_automations

    try:
        async with get_client() as client:
            for name in sorted(pools):
                try:
                    await client.read_work_pool(name)
                except ObjectNotFound:
                    await client.create_work_pool(WorkPoolCreate(name=name, type="process"))
                    tell(f"made the work pool {name}")
        await save_automations(os.environ.get("LONGHOP_NOTIFY"), tell)
    except HTTPError as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise ConfigError(f"Prefect server {PREFECT_API_URL.value()}: {said[0]}") from error


def _pool(deployment: dict[str, Any]) -> str:
    """The name of a deployment's work pool, or nothing where it or the deployment has none."""
    pool = deployment.get("work_pool")
    if not deployment.get("name") or not isinstance(pool, dict):
        return ""
    return str(pool.get("name") or "")


def _flow(deployment: dict[str, Any]) -> str:
    """The name of the flow that a deployment's entry point ends with."""
    return str(deployment.get("entrypoint", "")).rpartition(":")[2].replace("_", "-")


def _when(deployment: dict[str, Any]) -> str:
    schedules = deployment.get("schedules", [])
    return "".join(f", at {each.get('cron')} {each.get('timezone', 'UTC')}" for each in schedules)


def _last_line(said: str) -> str:
    lines = [each.strip() for each in said.splitlines() if each.strip()]
    return lines[-1] if lines else "prefect deploy failed and said nothing"
