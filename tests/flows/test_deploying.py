"""What is deployed is what the spec files say."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from flows.alerting import save_automations
from flows.deploying import filled
from flows.select_documents import select_documents
from longhop.errors import ConfigError
from longhop.spec.form import spec_of
from longhop.spec.loading import load_spec

DEPLOYMENTS = Path(__file__).parents[2] / "deployments"


def test_a_deployment_builds_what_its_spec_says():
    nightly = next(
        each
        for each in filled(DEPLOYMENTS / "prefect.yaml")["deployments"]
        if each["name"] == "nightly"
    )
    form = dict(nightly["parameters"])
    advanced = form.pop("advanced")

    assert spec_of(form, advanced) == load_spec(DEPLOYMENTS / "specs" / "almanac.yaml")
    assert "spec" not in nightly


def test_a_deployment_of_pairs_takes_of_a_spec_what_its_form_has(tmp_path: Path):
    """A spec says what rows are made of, too, which its form has no field for."""
    spec = (DEPLOYMENTS / "specs" / "almanac.yaml").read_text()
    (tmp_path / "spec.yaml").write_text(spec)
    (tmp_path / "prefect.yaml").write_text(
        "deployments: [{name: a, entrypoint: 'flows/select_documents.py:select_documents',"
        " work_pool: {name: p}, spec: spec.yaml}]"
    )
    (made,) = filled(tmp_path / "prefect.yaml")["deployments"]

    assert set(made["parameters"]) <= set(inspect.signature(select_documents.fn).parameters)


@pytest.mark.parametrize("path", sorted((DEPLOYMENTS / "specs").iterdir()), ids=lambda it: it.stem)
def test_every_example_is_a_spec_of_its_own_name(path: Path):
    assert load_spec(path).name == path.stem


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("deployments: [", "prefect.yaml"),
        ("name: longhop", "no list of deployments"),
        ("deployments: [3]", "each needs a name"),
        ("deployments: []\ndeployments: []", "'deployments' stands twice"),
        ("deployments: [{name: a, work_pool: {name: p}, parameters: [1]}]", "parameters are"),
        ("deployments: [{name: a, work_pool: {name: p}, schedules: [x]}]", "schedules are"),
        ("deployments: [{name: a, work_pool: {name: p}, spec: 3}]", "spec is the path"),
        (
            "deployments: [{name: a, work_pool: {name: p}, spec: x, parameters: {advanced: {}}}]",
            "said in x",
        ),
        ("deployments: [{name: a}]", "each needs a name and a work_pool"),
        ("deployments: [{work_pool: {name: p}}]", "each needs a name"),
        (
            "deployments: [{name: a, work_pool: {name: p}, spec: nowhere.yaml}]",
            "nowhere.yaml: No such file",
        ),
        (
            "deployments: [{name: a, work_pool: {name: p}, spec: wrong.yaml}]",
            "corpsu: there is no such field",
        ),
    ],
)
def test_a_wrong_file_is_one_message(tmp_path: Path, content: str, words: str):
    path = tmp_path / "prefect.yaml"
    path.write_text(content)
    (tmp_path / "wrong.yaml").write_text("corpsu: {}")
    with pytest.raises(ConfigError, match=words):
        filled(path)


def test_nothing_of_a_machine_is_deployed():
    """Keys, addresses and stores are the worker's."""
    said = yaml.safe_dump(filled(DEPLOYMENTS / "prefect.yaml")).casefold()

    assert not [each for each in ("key", "secret", "http://", "password") if each in said]


def test_a_server_that_is_not_there_is_one_message():
    """And so is one that wants a password."""
    command = [sys.executable, "-m", "flows.command_line", "deploy"]
    environment = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    done = subprocess.run(
        command, cwd=DEPLOYMENTS.parent, env=environment, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr.startswith("longhop: Prefect server http://127.0.0.1:9/api: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.usefixtures("prefect_server")
async def test_automations_are_saved_once_however_often():
    from prefect.client.orchestration import get_client

    told: list[str] = []
    for address in (None, "https://hooks.example/x", "https://hooks.example/y"):
        await save_automations(address, told.append)
    async with get_client() as client:
        names = [each.name for each in await client.read_automations()]

    assert sorted(names) == [
        "longhop: a nightly build failed",
        "longhop: a nightly build is late",
        "longhop: silent runs become Crashed",
    ]
    assert not any("hooks.example" in each for each in told)


@pytest.mark.usefixtures("prefect_server")
async def test_an_address_of_another_kind_is_refused():
    with pytest.raises(ConfigError, match="neither a webhook"):
        await save_automations("ftp://example", lambda _: None)
