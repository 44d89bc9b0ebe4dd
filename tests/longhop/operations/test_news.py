"""What a night found new is told by document."""

from pathlib import Path

from longhop.operations.news import news_since
from longhop.records.artifacts import Artifact
from longhop.records.corpus import Membership, Sketch, Split
from longhop.records.manifest import Manifest
from longhop.storage.artifacts import ArtifactStore
from longhop.storage.files import LocalFiles
from tests.longhop.storage.test_artifacts import manifest


def sketch(name: str, words: str) -> Sketch:
    return Sketch(
        document_id=name,
        words=words,
        characters=len(words),
        described=0,
        shingles=1,
        bands=(),
        anchors="",
    )


def made_of(documents: dict[str, str], store: ArtifactStore) -> dict[str, Artifact]:
    """The artifacts of a build that keeps all documents but those whose name begins with x."""
    members = [
        Membership(document_id=each, group=each, split=Split.TRAIN, kept=not each.startswith("x"))
        for each in documents
    ]
    looks = [sketch(name, words) for name, words in documents.items()]
    return {
        "memberships-0": store.write("memberships", members, Membership),
        "sketches-0": store.write("sketches", looks, Sketch),
    }


def continued(documents: dict[str, str], store: ArtifactStore) -> Manifest:
    return manifest().model_copy(update={"artifacts": made_of(documents, store)})


def test_new_changed_and_removed_documents_are_counted(tmp_path: Path):
    store = ArtifactStore(LocalFiles(tmp_path))
    base = continued({"a": "one", "b": "two", "c": "three", "xd": "copy"}, store)
    now = made_of({"a": "one", "b": "two more", "e": "new", "xf": "copy"}, store)
    found = news_since(base, now, store)

    assert (found.new, found.changed, found.removed, found.kept) == (1, 1, 1, 1)
    assert str(found) == f"1 document new, 1 changed, 1 removed since {base.version}"


def test_without_a_version_all_are_new(tmp_path: Path):
    store = ArtifactStore(LocalFiles(tmp_path))

    assert str(news_since(None, made_of({"a": "one"}, store), store)) == (
        "1 document, all of them new"
    )
