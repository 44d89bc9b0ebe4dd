"""The image: by a hash, for no root, of what is locked, and nothing of a working copy in it."""

import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from infra.image.wanted import locked, plain, strangers, wanted
from tests.infra.manifests import INFRA, ROOT, known_names, named_in

DOCKERFILE = (INFRA / "Dockerfile").read_text()
FINAL = DOCKERFILE.rpartition("\nFROM ")[2]
LOCK = ROOT / "requirements.lock"
MORE = sorted((INFRA / "image").glob("*.txt"))


def test_a_linter_has_nothing_to_say():
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which(
        "hadolint"
    )
    if linter is None:
        pytest.skip("hadolint is not here: pip install -e '.[dev]'")
    done = subprocess.run(
        [linter, "--no-color", str(INFRA / "Dockerfile")], capture_output=True, text=True
    )

    assert done.stdout == ""
    assert done.returncode == 0


def test_the_base_is_known_by_its_hash():
    assert re.search(r"^ARG PYTHON_IMAGE=\S+:3\.11[\w.-]*@sha256:[0-9a-f]{64}$", DOCKERFILE, re.M)
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)) == {"${PYTHON_IMAGE}"}


def test_it_runs_as_nobody_of_rank_and_by_number():
    """Kubernetes can tell that a number is not root's, and cannot of a name."""
    assert re.search(r"^USER 10001:10001$", FINAL, re.M)


def test_telemetry_is_off_and_what_is_written_lies_in_one_place():
    said = dict(re.findall(r"([A-Z_]+)=(\S+)", FINAL.partition("ENV ")[2].partition("WORKDIR")[0]))

    assert said["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert said["DO_NOT_TRACK"] == said["HF_HUB_DISABLE_TELEMETRY"] == "1"
    for name in ("HOME", "HF_HOME", "PREFECT_HOME", "LONGHOP_JOURNALS"):
        assert said[name].startswith("/var/lib/longhop")
    assert said["PREFECT_SERVER_UI_STATIC_DIRECTORY"].startswith("/var/lib/longhop")
    assert named_in(FINAL) <= known_names()


def test_only_what_a_program_needs_goes_into_it():
    """Whatever lies in a working copy, a key or a store among it, stays out unless it is named."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [each for each in lines if each and not each.startswith("#")]
    let_in = {each.removeprefix("!") for each in rules if each.startswith("!")}

    assert rules[0] == "*"
    assert all((ROOT / each).exists() for each in let_in)
    assert {"longhop", "tasks", "flows", "pyproject.toml", "requirements.lock"} <= let_in
    assert not any("keys" in each or each.endswith(".env") for each in let_in)


def test_all_that_it_installs_is_locked():
    """A package that no line of the lock file names would be another one every week."""
    known, open_, seen = locked(LOCK), wanted(ROOT / "pyproject.toml"), set()
    while open_:
        each = Requirement(open_.pop())
        name = plain(each.name)
        extras = each.extras or {""}
        if each.marker and not any(each.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        if (name, tuple(sorted(extras))) in seen:
            continue
        seen.add((name, tuple(sorted(extras))))
        assert name in known, f"{each} is in no line of requirements.lock"
        for below in _below(each.name):
            needed = Requirement(below)
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras):
                needed.marker = None
                open_.append(str(needed))

    assert len(seen) > 100


def _below(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed")


@pytest.mark.parametrize("path", MORE, ids=lambda it: it.stem)
def test_a_list_beside_it_pins_each_package_and_never_otherwise_than_the_lock(path: Path):
    lines = [each for each in path.read_text().splitlines() if not each.startswith("#")]
    known, own = locked(LOCK), locked(path)

    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", each) for each in lines)
    assert {name: known[name] for name in own if name in known} == {
        name: own[name] for name in own if name in known
    }


def test_lists_agree_with_each_other():
    """An image may be built with all of them."""
    lists = [locked(each) for each in MORE]
    names = set.intersection(*(set(each) for each in lists)) if lists else set()

    assert len(lists) == 2
    assert all(len({each[name] for each in lists}) == 1 for name in names)


def test_what_is_not_as_locked_is_named():
    """A local part is the build of one version, such as torch's for the processor."""
    known = {"torch": "2.13.0", "numpy": "2.3.5"}

    assert strangers({"torch": "2.13.0+cpu", "numpy": "2.3.5", "pip": "1"}, known) == []
    assert strangers({"numpy": "2.3.4", "odd": "1"}, known) == [
        "numpy 2.3.4, locked is 2.3.5",
        "odd 1, locked is none",
    ]
