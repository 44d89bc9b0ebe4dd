"""The programs that the stack runs: where they are, or how they come here."""

import os
import shutil
import subprocess
from pathlib import Path

from infra.stack.errors import PackagesMissing
from infra.stack.folder import Folder

# Debian's package of each program that is needed.
_PACKAGES = {
    "initdb": "postgresql",
    "postgres": "postgresql",
    "pg_isready": "postgresql",
    "createdb": "postgresql",
    "ceph-mon": "ceph-mon",
    "ceph-osd": "ceph-osd",
    "radosgw": "radosgw",
    "radosgw-admin": "radosgw",
    "ceph": "ceph-common",
    "ceph-authtool": "ceph-common",
    "monmaptool": "ceph-common",
}
# Some of them are for administrators, and their folders in no user's PATH.
_SYSTEM = ("/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_POSTGRESQL = Path("/usr/lib/postgresql")


def program(name: str) -> Path:
    """The path of a program.

    Raises:
        PackagesMissing: It is not installed.
    """
    if found := _find(name):
        return found
    raise PackagesMissing(f"{name} is not installed: it is in Debian's package {_PACKAGES[name]}")


def require_programs(folder: Folder) -> str:
    """Have every program; says what was installed, which root can do on a Debian with apt.

    Raises:
        PackagesMissing: Some are missing and cannot be installed.
    """
    missing = _missing()
    if not missing:
        return ""
    names = " ".join(missing)
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        raise PackagesMissing(
            f"these packages are missing, and only root on a Debian can install them: {names}"
        )
    log = folder.logs / "apt.log"
    print(f"installing {names} with apt-get, as told in {log}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "--yes", "--no-install-recommends", *missing]
    # The lists may be of another day, or not there at all: then once more with new ones.
    with log.open("ab") as file:
        for command in (install, [apt, "update"], install):
            ended = subprocess.run(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
            if command is install and ended.returncode == 0:
                break
    if still := _missing():
        raise PackagesMissing(
            f"these packages are missing, and apt-get could not install them (see {log}):"
            f" {' '.join(still)}"
        )
    return names


def _missing() -> list[str]:
    return sorted({package for name, package in _PACKAGES.items() if _find(name) is None})


def _find(name: str) -> Path | None:
    places = os.pathsep.join((os.environ.get("PATH", ""), *_SYSTEM, *map(str, _postgresql())))
    found = shutil.which(name, path=places)
    return Path(found) if found else None


def _postgresql() -> list[Path]:
    """Debian keeps the servers of each major version apart, and out of every PATH."""
    versions = (each for each in _POSTGRESQL.glob("*/bin") if each.parent.name.isdigit())
    return sorted(versions, key=lambda each: -int(each.parent.name))
