"""What of a version goes to a hub, without the places it was built from."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from longhop.errors import StorageError
from longhop.operations.pushing.places import private_places, without_places
from longhop.publishing.drafting import Drafts
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.report.writing import PAGE, write_page
from longhop.records.manifest import Manifest
from longhop.storage.datasets import DatasetStore
from longhop.storage.files import Files

# What tells of things that are not in the dataset: lines and replies that were turned away, and
# the files that they stood in.
ASIDE = frozenset({"rejected.parquet", "failed.parquet", "contamination.parquet"})
# Files that people read, in which places may be named.
_TEXTS = frozenset({".md", ".html", ".json", ".js", ".yaml"})


@dataclass(frozen=True)
class Package:
    """The files of a version on their way: their paths there, each with its bytes or its file."""

    files: Mapping[str, bytes | Path]
    left_out: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return sum(
            each.stat().st_size if isinstance(each, Path) else len(each)
            for each in self.files.values()
        )


@contextmanager
def pack(manifest: Manifest, datasets: DatasetStore, *, aside: bool = False) -> Iterator[Package]:
    """The package of a version, for as long as it is needed.

    Folders and buckets of its inputs are taken out of all texts, so that the names of files are
    left. With `aside` what was turned away goes, too, as it is.

    Raises:
        StorageError: A file of the version is gone or is not as it was published.
    """
    if not datasets.is_whole(manifest):
        raise StorageError(f"{manifest.name} {manifest.version} is not whole in the store any more")
    folder = datasets.folder(manifest.name, manifest.version)
    places = private_places(manifest)
    names = [each.removeprefix(f"{folder}/") for each in datasets.files.list(folder)]
    left_out = tuple(name for name in names if name in ASIDE and not aside)
    with ExitStack() as held:
        contents = {
            name: _content(f"{folder}/{name}", datasets.files, places, held)
            for name in names
            if name not in left_out
        }
        if left_out and PAGE in contents:
            page = _page_of(manifest, folder, datasets.files, left_out)
            contents[PAGE] = without_places(page, places)
        yield Package(files=contents, left_out=left_out)


def _page_of(manifest: Manifest, folder: str, files: Files, left_out: Collection[str]) -> bytes:
    """The page of the version, written anew without what stays: it would show some of that."""
    with ExitStack() as held:
        read = {
            each.path: held.enter_context(files.local_copy(f"{folder}/{each.path}"))
            for each in manifest.files
            if VersionFiles.are_read(each.path) and each.path not in left_out
        }
        drafts = held.enter_context(Drafts(files.draft))
        write_page(manifest, VersionFiles(read), drafts)
        return drafts.contents[PAGE].read_bytes()


def _content(path: str, files: Files, places: Mapping[str, str], held: ExitStack) -> bytes | Path:
    # What the page loads is known to it by its hash, and has the texts of rows alone.
    if PurePosixPath(path).suffix in _TEXTS and "/report/" not in path:
        return without_places(files.read(path), places)
    return held.enter_context(files.local_copy(path))
