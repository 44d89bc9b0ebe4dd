"""The version that a command is about."""

from collections.abc import Iterable

from longhop.errors import ConfigError, StorageError
from longhop.records.manifest import Manifest
from longhop.storage.datasets import DatasetStore

_SHOWN = 10


def find_version(datasets: DatasetStore, name: str, wanted: str) -> Manifest:
    """The manifest of `latest` or of a version by its name, whatever `latest` points to.

    Raises:
        ConfigError: There is none; the message names those that there are.
        StorageError: `latest` is wanted, and points to nothing that can be read.
    """
    names = datasets.names()
    if name not in names:
        there = _listed(names) or "none yet; `longhop build` publishes one"
        raise ConfigError(f"no dataset {name!r} in {datasets.files.root}; there is {there}")
    versions = datasets.versions(name)
    version = datasets.latest(name) if wanted == "latest" else wanted
    if version is not None and version in versions:
        return datasets.manifest(name, version)
    latest = _latest(datasets, name)
    missing = "has no latest version" if version is None else f"has no version {version!r}"
    named = (f"{each} (latest)" if each == latest else each for each in versions)
    raise ConfigError(f"dataset {name} {missing}; name one with --version: {_listed(named)}")


def _latest(datasets: DatasetStore, name: str) -> str | None:
    try:
        return datasets.latest(name)
    except StorageError:
        return None


def _listed(names: Iterable[str]) -> str:
    shown = sorted(names)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
