"""What is new in a corpus since a version of its dataset: told before a night costs anything."""

from collections.abc import Mapping

from longhop.records.artifacts import Artifact, parts_of
from longhop.records.corpus import Membership, Sketch
from longhop.records.manifest import Manifest
from longhop.records.news import News
from longhop.storage.artifacts import ArtifactStore

# Of a document the hash of its words in order, and its length.
_Look = tuple[str, int]


def news_since(
    version: Manifest | None, artifacts: Mapping[str, Artifact], store: ArtifactStore
) -> News:
    """How the documents that a build keeps differ from those of a version, if it continues one.

    A document is changed where its words or its length are.
    """
    now = _kept(artifacts, store)
    if version is None:
        return News(since="none", new=len(now), changed=0, removed=0, kept=0)
    before = _kept(version.artifacts, store)
    both = now.keys() & before.keys()
    changed = sum(now[each] != before[each] for each in both)
    return News(
        since=version.version,
        new=len(now) - len(both),
        changed=changed,
        removed=len(before) - len(both),
        kept=len(both) - changed,
    )


def _kept(artifacts: Mapping[str, Artifact], store: ArtifactStore) -> dict[str, _Look]:
    kept = {
        each.document_id
        for part in parts_of(artifacts, "memberships")
        for each in store.iterate(part, Membership)
        if each.kept
    }
    return {
        each.document_id: (each.words, each.characters)
        for part in parts_of(artifacts, "sketches")
        for each in store.iterate(part, Sketch)
        if each.document_id in kept
    }
