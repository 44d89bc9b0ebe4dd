"""What all published versions have in common: how they are described, and when there is one."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import longhop
from longhop.operations.preparing import Preparation, is_rehearsal, models_of
from longhop.publishing.drafting import Drafts
from longhop.publishing.figures import ROUNDS
from longhop.publishing.funnel import add_up
from longhop.records.accounts import Balance
from longhop.records.adaptation import Adaptation
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.base import Record
from longhop.records.corpus import Document, Membership
from longhop.records.manifest import Manifest
from longhop.records.money import Bill
from longhop.records.news import News
from longhop.resources import resources
from longhop.spec import DatasetSpec
from tasks.differing import CHANGES

# Artifacts that say nothing of a version that its others do not.
_APART = re.compile(r"trace|(documents|chunks|written_chunks)-\d+")


class Published(Record):
    """A dataset version, whether this build is the one that published it, and what was new.

    {"name": "almanac", "version": "v-5f0c1f1be6bd0a55", "rows": 120, "new": true,
     "folder": "datasets/almanac/v-5f0c1f1be6bd0a55", "news": {…}, "missed": ""}

    `missed` says what its release gate demands and its rows do not reach: `latest` has not moved.
    """

    name: str
    version: str
    rows: int
    new: bool
    folder: str
    news: News | None = None
    missed: str = ""


class Made(Record):
    """What a build has made, and what became of all that went in.

    {"balances": [{…}], "usage": {"ask": {…}}, "artifacts": {"draws": {…}, …}, "documents": [{…}],
     "rejected": [{…}], "sources": [{…}], "failed": [], "contaminations": [],
     "cleaning": {"white_space": 412}, "notes": [], "vectors": [{…}]}

    `vectors` are those of the documents, as far as they were embedded.
    """

    balances: tuple[Balance, ...]
    usage: dict[str, Bill]
    artifacts: dict[str, Artifact]
    documents: tuple[Artifact, ...]
    rejected: tuple[Artifact, ...]
    sources: tuple[Artifact, ...]
    failed: tuple[Artifact, ...]
    cleaning: dict[str, int]
    notes: tuple[str, ...]
    vectors: tuple[Artifact, ...] = ()
    contaminations: tuple[Artifact, ...] = ()


def describe_version(
    spec: DatasetSpec,
    preparation: Preparation,
    made: Made,
    drafts: Drafts,
    rows: dict[str, int],
    **more: Any,
) -> Manifest:
    """The manifest of a version of these files; `more` is what its kind of dataset has to say."""
    models = models_of(spec)
    models = {role: each for role, each in models.items() if _asks(role, more.get("kind", ""))}
    return Manifest(
        name=spec.name,
        base=preparation.base.version if preparation.base else "none",
        spec=spec.stated(),
        spec_hash=spec.hash,
        code=longhop.__version__,
        models=models,
        rehearsal=is_rehearsal(spec),
        prompts=preparation.prompt_hashes,
        inputs=preparation.inputs,
        weights=preparation.weights,
        vocabulary=preparation.vocabulary,
        balances=add_up(made.balances),
        usage=dict(sorted(made.usage.items())),
        prices=preparation.prices,
        rows=rows,
        artifacts=made.artifacts,
        takedowns=preparation.takedowns.marks,
        files=drafts.files,
        cleaning=made.cleaning,
        **more,
    )


def _asks(role: str, kind: str) -> bool:
    """Whether a role has a part in rows of a kind: pairs end with asking, contexts begin after."""
    if kind == "pairs":
        return role == "ask"
    return kind != "contexts" or role not in ("ask", "merge")


def publish_version(
    manifest: Manifest,
    base: Manifest | None,
    drafts: Drafts,
    pages: Callable[[], Mapping[str, bytes | Path]],
    *,
    hold: bool,
) -> Published:
    """The version as it is published, or the latest one where that says all that this one does.

    With `hold`, or where the release gate is missed, `latest` does not point to it yet.
    """
    if known := known_version(manifest, base):
        return known
    missed = why_withheld(manifest, base)
    contents: dict[str, bytes | Path] = {**drafts.contents, **pages()}
    resources().datasets.publish(manifest, contents, hold=hold or bool(missed))
    return published(manifest, new=True, missed=missed)


def known_version(manifest: Manifest, base: Manifest | None) -> Published | None:
    """The latest version, where it says all that this one does, and is whole."""
    datasets = resources().datasets
    for known in (manifest, base):
        if (
            known is not None
            and datasets.latest(manifest.name) == known.version
            and _same(manifest, known)
            and datasets.is_whole(known)
        ):
            return published(known, new=False)
    return None


def published(manifest: Manifest, *, new: bool, missed: str = "") -> Published:
    """A version as flows and people are told of it."""
    return Published(
        name=manifest.name,
        version=manifest.version,
        rows=sum(manifest.rows.values()),
        new=new,
        folder=resources().datasets.folder(manifest.name, manifest.version),
        missed=missed,
    )


def why_withheld(manifest: Manifest, base: Manifest | None) -> str:
    """Why a version must not be the latest one; empty where it may."""
    before = sum(base.rows.values()) if base is not None else 0
    if base is not None and before and not manifest.rows:
        return f"there is not one row, and {base.version} has {before}"
    return manifest.release.missed if manifest.release else ""


def read_adaptation(made: Made) -> Adaptation | None:
    """What became of adapting the embedder, if it was tried."""
    artifact = made.artifacts.get("adaptation")
    return resources().store.read(artifact, Adaptation)[0] if artifact else None


def licenses_of(used: set[str], documents: Iterable[Artifact]) -> dict[str, int]:
    """How many of the used documents stand under each licence."""
    store = resources().store
    rows = (each for part in documents for each in store.iterate(part, Document))
    return counted(each.license for each in rows if each.id in used)


def groups_of(made: Made) -> dict[str, str]:
    """The near-duplicate group of each document of the corpus."""
    store = resources().store
    parts = parts_of(made.artifacts, "memberships")
    return {
        each.document_id: each.group for part in parts for each in store.iterate(part, Membership)
    }


def counted(values: Iterable[Any]) -> dict[Any, int]:
    """How often each value occurs, in the order of the values."""
    counts: dict[Any, int] = {}
    for each in values:
        counts[each] = counts.get(each, 0) + 1
    return dict(sorted(counts.items()))


def _same(manifest: Manifest, base: Manifest) -> bool:
    """Whether all that the two say of the dataset is the same, but for where each came from.

    How its documents were drawn, round by round, is told of the build that asked them; the
    documents and chunks themselves are known by their sketches. What is new is told against
    another base.
    """
    apart = {"base", "changes", "reasons", "takedowns", "usage", "prices", "balances"}
    apart |= {"artifacts", "files"}
    if manifest.model_dump(exclude=apart) != base.model_dump(exclude=apart):
        return False
    (one, files), (other, others) = (
        (
            {name: each for name, each in made.artifacts.items() if not _APART.fullmatch(name)},
            [each for each in made.files if each.path not in (CHANGES, ROUNDS)],
        )
        for made in (manifest, base)
    )
    return (one, files) == (other, others)
