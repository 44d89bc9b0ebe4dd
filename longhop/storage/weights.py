"""Weights in the store: a model's files as one artifact, so that a rerun finds them."""

import base64
from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePosixPath

from longhop.errors import StorageError
from longhop.records.adaptation import WeightsPart
from longhop.records.artifacts import Artifact
from longhop.storage.artifacts import ArtifactStore

_PART = 3 << 18  # bytes; one mebibyte in base 64


def store_weights(store: ArtifactStore, folder: Path) -> Artifact:
    """The files below a folder as an artifact; the same files make the same one."""
    return store.write("weights", _parts(folder), WeightsPart)


def unpack_weights(store: ArtifactStore, weights: Artifact, folder: Path) -> None:
    """Write the files of an artifact below a folder, which is empty.

    Raises:
        StorageError: The object is gone or damaged, or names a file outside of the folder.
    """
    for part in store.iterate(weights, WeightsPart):
        name = PurePosixPath(part.file)
        if name.is_absolute() or ".." in name.parts:
            raise StorageError(f"artifact {weights.path} names a file elsewhere: {part.file}")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(base64.b64decode(part.data))


def _parts(folder: Path) -> Iterator[WeightsPart]:
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as file:
            for number in count():
                data = file.read(_PART)
                if not data and number:
                    break
                yield WeightsPart(file=name, part=number, data=base64.b64encode(data).decode())
