"""The work pool, the deployments and the automations, as `longhop deploy` makes them."""

import sys

import yaml

from infra.stack.environment import bare, of_clients
from infra.stack.folder import ROOT, Folder
from infra.stack.processes import run
from infra.stack.server import api_of

POOL = "longhop"
_FILE = ROOT / "deployments" / "prefect.yaml"


def deploy(folder: Folder) -> None:
    """Have all that the repository deploys."""
    command = [sys.executable, "-m", "flows.command_line", "deploy"]
    environment = bare() | of_clients(folder)
    run(command, environment=environment, log=folder.logs / "deploy.log", patience=300)


def is_deployed(folder: Folder) -> bool:
    """Whether all deployments of the repository are there."""
    wanted = {each["name"] for each in yaml.safe_load(_FILE.read_text())["deployments"]}
    return wanted <= {each["name"] for each in api_of(folder).find("deployments", {})}
