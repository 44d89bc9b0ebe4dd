"""`longhop report`: the page of a published version, written again from its files alone."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from flows.finding import find_version
from longhop.errors import ConfigError, StorageError
from longhop.publishing.drafting import Drafts
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.report.writing import MARK, PAGE, write_page
from longhop.records.manifest import Manifest
from longhop.resources import Resources, open_resources

Tell = Callable[[str], object]

# The mark stands in the head of a page, before its style.
_HEAD = 4096


@dataclass(frozen=True)
class Wanted:
    """Which version, and the file that its page goes into: `report-<dataset>.html` if none."""

    version: str = "latest"
    out: Path | None = None


async def report_version(dataset: str, wanted: Wanted, tell: Tell) -> None:
    """Write the page of a version, and the files that it loads beside it.

    Raises:
        ConfigError: There is no such dataset or version, or something else lies in the file.
        StorageError: A file of the version is not there as it was published, or is of a release
            whose rows have other columns.
    """
    out = wanted.out or Path(f"report-{dataset}.html")
    async with open_resources() as live:
        manifest = find_version(live.datasets, dataset, wanted.version)
        _check(out)
        with _read(manifest, live) as files, Drafts(_scratch) as drafts:
            try:
                write_page(manifest, files, drafts)
            except (KeyError, ValidationError) as error:
                raise StorageError(
                    f"{manifest.name} {manifest.version} was published by release {manifest.code},"
                    " whose rows have other columns: this release cannot read them"
                ) from error
            for path, draft in drafts.contents.items():
                target = out if path == PAGE else out.parent / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(draft, target)
            beside = len(drafts.contents) - 1
    tell(f"dataset      {manifest.name} {manifest.version}")
    tell(f"page         {out}")
    if beside:
        tell(f"beside it    {out.parent / 'report' / manifest.version}: what it loads when asked")


def _check(out: Path) -> None:
    """Refuse a file that is no page of ours."""
    try:
        with out.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError as error:
        if out.parent.is_dir():
            return
        raise ConfigError(f"--out {out}: there is no folder {out.parent}") from error
    except OSError as error:
        raise ConfigError(f"--out {out}: {error.strerror}") from error
    if MARK.encode() not in head:
        raise ConfigError(f"--out {out} is there already and is no report; name another file")


@contextmanager
def _read(manifest: Manifest, live: Resources) -> Iterator[VersionFiles]:
    """The data files of a version on this machine, fetched where they are elsewhere."""
    folder = live.datasets.folder(manifest.name, manifest.version)
    places = {}
    with ExitStack() as held:
        for each in manifest.files:
            if VersionFiles.are_read(each.path):
                try:
                    copy = live.files.local_copy(f"{folder}/{each.path}")
                    places[each.path] = held.enter_context(copy)
                    with places[each.path].open("rb") as file:
                        hashed = hashlib.file_digest(file, "sha256").hexdigest()
                except FileNotFoundError as error:
                    raise StorageError(
                        f"{manifest.name} {manifest.version}: {each.path} is gone from"
                        f" {live.files.root}"
                    ) from error
                if hashed != each.sha256:
                    raise StorageError(
                        f"{manifest.name} {manifest.version}: {each.path} does not hold the bytes"
                        " that were published"
                    )
        yield VersionFiles(places)


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="longhop-report-") as folder:
        yield Path(folder) / "draft"
