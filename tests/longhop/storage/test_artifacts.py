"""Artifacts, receipts and published versions."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from longhop.errors import ConfigError, StorageError
from longhop.records.accounts import Balance
from longhop.records.artifacts import Artifact, Outcome, Receipt
from longhop.records.corpus import Document
from longhop.records.manifest import Manifest, PublishedFile
from longhop.records.verification import MultiHop
from longhop.storage.artifacts import ArtifactStore
from longhop.storage.datasets import DatasetStore
from longhop.storage.files import Files
from longhop.storage.receipts import ReceiptStore
from tests.fakes import BORN, FOUNDED, document, multi_hop


def test_records_come_back_as_they_went_in(files: Files):
    store = ArtifactStore(files)
    rows = [multi_hop(BORN, FOUNDED)]

    assert store.read(store.write("multi_hop", rows, MultiHop), MultiHop) == rows


def test_equal_rows_make_one_object(files: Files):
    """An artifact is named by its content, so later stages see that nothing has changed."""
    store = ArtifactStore(files)
    first, second = (store.write("documents", [document("a", "text")], Document) for _ in "12")

    assert first == second
    assert files.list("artifacts") == [first.path]


def test_an_empty_artifact_can_be_read(files: Files):
    store = ArtifactStore(files)

    assert store.read(store.write("documents", [], Document), Document) == []


def test_an_object_with_other_bytes_is_refused(files: Files):
    """Half-written or swapped objects are never read as if they were whole."""
    store = ArtifactStore(files)
    artifact = store.write("documents", [document("a", "text")], Document)
    files.write(artifact.path, b"something else")

    with pytest.raises(StorageError, match="does not hold the bytes"):
        store.read(artifact, Document)


def test_a_lost_artifact_voids_its_receipt(files: Files):
    """The stage then runs again, instead of a later one failing on what is gone."""
    receipts, store = ReceiptStore(files), ArtifactStore(files)
    artifact = store.write("documents", [document("a", "text")], Document)
    outcome = Outcome(artifacts={"kept": artifact})
    receipts.write(Receipt(stage="clean", revision=1, key="k", outcome=outcome))
    assert receipts.find("clean", "k") == outcome

    files.delete(artifact.path)

    assert receipts.find("clean", "k") is None


def test_the_first_receipt_of_a_key_holds(files: Files):
    receipts, store = ReceiptStore(files), ArtifactStore(files)
    kept = [
        Outcome(artifacts={"kept": store.write("documents", [document(name, "text")], Document)})
        for name in "ab"
    ]
    first = receipts.write(Receipt(stage="clean", revision=1, key="k", outcome=kept[0]))
    second = receipts.write(Receipt(stage="clean", revision=1, key="k", outcome=kept[1]))

    assert first == second == kept[0]


def test_a_version_is_found_by_latest_and_by_name(files: Files):
    store = DatasetStore(files)
    assert store.resolve("almanac", "latest") is None
    version = store.publish(manifest(), {"data/train.parquet": b"rows"})

    assert store.resolve("almanac", "latest") == store.resolve("almanac", version)
    assert store.resolve("almanac", "none") is None
    assert files.read(f"datasets/almanac/{version}/data/train.parquet") == b"rows"


@pytest.mark.parametrize("wanted", ["v-0000000000000000", "../../etc", "newest"])
def test_a_version_that_was_never_published_is_refused(files: Files, wanted: str):
    with pytest.raises(ConfigError):
        DatasetStore(files).resolve("almanac", wanted)


@pytest.mark.parametrize("damage", [b"", b'{"version"', b'{"version": 5}'])
def test_a_damaged_pointer_is_one_message(files: Files, damage: bytes):
    store = DatasetStore(files)
    store.publish(manifest(), {})
    files.write("datasets/almanac/latest.json", damage)

    with pytest.raises(StorageError, match="--base"):
        store.resolve("almanac", "latest")


def test_a_damaged_manifest_is_one_message(files: Files):
    store = DatasetStore(files)
    version = store.publish(manifest(), {})
    path = f"datasets/almanac/{version}/manifest.json"
    whole = files.read(path)
    for damage in (whole[:50], whole.replace(b'"code": "1"', b'"code": "2"')):
        files.write(path, damage)
        with pytest.raises(StorageError, match=version):
            store.resolve("almanac", "latest")


def test_a_version_with_a_hole_is_not_whole(files: Files):
    store = DatasetStore(files)
    listed = PublishedFile(
        path="data/train.parquet", sha256=hashlib.sha256(b"rows").hexdigest(), bytes=4, rows=1
    )
    told = manifest().model_copy(update={"files": (listed,)})
    version = store.publish(told, {"data/train.parquet": b"rows"})
    assert store.is_whole(told)

    files.write(f"datasets/almanac/{version}/data/train.parquet", b"hole")
    assert not store.is_whole(told)
    files.delete(f"datasets/almanac/{version}/data/train.parquet")
    assert not store.is_whole(told)


def test_a_publication_that_breaks_off_leaves_latest_alone(files: Files):
    """The manifest comes after the files, and latest after the manifest."""
    store = DatasetStore(files)
    version = store.publish(manifest(), {"data/train.parquet": b"rows"})
    broken = DatasetStore(StopsAt(files, "README.md"))
    with pytest.raises(OSError, match="power"):
        broken.publish(manifest(code="2"), {"README.md": b"card", "data/train.parquet": b"new"})

    assert store.latest("almanac") == version
    assert files.read(f"datasets/almanac/{version}/data/train.parquet") == b"rows"


@pytest.mark.parametrize("name", ["data/test.parquet", "data/train.parquet", "manifest.json"])
def test_a_kill_between_files_leaves_the_old_version_whole(files: Files, name: str):
    """Whichever file is the last that arrives; the next build publishes it all."""
    store = DatasetStore(files)
    version = store.publish(manifest(), {"data/train.parquet": b"rows"})
    told = manifest(code="2").model_copy(
        update={"files": tuple(described(path, data) for path, data in NEW.items())}
    )
    with ExitStack() as held:
        drafts = {path: held.enter_context(drafted(files, data)) for path, data in NEW.items()}
        with pytest.raises(OSError, match="power"):
            DatasetStore(StopsAt(files, name)).publish(told, drafts)

        assert store.resolve("almanac", "latest") == store.manifest("almanac", version)
        assert files.read(f"datasets/almanac/{version}/data/train.parquet") == b"rows"
        assert not store.is_whole(told) or name == "manifest.json"
    with ExitStack() as held:
        drafts = {path: held.enter_context(drafted(files, data)) for path, data in NEW.items()}
        store.publish(told, drafts)

    assert store.is_whole(told)
    assert store.latest("almanac") == told.version
    assert not any(at.exists() for at in drafts.values()), "and none lies about"


def test_what_a_kill_leaves_is_removed_after_a_day(files: Files, monkeypatch, tmp_path: Path):
    """Not at once: another build may be at work on it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    held = files.draft()
    left = held.__enter__()
    files.tidy()
    assert left.exists()

    os.utime(left, (0, 0))
    files.tidy()
    assert not left.exists()


