"""What a version says of its documents, as far as it tells why rows are other."""

from collections.abc import Iterable, Mapping

from longhop.identity import digest
from longhop.publishing.changes import Known
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.corpus import Document, Draw, Membership, Sketch
from longhop.resources import resources
from longhop.storage.columns import schema_version

_LABELS = ("id", "license", "domain")


def known_of(made: Mapping[str, Artifact], takedowns: Iterable[str]) -> Known:
    """What the artifacts of a version say of its documents."""
    store = resources().store
    kept: set[str] = set()
    dropped: set[str] = set()
    for part in parts_of(made, "memberships"):
        for each in store.iterate(part, Membership):
            (kept if each.kept else dropped).add(each.document_id)
    draws = made.get("draws")
    return Known(
        read={
            each.document_id: (each.words, each.characters)
            for part in parts_of(made, "sketches")
            for each in store.iterate(part, Sketch)
            if each.document_id in kept
        },
        dropped=frozenset(dropped),
        written=frozenset(
            each.id for part in parts_of(made, "written") for each in store.iterate(part, Document)
        ),
        draws=(
            {each.document_id: each.told for each in store.iterate(draws, Draw)} if draws else None
        ),
        takedowns=frozenset(takedowns),
        labels=_labels_of(made) if "contexts" in made else {},
    )


def _labels_of(made: Mapping[str, Artifact]) -> dict[str, str]:
    """A hash of the licence and domain of each document, if the version keeps them as they are now.

    Those that an earlier release wrote have no domain, and are not compared.
    """
    parts = parts_of(made, "documents")
    parts += parts_of(made, "written") if parts else []
    if any(each.schema_version != schema_version(Document) for each in parts):
        return {}
    store, hashes = resources().store, dict[tuple[str, str], str]()
    labels = {}
    for part in parts:
        for batch in store.batches(part, Document, _LABELS):
            columns = (batch.column(each).to_pylist() for each in _LABELS)
            for document, *said in zip(*columns, strict=True):
                labels[document] = hashes.setdefault((said[0], said[1]), digest(*said)[:16])
    return labels
