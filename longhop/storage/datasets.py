"""Published datasets: versions that are visible only when complete; `latest` moves last."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from longhop.errors import ConfigError, StorageError, TakenDown
from longhop.identity import canonical_json
from longhop.records.manifest import Manifest
from longhop.records.takedowns import Takedowns
from longhop.storage.files import Files

# So many runs back a rate is looked for.
_NOTES = 20
_VERSION = re.compile(r"v-[0-9a-f]{16}")


class DatasetStore:
    """Reads and publishes the versions of datasets."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def resolve(self, name: str, wanted: str) -> Manifest | None:
        """The manifest of `latest`, of a named version, or of none at all.

        Raises:
            ConfigError: A version is named that was never published whole.
        """
        if wanted == "none":
            return None
        version = self.latest(name) if wanted == "latest" else wanted
        if version is None:
            return None
        return self.manifest(name, version)

    def has(self, name: str, version: str) -> bool:
        """Whether a version was published whole, and is still there; `none` always is."""
        path = f"{self.folder(name, version)}/manifest.json"
        return version == "none" or self.files.exists(path)

    def versions(self, name: str) -> list[str]:
        """The versions that were published whole, in the order of their names."""
        paths = (each.split("/") for each in self.files.list(f"datasets/{name}"))
        return sorted(each[2] for each in paths if each[3:] == ["manifest.json"])

    def names(self) -> list[str]:
        """The datasets that have a version which was published whole."""
        paths = (each.split("/") for each in self.files.list("datasets"))
        return sorted({each[1] for each in paths if each[3:] == ["manifest.json"]})

    def takedowns(self, name: str) -> Takedowns:
        """The documents that were taken down of a dataset."""
        path = f"datasets/{name}/takedowns.json"
        try:
            return Takedowns.model_validate_json(self.files.read(path))
        except FileNotFoundError:
            return Takedowns()
        except ValidationError as error:
            raise StorageError(
                f"{path} cannot be read: restore it, or take its documents down again once it is"
                " removed"
            ) from error

    def remember_takedowns(self, name: str, takedowns: Takedowns) -> None:
        """Keep the list of what was taken down, in the place of the earlier one."""
        data = takedowns.model_dump_json(indent=1, exclude_defaults=True)
        self.files.write(f"datasets/{name}/takedowns.json", data.encode())

    def latest(self, name: str) -> str | None:
        """The version that `latest` points to, if any was published."""
        try:
            pointer = json.loads(self.files.read(f"datasets/{name}/latest.json"))
        except FileNotFoundError:
            return None
        except ValueError:
            pointer = None
        version = pointer.get("version") if isinstance(pointer, dict) else None
        if not isinstance(version, str):
            raise StorageError(
                f"datasets/{name}/latest.json names no version; name one with --base, or remove it"
            )
        return version

    def manifest(self, name: str, version: str) -> Manifest:
        """The manifest of a version.

        Raises:
            ConfigError: There is no such version.
        """
        if not _VERSION.fullmatch(version):
            raise ConfigError(f"base {version!r}: neither latest, none nor a version like v-1a2b…")
        try:
            data = self.files.read(f"{self.folder(name, version)}/manifest.json")
        except FileNotFoundError as error:
            raise ConfigError(f"dataset {name} has no version {version}") from error
        try:
            manifest = Manifest.model_validate_json(data)
        except ValidationError as error:
            raise StorageError(
                f"the manifest of {name} {version} cannot be read; name another version, or build"
                " with --base none"
            ) from error
        if manifest.version != version:
            raise StorageError(f"the manifest of {name} {version} is not the one it was named for")
        return manifest

    def is_whole(self, manifest: Manifest) -> bool:
        """Whether every file of a version is there as it was published."""
        folder = self.folder(manifest.name, manifest.version)
        try:
            return all(
                self._hash_of(f"{folder}/{each.path}") == each.sha256 for each in manifest.files
            )
        except FileNotFoundError:
            return False

    def publish(
        self, manifest: Manifest, contents: Mapping[str, bytes | Path], *, hold: bool = False
    ) -> str:
        """Write the files, then the manifest, then move `latest`, but on hold; returns the version.

        A file is given as its bytes, or as a draft of these `files`, which is taken over.
        Killed at any point, the older version stays whole and `latest` keeps pointing at it.

        Raises:
            TakenDown: Documents were taken down since the version was begun.
        """
        self._require_taken_down(manifest)
        folder = self.folder(manifest.name, manifest.version)
        for path, data in sorted(contents.items()):
            if isinstance(data, Path):
                self.files.adopt(f"{folder}/{path}", data)
            else:
                self.files.write(f"{folder}/{path}", data)
        self.files.write(f"{folder}/manifest.json", manifest.to_json())
        if not hold:
            self.move_latest(manifest.name, manifest.version)
        return manifest.version

    def move_latest(self, name: str, version: str) -> None:
        """Let `latest` point to a version that is published whole.

        Looked at before and after: whoever takes a document down lists it first and looks at
        `latest` last, so that one of the two sees the other.

        Raises:
            TakenDown: Documents were taken down since the version was begun.
        """
        manifest = self.manifest(name, version) if self.has(name, version) else None
        if manifest is not None:
            self._require_taken_down(manifest)
        self.files.write(
            f"datasets/{name}/latest.json", canonical_json({"version": version}).encode()
        )
        if manifest is not None:
            self._require_taken_down(manifest)

    def _require_taken_down(self, manifest: Manifest) -> None:
        listed = set(self.takedowns(manifest.name).marks) - set(manifest.takedowns)
        if listed:
            raise TakenDown(
                f"{manifest.name}: {len(listed)} documents were taken down since this version was"
                f" begun ({', '.join(sorted(listed)[:3])}): build again. All answers are kept; what"
                " was asked of other documents is not asked again"
            )

    def note_run(self, name: str, run_id: str, note: Mapping[str, object]) -> None:
        """Keep what is true of one run alone, such as its times, apart from the version."""
        self.files.write(
            f"datasets/{name}/runs/{run_id}.json", json.dumps(dict(note), indent=1).encode()
        )

    def last_rate(self, name: str) -> float | None:
        """The answers a second of the last run that had fresh ones, if any was noted."""
        for path in sorted(self.files.list(f"datasets/{name}/runs"), reverse=True)[:_NOTES]:
            try:
                rate = json.loads(self.files.read(path)).get("answers_per_second")
            except (ValueError, AttributeError, FileNotFoundError):
                continue
            if isinstance(rate, int | float) and rate > 0:
                return float(rate)
        return None

    def _hash_of(self, path: str) -> str:
        with self.files.local_copy(path) as copy, copy.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def folder(self, name: str, version: str) -> str:
        """Where the files of a version lie in the store."""
        return f"datasets/{name}/{version}"
