"""What is applied to a cluster: of the schema's form, and with no more rights than it needs."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from tests.infra.job_template import job
from tests.infra.manifests import KUBERNETES, OVERLAYS, Container, containers, objects

CONTAINERS = list(containers())
OBJECTS = objects()
_POD = job()["spec"]["template"]["spec"]
JOB = Container("job", _POD["containers"][0], _POD)
ALL = pytest.mark.parametrize("container", [*CONTAINERS, JOB], ids=lambda each: each.name)


@pytest.mark.parametrize(("where", "said"), OBJECTS, ids=[each for each, _ in OBJECTS])
def test_every_object_has_the_form_of_its_schema(where: str, said: dict[str, Any]):
    """Strictly: a misspelt key would be dropped by the server, and what it says with it."""
    validate = pytest.importorskip("kubernetes_validate", reason="pip install -e '.[dev]'")

    validate.validate(said, desired_version="1.33", strict=True)


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_kustomization_names_every_file_beside_it(name: str):
    """One that is not named is never applied, and nobody is told."""
    folder = KUBERNETES / name
    said = yaml.safe_load((folder / "kustomization.yaml").read_text())
    beside = {each.name for each in folder.iterdir()} - {"kustomization.yaml"}

    assert all((folder / each).exists() for each in said["resources"])
    assert {each for each in said["resources"] if "/" not in each} == beside


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl here")
@pytest.mark.parametrize("name", OVERLAYS)
def test_kubectl_puts_an_overlay_together(name: str):
    done = subprocess.run(
        ["kubectl", "kustomize", str(KUBERNETES / name)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    made = [each for each in yaml.safe_load_all(done.stdout) if each]
    images = re.findall(r"image: (\S+)", done.stdout)

    assert {each["metadata"].get("namespace", "longhop") for each in made} == {"longhop"}
    assert images
    assert all(re.fullmatch(r"registry\.example/longhop:[\w.-]+", each) for each in images)


@ALL
def test_a_container_may_do_nothing_but_its_work(container: Container):
    """The namespace refuses any other: pods of it are held to the restricted profile."""
    pod, own = container.pod["securityContext"], container.said["securityContext"]

    assert pod["runAsNonRoot"]
    assert pod["runAsUser"] > 0
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not own["allowPrivilegeEscalation"]
    assert own["readOnlyRootFilesystem"]
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(container.pod)
    assert not any("hostPath" in each for each in container.pod["volumes"])


@ALL
def test_a_container_says_what_it_takes_at_most(container: Container):
    for kind in ("requests", "limits"):
        assert {"cpu", "memory"} <= set(container.said["resources"][kind])


@ALL
def test_what_a_container_writes_to_is_a_volume(container: Container):
    """With a read-only root, a place of drafts that is missing is found out in the night."""
    places = {each["mountPath"] for each in container.said["volumeMounts"]}

    assert places == {"/var/lib/longhop", "/tmp"}


@ALL
def test_no_image_is_a_moving_one(container: Container):
    """Names without a tag get theirs from the kustomization."""
    name = container.said["image"].rpartition("/")[2]

    assert "latest" not in name
    assert ":" in name or name in ("longhop", "longhop-cuda")


def test_the_worker_may_start_and_watch_jobs_of_its_namespace_and_no_more():
    """Rights on secrets would be rights on every key of the namespace."""
    roles = [each for _, each in OBJECTS if each["kind"] == "Role"]
    kinds = {each["kind"] for _, each in OBJECTS}
    rules = [rule for each in roles for rule in each["rules"]]

    assert not {"ClusterRole", "ClusterRoleBinding"} & kinds
    assert {name for rule in rules for name in rule["resources"]} == {"jobs", "pods", "pods/log"}
    assert not any("*" in rule["verbs"] + rule["resources"] + rule["apiGroups"] for rule in rules)


def test_only_the_worker_is_given_a_key_to_the_cluster():
    given = [each.name for each in [*CONTAINERS, JOB] if each.pod["automountServiceAccountToken"]]

    assert given == ["base/worker.yaml:Deployment/worker"]


def test_the_password_stands_in_no_job():
    """Prefect's worker writes its own into every job it makes, unless it is told of a secret."""
    (worker,) = (
        each for each in CONTAINERS if each.name.endswith("/worker") and "base" in each.name
    )
    env = {each["name"]: each for each in worker.said["env"]}
    secret = env["PREFECT_API_AUTH_STRING"]["valueFrom"]["secretKeyRef"]
    prefix = "PREFECT_INTEGRATIONS_KUBERNETES_WORKER_API_AUTH_STRING_SECRET"

    assert env[f"{prefix}_NAME"]["value"] == secret["name"]
    assert env[f"{prefix}_KEY"]["value"] == secret["key"]


def test_there_is_no_secret_in_a_file():
    """They are made by hand, and named."""
    assert not [where for where, each in OBJECTS if each["kind"] == "Secret"]
    for container in [*CONTAINERS, JOB]:
        for each in container.said.get("env", []):
            secret = re.search(r"AUTH_STRING$|KEY$|SECRET$|TOKEN$|PASSWORD$", each["name"])
            assert not secret or "valueFrom" in each or each["name"].endswith("_SECRET_KEY")


def test_nobody_is_let_in_who_is_not_named():
    """A scheduler of Dask runs whatever it is sent."""
    policies = {each["metadata"]["name"]: each for _, each in OBJECTS
                if each["kind"] == "NetworkPolicy"}  # fmt: skip
    nobody = policies["longhop-nobody"]["spec"]

    assert nobody == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    let_in = [each for each in policies.values() if each["spec"].get("ingress")]
    assert {each["metadata"]["name"] for each in let_in} == {"dask-scheduler", "dask-workers"}
    assert all(
        rule["from"] and rule["ports"] for each in let_in for rule in each["spec"]["ingress"]
    )


def test_dask_listens_where_its_network_policies_let_it_be_reached():
    policies = [each["spec"] for _, each in OBJECTS if each["kind"] == "NetworkPolicy"]
    open_to = {
        port["port"]
        for each in policies
        for rule in each.get("ingress", [])
        for port in rule["ports"]
    }
    listened = {
        port["containerPort"]
        for each in CONTAINERS
        if "dask" in each.name
        for port in each.said["ports"]
    }

    assert open_to == listened


def test_the_scheduler_outlives_a_node_that_is_emptied():
    (budget,) = (each["spec"] for _, each in OBJECTS if each["kind"] == "PodDisruptionBudget")
    (scheduler,) = (
        each
        for where, each in OBJECTS
        if where.startswith("dask/scheduler") and each["kind"] == "Deployment"
    )

    assert budget["maxUnavailable"] == 0
    assert budget["selector"] == scheduler["spec"]["selector"]


def test_a_worker_with_a_card_says_so_to_kubernetes_and_to_dask():
    (worker,) = (each for each in CONTAINERS if each.name.startswith("dask-gpu"))

    assert worker.said["resources"]["limits"]["nvidia.com/gpu"] == "1"
    assert "--resources=GPU=1" in worker.said["args"]
