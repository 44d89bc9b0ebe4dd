"""The pods of builds: of the schema's form, and such as Prefect's worker makes them."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.infra.job_template import filled, job, job_template
from tests.infra.manifests import ROOT, containers


def test_the_job_of_the_template_has_the_form_of_its_schema():
    """But for two fields that Prefect's worker wants in its pod, and that a server passes over."""
    validate = pytest.importorskip("kubernetes_validate", reason="pip install -e '.[dev]'")
    said = job()
    for name in ("parallelism", "completions"):
        assert said["spec"]["template"]["spec"].pop(name) == 1

    validate.validate(said, desired_version="1.33", strict=True)


def test_every_variable_of_the_template_is_used_and_every_used_one_is_there():
    template = job_template()
    used = set(re.findall(r"\{\{ (\w+) \}\}", json.dumps(template["job_configuration"])))

    assert used == set(template["variables"]["properties"])


def test_prefects_worker_makes_a_job_of_the_template():
    """The worker checks a template when a run begins: here before it is given to a pool."""
    worker = pytest.importorskip("prefect_kubernetes.worker", reason="infra/image/kubernetes.txt")
    template = job_template()
    said = filled(template["job_configuration"], _values_of(template))

    made = worker.KubernetesWorkerJobConfiguration.model_validate(said)
    assert made.namespace == "longhop"


def _values_of(template: dict[str, Any]) -> dict[str, Any]:
    properties = template["variables"]["properties"]
    given = {"name": "build", "command": "prefect", "env": {}, "labels": {}}
    return {name: given.get(name, each.get("default")) for name, each in properties.items()}


def test_the_deployments_of_a_cluster_go_to_the_pool_that_is_made_for_it():
    said = yaml.safe_load((ROOT / "deployments" / "kubernetes.yaml").read_text())
    allowed = set(job_template()["variables"]["properties"])
    (worker,) = (each for each in containers() if "base/worker" in each.name)

    for each in said["deployments"]:
        assert each["work_pool"]["name"] in worker.said["args"]
        assert set(each["work_pool"].get("job_variables", {})) <= allowed
        path, _, function = each["entrypoint"].partition(":")
        assert f"async def {function}(" in (ROOT / path).read_text()