NEW = {"data/test.parquet": b"new rows", "data/train.parquet": b"more" * 1000}


def described(path: str, data: bytes) -> PublishedFile:
    return PublishedFile(
        path=path, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), rows=1
    )


@contextmanager
def drafted(files: Files, data: bytes) -> Iterator[Path]:
    with files.draft() as path:
        path.write_bytes(data)
        yield path


def test_an_opened_artifact_is_read_as_often_as_wanted(files: Files):
    store = ArtifactStore(files)
    rows = [document(f"d{n}", f"text {n}") for n in range(300)]
    artifact = store.write("documents", rows, Document)

    with store.opened(artifact, Document) as found:
        assert list(found) == list(found) == rows
        assert list(found.values("id", "text")) == [(each.id, each.text) for each in rows]
        with pytest.raises(StorageError, match="other columns"):
            list(found.values("colour"))


class StopsAt:
    """A store whose power fails at a file."""

    def __init__(self, files: Files, name: str) -> None:
        self.files, self.name, self.root = files, name, files.root
        self.read = files.read

    def write(self, path: str, data: bytes) -> None:
        if path.endswith(self.name):
            raise OSError("power cut")
        self.files.write(path, data)

    def adopt(self, path: str, draft: Path) -> None:
        if path.endswith(self.name):
            raise OSError("power cut")
        self.files.adopt(path, draft)


def manifest(code: str = "1") -> Manifest:
    artifact = Artifact(kind="rows", hash="0" * 64, rows=1, bytes=1, schema_version="0")
    return Manifest(
        name="almanac",
        base="none",
        spec={},
        spec_hash="0",
        code=code,
        models={},
        rehearsal=True,
        prompts={},
        inputs={},
        weights="",
        vocabulary="",
        balances=(Balance(stage="read", unit="line", taken=1, accepted=1),),
        usage={},
        prices=None,
        rows={"train": 1},
        proofs={},
        licenses={},
        artifacts={"rows": artifact},
        files=(),
        changes={},
        cleaning={},
        shorter=0,
    )
