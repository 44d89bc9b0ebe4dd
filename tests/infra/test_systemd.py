"""The units: of systemd's form, and shut in."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.infra.manifests import INFRA, known_names, named_in

UNITS = sorted((INFRA / "systemd").glob("*.service"))
ALL = pytest.mark.parametrize("path", UNITS, ids=lambda it: it.stem)
HERE = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here"
)


def service(path: Path) -> dict[str, str]:
    """What a unit says of its service; of what stands more than once, the last."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return dict(parser["Service"])


def test_there_is_a_unit_for_the_server_and_one_for_the_worker():
    assert [each.stem for each in UNITS] == ["longhop-server", "longhop-worker"]


@HERE
@ALL
def test_systemd_understands_a_unit(path: Path, tmp_path: Path):
    """With a program that is here, since LongHop is not in /opt of this machine."""
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(), flags=re.M)
    (tmp_path / path.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / path.name)],
        capture_output=True,
        text=True,
    )
    ours = [each for each in done.stderr.splitlines() if path.name in each]

    assert ours == []


@HERE
@ALL
def test_a_unit_is_shut_in_as_far_as_its_work_allows(path: Path):
    """10 is a service that may do everything, 0 one that may do nothing."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(path)],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout[-400:] + done.stderr


@ALL
def test_a_unit_takes_its_keys_from_a_file_and_runs_as_no_root(path: Path):
    said = service(path)

    assert said["EnvironmentFile"].startswith("/etc/longhop/")
    assert said["User"].startswith("longhop")
    assert (said["ProtectSystem"], said["NoNewPrivileges"]) == ("strict", "yes")
    assert said["CapabilityBoundingSet"] == ""
    assert not re.search(r"Environment=.*(SECRET|AUTH_STRING|_KEY)", path.read_text())


@ALL
def test_all_that_a_unit_writes_lies_in_its_own_folder(path: Path):
    """Everything else is read-only to it."""
    folder = f"/var/lib/{service(path)['StateDirectory']}"
    places = re.findall(r"(?:HOME|JOURNALS|DIRECTORY)=(/\S+)", path.read_text())

    assert places
    assert all(each.startswith(folder) for each in places)
    assert named_in(path.read_text()) <= known_names()


def test_the_example_of_a_workers_variables_names_those_that_are_read():
    assert named_in((INFRA / "worker.env.example").read_text()) <= known_names()


def test_kubernetes_names_those_that_are_read():
    for path in (INFRA / "kubernetes").rglob("*.yaml"):
        assert named_in(path.read_text()) <= known_names(), path.name


def test_every_setting_of_prefect_is_one_that_it_knows():
    """A misspelt one is passed over in silence: telemetry would be on, or the pages open."""
    from prefect.settings import Settings
    from prefect.settings.legacy import _get_settings_fields

    known = set(_get_settings_fields(Settings))
    texts = [
        path.read_text()
        for path in INFRA.rglob("*")
        if path.suffix in (".yaml", ".service", ".example", ".json") or path.name == "Dockerfile"
    ]
    texts.append((INFRA / "make_keys.py").read_text())
    named = set(re.findall(r"\bPREFECT_[A-Z0-9_]*[A-Z0-9]\b", "".join(texts)))
    # Loggers are named freely, and integrations have settings of their own.
    free = ("PREFECT_INTEGRATIONS_", "PREFECT_LOGGING_LOGGERS_")
    ours = {each for each in named if not each.startswith(free)}

    assert len(ours) > 8
    assert ours <= known
