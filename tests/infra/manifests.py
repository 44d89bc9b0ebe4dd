"""The files of infra/, read: objects of Kubernetes, containers, and the names of settings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import AliasChoices

from longhop.settings import Settings

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
KUBERNETES = INFRA / "kubernetes"
OVERLAYS = ("base", "dask", "dask-gpu")
# Of the flows and the image, and so not among the library's settings.
_BESIDE = {"LONGHOP_HOME", "LONGHOP_NOTIFY"}


@dataclass(frozen=True)
class Container:
    """A container of a pod, with the pod it is in."""

    name: str
    said: dict[str, Any]
    pod: dict[str, Any]


def objects() -> list[tuple[str, dict[str, Any]]]:
    """All of Kubernetes' objects, each with the file that it is in."""
    return [
        (f"{path.parent.name}/{path.name}:{each['kind']}", each)
        for path in sorted(KUBERNETES.glob("*/*.yaml"))
        if path.name != "kustomization.yaml"
        for each in yaml.safe_load_all(path.read_text())
    ]


def containers() -> Iterator[Container]:
    """The containers of all objects that start pods."""
    for where, each in objects():
        if each["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
            pod = each["spec"]["template"]["spec"]
            for said in [*pod.get("initContainers", []), *pod["containers"]]:
                yield Container(f"{where}/{said['name']}", said, pod)


def services() -> dict[str, dict[str, Any]]:
    """The services of the compose file."""
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def compose() -> dict[str, Any]:
    """The compose file."""
    read: dict[str, Any] = yaml.safe_load((INFRA / "compose.yaml").read_text())
    return read


def known_names() -> set[str]:
    """The variables that LongHop reads."""
    names = set(_BESIDE)
    for field, info in Settings.model_fields.items():
        names.add(f"LONGHOP_{field.upper()}")
        if isinstance(info.validation_alias, AliasChoices):
            names |= {str(each) for each in info.validation_alias.choices}
    return names


def named_in(text: str) -> set[str]:
    """The variables of ours, and of the endpoint, that a text names."""
    return set(re.findall(r"\b(?:LONGHOP|OPENAI)_[A-Z0-9_]*[A-Z0-9]\b", text))
