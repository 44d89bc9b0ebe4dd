"""What an image installs of the lock file, and whether it did: no tools for development.

`python infra/image/wanted.py print` says what pyproject.toml wants, for pip, with the lock file as
its constraints; `check` fails where an installed package is not one of those that are locked.
"""

import re
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What a new virtual environment has before anything is installed.
_BEFORE = frozenset({"pip"})


def wanted(project: Path) -> list[str]:
    """What the program needs, as pyproject.toml says it, without its extras."""
    found: list[str] = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    return found


def locked(*files: Path) -> dict[str, str]:
    """The version of each package that a lock file names."""
    lines = (line.partition("#")[0] for file in files for line in file.read_text().splitlines())
    pairs = (line.partition("==") for line in lines if "==" in line)
    return {plain(name): version.partition(";")[0].strip() for name, _, version in pairs}


def plain(name: str) -> str:
    """A package's name as all spellings of it have it in common."""
    return re.sub(r"[-_.]+", "-", name.strip().partition("[")[0]).lower()


def strangers(installed: dict[str, str], known: dict[str, str]) -> list[str]:
    """Packages that are installed as no lock file has them; a local part, as +cpu, may differ."""
    return sorted(
        f"{name} {version}, locked is {known.get(name, 'none')}"
        for name, version in installed.items()
        if name not in _BEFORE and known.get(name) not in (version, version.partition("+")[0])
    )


def main() -> int:
    """Do what the command line says; the exit status is 1 where something is not as locked."""
    if sys.argv[1:] == ["print"]:
        print(*wanted(ROOT / "pyproject.toml"), sep="\n")
        return 0
    known = locked(ROOT / "requirements.lock", *Path(__file__).parent.glob("*.txt"))
    found = {plain(each.metadata["Name"]): each.version for each in distributions()}
    wrong = strangers(found, known)
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
