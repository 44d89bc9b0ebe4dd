"""`longhop push`: a published version goes to a Hugging Face hub."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flows.finding import find_version
from longhop.errors import ConfigError
from longhop.operations.pushing import Hub, pack
from longhop.records.manifest import Manifest
from longhop.resources import open_resources

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Wanted:
    """What is sent where; `endpoint` is that of the settings where none is given."""

    dataset: str
    repository: str
    version: str = "latest"
    endpoint: str | None = None
    private: bool = False
    dry: bool = False
    aside: bool = False
    anyway: bool = False


async def push(wanted: Wanted, tell: Tell) -> None:
    """Send a version, or say with `dry` what would be sent.

    Raises:
        ConfigError: There is no such version or no token, the hub lets nobody with it write there,
            or the version was held back.
        StorageError, EndpointError, TransientError: The store or the hub fails.
    """
    async with open_resources() as live:
        manifest = find_version(live.datasets, wanted.dataset, wanted.version)
        _refuse(manifest, wanted)
        token = live.settings.hub_token.get_secret_value()
        if not token and not wanted.dry:
            raise ConfigError("HF_TOKEN is not set: a token of the hub that may write")
        address = wanted.endpoint or live.settings.hub
        with pack(manifest, live.datasets, aside=wanted.aside) as package:
            named = f"{wanted.dataset} {manifest.version}"
            size = f"{len(package.files)} files, {package.size / 1e6:,.1f} MB"
            for each in package.left_out:
                tell(f"{each} stays here: it tells of what is not in the dataset")
            if wanted.dry:
                for path in sorted(package.files):
                    tell(path)
                tell(f"{named}: {size} would go to {wanted.repository}; nothing was sent")
                return
            tell(f"{named}: sending {size}")
            sent = Hub(address, token).push(
                package, wanted.repository, manifest.version, private=wanted.private
            )
        for each in sent.removed:
            tell(f"{each} of an earlier version is no longer there")
        tell(f"{named} is at {sent.url}, with the tag {manifest.version}")


def _refuse(manifest: Manifest, wanted: Wanted) -> None:
    """Nobody sends by accident what was held back, or to nobody's repository."""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", wanted.repository, re.ASCII):
        raise ConfigError(f"repository {wanted.repository!r} is none such as owner/name")
    missed = manifest.release.missed if manifest.release else ""
    if missed and not wanted.anyway:
        raise ConfigError(
            f"{wanted.dataset} {manifest.version} misses its release gate: {missed}; --anyway sends"
            " it all the same"
        )
    if not any(manifest.rows.values()):
        raise ConfigError(f"{wanted.dataset} {manifest.version} has not one row")
