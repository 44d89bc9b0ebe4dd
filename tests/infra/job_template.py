"""The form of the pods of a work pool, filled in as Prefect fills it in."""

import json
import re
from typing import Any

from tests.infra.manifests import KUBERNETES


def job_template() -> dict[str, Any]:
    """The form of the pods of a work pool."""
    read: dict[str, Any] = json.loads((KUBERNETES / "job-template.json").read_text())
    return read


def job() -> dict[str, Any]:
    """The job that the template makes where nobody asks for anything else."""
    template = job_template()
    values = {
        name: each["default"]
        for name, each in template["variables"]["properties"].items()
        if "default" in each
    }
    values |= {"name": "build", "command": ["prefect"], "env": [], "labels": {}}
    manifest: dict[str, Any] = filled(template["job_configuration"]["job_manifest"], values)
    return manifest


def filled(value: Any, values: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: filled(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, values) for each in value]
    if isinstance(value, str) and (whole := re.fullmatch(r"\{\{ (\w+) \}\}", value)):
        return values[whole[1]]
    if isinstance(value, str):
        return re.sub(r"\{\{ (\w+) \}\}", lambda each: str(values[each[1]]), value)
    return value
