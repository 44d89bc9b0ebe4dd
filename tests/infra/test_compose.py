"""The stack of containers: of the specification's form, guarded, and with no key in its file."""

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from infra.bucket.documents import ROLES
from infra.make_keys import make
from tests.infra.manifests import INFRA, compose, known_names, named_in, services

SERVICES = services()
ALL = pytest.mark.parametrize(("name", "said"), SERVICES.items(), ids=list(SERVICES))


def variables(path: Path) -> dict[str, str]:
    """What a file of variables says."""
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value for name, _, value in pairs}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys as they are made for a new stack."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    make(folder)
    return folder


def test_the_file_has_the_form_of_its_specification():
    catalog = pytest.importorskip("check_jsonschema.catalog", reason="pip install -e '.[dev]'")
    builtin = pytest.importorskip("check_jsonschema.builtin_schemas", reason="the same")
    assert "compose-spec" in catalog.SCHEMA_CATALOG

    from jsonschema import Draft7Validator

    Draft7Validator(builtin.get_builtin_schema("vendor.compose-spec")).validate(compose())


@ALL
def test_a_service_is_guarded(name: str, said: dict[str, Any]):
    assert said["read_only"]
    assert said["cap_drop"] == ["ALL"]
    assert said["security_opt"] == ["no-new-privileges:true"]
    limits = said["deploy"]["resources"]["limits"]
    assert {"cpus", "memory"} <= set(limits)
    if name == "store-folders":  # the one that gives folders away, and has no network
        assert (said["user"], said["cap_add"], said["network_mode"]) == ("0:0", ["CHOWN"], "none")
    else:
        assert int(said["user"].partition(":")[0]) > 0
        assert "cap_add" not in said


@ALL
def test_an_image_is_ours_or_known_by_its_hash(name: str, said: dict[str, Any]):
    """A tag may be moved to other bytes by whoever has its registry."""
    ours = "${LONGHOP_IMAGE:-longhop:"

    assert said["image"].startswith(ours) or re.search(
        r":[\w.-]+@sha256:[0-9a-f]{64}$", said["image"]
    )
    assert "latest" not in said["image"]
    assert ("build" in said) == said["image"].startswith(ours)


@ALL
def test_a_service_waits_for_what_can_be_waited_for(name: str, said: dict[str, Any]):
    """Health is known of those that are looked at, and an end of those that have one."""
    for other, how in said.get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] == "no"


@ALL
def test_a_service_that_stays_is_started_again(name: str, said: dict[str, Any]):
    assert said["restart"] == "unless-stopped" or "healthcheck" not in said


@ALL
def test_nothing_is_published_but_on_loopback(name: str, said: dict[str, Any]):
    assert all(str(each).startswith("127.0.0.1:") for each in said.get("ports", []))
    assert name in ("server", "worker") or "outside" not in said.get("networks", [])


def test_the_network_of_the_store_and_the_database_leads_nowhere():
    assert compose()["networks"]["inside"] == {"internal": True}


def test_every_volume_is_there_and_used():
    used = {
        str(each).partition(":")[0]
        for said in SERVICES.values()
        for each in said.get("volumes", [])
        if re.match(r"\w+:", str(each))
    }
    assert used == set(compose()["volumes"])


def test_no_key_is_in_the_file(keys: Path):
    """They are in files of one owner, which git and the image's context leave out."""
    text = (INFRA / "compose.yaml").read_text()
    environments = [each.get("environment", {}) for each in SERVICES.values()]

    assert not [
        name
        for each in environments
        for name in each
        if re.search(r"(AUTH_STRING|SECRET|PASSWORD|KEY)$", name)
    ]
    for word in json.loads((keys / "words.json").read_text()).values():
        assert word not in text
    assert "infra/keys/" in (INFRA.parent / ".gitignore").read_text().splitlines()


def test_every_file_of_keys_is_made(keys: Path):
    named = {Path(file) for said in SERVICES.values() for file in said.get("env_file", [])}
    named |= {Path(each["file"]) for each in compose()["secrets"].values()}

    assert {each.parent for each in named} == {Path("keys")}
    assert {each.name for each in named} == {each.name for each in keys.iterdir()} - {"words.json"}


def test_a_key_is_readable_by_its_owner_alone(keys: Path):
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in keys.iterdir()} == {0o600}


def test_keys_are_made_once_and_a_lost_file_is_made_of_the_same_words(tmp_path: Path):
    """New words would lock everybody out of volumes that are there."""
    made = make(tmp_path / "keys")
    before = {each.name: each.read_bytes() for each in (tmp_path / "keys").iterdir()}
    (tmp_path / "keys" / "worker.env").unlink()

    assert "worker.env" in made
    assert make(tmp_path / "keys") == ["worker.env"]
    assert {each.name: each.read_bytes() for each in (tmp_path / "keys").iterdir()} == before


def test_an_endpoint_that_a_person_has_named_stays(tmp_path: Path):
    make(tmp_path)
    (tmp_path / "endpoint.env").write_text("OPENAI_BASE_URL=https://mine.example/v1\n")

    assert make(tmp_path) == []
    assert "mine.example" in (tmp_path / "endpoint.env").read_text()


def test_those_who_speak_to_each_other_have_the_same_words(keys: Path):
    server, clients = variables(keys / "server.env"), variables(keys / "clients.env")
    owner, store = variables(keys / "owner.env"), variables(keys / "store.env")
    worker, users = variables(keys / "worker.env"), variables(keys / "users.env")
    database = server["PREFECT_SERVER_DATABASE_CONNECTION_URL"]

    assert server["PREFECT_SERVER_API_AUTH_STRING"] == clients["PREFECT_API_AUTH_STRING"]
    assert f":{(keys / 'postgres_password').read_text()}@postgres:" in database
    assert owner["AWS_SECRET_ACCESS_KEY"] == store["ROOT_SECRET_ACCESS_KEY"]
    assert owner["AWS_SECRET_ACCESS_KEY"] == users["ADMIN_SECRET_KEY"]
    assert worker["AWS_SECRET_ACCESS_KEY"] == users["BUILDER_SECRET"]
    assert worker["AWS_SECRET_ACCESS_KEY"] != owner["AWS_SECRET_ACCESS_KEY"]


def test_the_worker_has_the_keys_of_a_builder_and_of_nobody_else():
    assert "keys/owner.env" not in SERVICES["worker"]["env_file"]
    assert "keys/users.env" not in SERVICES["worker"]["env_file"]
    assert {
        each for each in SERVICES if "keys/owner.env" in SERVICES[each].get("env_file", [])
    } == {"bucket"}


def test_the_bucket_is_made_for_the_users_that_are_made():
    made = re.findall(r"make (longhop-\w+) ", SERVICES["store-users"]["command"][0])
    named = {each for each in SERVICES["bucket"]["command"] if each.startswith("--")}

    assert named >= {f"--{role}=longhop-{role}" for role in ROLES}
    assert sorted(made) == sorted(f"longhop-{role}" for role in ROLES)


def test_every_variable_is_one_that_is_read(keys: Path):
    """A misspelt one is passed over in silence, and a default holds."""
    text = (INFRA / "compose.yaml").read_text() + (keys / "endpoint.env").read_text()

    assert named_in(text) - {"LONGHOP_IMAGE", "LONGHOP_CORPUS"} <= known_names()
