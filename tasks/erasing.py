"""Remove the text of documents from a store: memo, receipts, artifacts, versions, notes of runs.

What tells how to find them goes last, so that whoever is killed can begin again and finish.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from longhop.corpus.deduplicating.sketching import key_of_sketch
from longhop.corpus.reading.arranging import told_of_rivals
from longhop.identity import digest
from longhop.operations.erasing import Trail, strings_of
from longhop.operations.erasing.strings import strings_in_json
from longhop.records.artifacts import parts_of
from longhop.records.manifest import Manifest
from longhop.records.verification import MultiHop
from longhop.resources import Resources
from longhop.selection.embedding.windows import windows_of
from longhop.spec import DatasetSpec
from tasks.reaching import Reach, reach_of, there_of
from tasks.replaying import keys_of
from tasks.scanning import columns_of

_SOURCES = "artifacts/documents/"


@dataclass
class Erased:
    """What was removed, in the order in which it went."""

    answers: int = 0
    vectors: int = 0
    sketches: int = 0
    receipts: int = 0
    artifacts: int = 0
    versions: int = 0
    notes: int = 0


@dataclass(frozen=True)
class Evidence:
    """How the documents are found: their trail, and the keys of what the memo has of them."""

    trail: Trail
    answers: frozenset[str]
    vectors: frozenset[str]
    sketches: frozenset[str]


def doomed_versions(
    live: Resources, named: frozenset[str], begun: Collection[str]
) -> list[Manifest]:
    """Every version of the store that has one of the documents, as far as it can be read.

    Of those of which an erasure has `begun` artifacts may be gone; the memo was done before.
    """
    found = []
    for name in live.datasets.names():
        for version in live.datasets.versions(name):
            manifest = live.datasets.manifest(name, version)
            if f"{name}/{version}" in begun and not _is_readable(live, manifest):
                continue
            if not named.isdisjoint(there_of(manifest)):
                found.append(manifest)
    return found


def _is_readable(live: Resources, manifest: Manifest) -> bool:
    return all(live.files.exists(each.path) for each in manifest.artifacts.values())


async def evidence_of(
    live: Resources, named: frozenset[str], versions: Iterable[Manifest]
) -> Evidence:
    """All by which the documents can be found, while it is still there."""
    reaches = [(each, reach_of(each, named)) for each in versions]
    asked = [*columns_of(live.files, "artifacts/single_hop", ("id", "document_id", "question"))]
    own = [(name, question) for name, document, question in asked if document in named]
    foreign = {question for _, document, question in asked if document not in named}
    # Seeds are the user's own questions: another dataset may have been made of them, too.
    foreign |= {each for (each,) in columns_of(live.files, "artifacts/seeds", ("question",))}
    questions = ({each for _, each in own} | {*_worded(live, reaches)}) - foreign
    written = frozenset().union(*(each.documents for _, each in reaches), named)
    chunks = [*columns_of(live.files, "artifacts/chunks", ("id", "document_id"))]
    names = frozenset().union(
        written,
        *(each.names for _, each in reaches),
        (name for name, _ in own),
        (name for name, document in chunks if document in written),
    )
    texts = [
        (title, text)
        for document, title, text in columns_of(
            live.files, "artifacts/documents", ("id", "title", "text")
        )
        if document in written
    ]
    others = (
        f"{title}\n{text}"
        for document, title, text in columns_of(
            live.files, "artifacts/documents", ("id", "title", "text")
        )
        if document not in written
    )
    said = [f"{title}\n{text}" for title, text in texts]
    trail = Trail(names, [*said, *_rivals(live, named)], others, questions)
    keys: set[str] = set()
    for manifest, reach in reaches:
        keys |= await keys_of(manifest, reach)
    bare = [text for _, text in texts]
    specs = [DatasetSpec.model_validate(each.spec) for each, _ in reaches]
    answers = [f"{each}\n{answer}" for each, answer in _answered(live, named)]
    return Evidence(
        trail=trail,
        answers=frozenset(keys),
        vectors=frozenset(
            digest("vector", each.weights, window)
            for each, _ in reaches
            for text in [*bare, *answers]
            for window in windows_of(text)
        ),
        sketches=frozenset(
            key_of_sketch(text, each.deduplication.shingle) for each in specs for text in bare
        ),
    )


def erase(
    live: Resources,
    evidence: Evidence,
    doomed: Collection[tuple[str, str]],
    kept: Iterable[Manifest],
) -> Erased:
    """Remove what is of the documents; `doomed` versions whole, nothing of those that are `kept`.

    An artifact goes whole, and so do the receipts that name it: their stages run again in the next
    build, and find all other answers in the memo.
    """
    done = Erased()
    trail = evidence.trail

    def is_theirs(key: str, line: bytes) -> bool:
        said = strings_in_json(line.decode("utf-8", "replace"))
        return key in evidence.answers or trail.quotes(said)

    done.answers = live.answers.erase(is_theirs)
    done.vectors = live.vectors.erase(lambda key, _: key in evidence.vectors)
    done.sketches = live.sketches.erase(lambda key, _: key in evidence.sketches)
    protected = _parts_of(kept)
    _erase_artifacts(live, trail, protected, done)
    for name, version in doomed:
        done.versions += _erase_version(live, name, version)
    _erase_notes(live, trail, done)
    live.files.tidy(older=0)
    return done


def erase_sources(live: Resources, trail: Trail, kept: Iterable[Manifest]) -> int:
    """Remove the documents themselves, the last that tells what to look for; how many objects."""
    doomed = [*_of_documents(live, trail, _parts_of(kept))]
    for path in doomed:
        live.files.delete(path)
    return len(doomed)


def still_there(live: Resources, trail: Trail, kept: Iterable[Manifest]) -> tuple[list[str], int]:
    """The objects of the store that still say what the documents do, and how many were read.

    But for the documents themselves, which go when nothing else is left.
    """
    besides = {*_of_documents(live, trail, _parts_of(kept))}
    paths = [each for each in live.files.list("") if each not in besides]
    return [path for path in paths if trail.quotes(_strings(live, path))], len(paths)


def _parts_of(kept: Iterable[Manifest]) -> set[str]:
    return {part.path for each in kept for part in each.artifacts.values()}


def _rivals(live: Resources, named: frozenset[str]) -> Iterator[str]:
    """What was read under their ids and turned away, since another text had the id."""
    told = {told_of_rivals(each) for each in named}
    columns = ("stage", "detail", "raw")
    for stage, detail, raw in columns_of(live.files, "artifacts/rejected", columns):
        if stage == "read" and detail in told:
            yield raw


def _erase_artifacts(live: Resources, trail: Trail, protected: set[str], done: Erased) -> None:
    """All but the documents themselves, by which the rest is found."""
    doomed = {
        path
        for path in live.files.list("artifacts")
        if not path.startswith(_SOURCES) and _is_theirs(live, trail, path, protected)
    }
    sources = {*_of_documents(live, trail, protected)}
    hashes = {path.rsplit("/", 1)[1].removesuffix(".parquet") for path in doomed | sources}
    for path in live.files.list("receipts"):
        strings = [*_strings(live, path)]
        if not hashes.isdisjoint(strings) or trail.quotes(strings):
            live.files.delete(path)
            done.receipts += 1
    for path in sorted(doomed):
        live.files.delete(path)
        done.artifacts += 1


def _erase_version(live: Resources, name: str, version: str) -> bool:
    """Its manifest first: what is not whole is not seen."""
    folder = live.datasets.folder(name, version)
    paths = live.files.list(folder)
    live.files.delete(f"{folder}/manifest.json")
    for path in paths:
        live.files.delete(path)
    return bool(paths)


def _erase_notes(live: Resources, trail: Trail, done: Erased) -> None:
    for name in live.datasets.names():
        for path in live.files.list(f"datasets/{name}/runs"):
            if trail.quotes(_strings(live, path)):
                live.files.delete(path)
                done.notes += 1


def _of_documents(live: Resources, trail: Trail, protected: set[str]) -> Iterator[str]:
    for path in live.files.list(_SOURCES.rstrip("/")):
        if _is_theirs(live, trail, path, protected):
            yield path


def _is_theirs(live: Resources, trail: Trail, path: str, protected: set[str]) -> bool:
    """Of what a kept version has, nothing names them but as the group of others."""
    if path in protected:
        return False
    strings = {*_strings(live, path)}
    return trail.names_one(strings) or trail.quotes(strings)


def _strings(live: Resources, path: str) -> Iterator[str]:
    try:
        with live.files.local_copy(path) as copy:
            yield from strings_of(path, copy)
    except FileNotFoundError:
        return


def _worded(live: Resources, reaches: Iterable[tuple[Manifest, Reach]]) -> Iterator[str]:
    """The questions of the rows that rest on them, and those that they were worded in before."""
    for manifest, reach in reaches:
        theirs = {*reach.rests, *reach.low}
        made = manifest.artifacts
        for part in (*parts_of(made, "rows"), *parts_of(made, "low")):
            for row in live.store.iterate(part, MultiHop):
                if row.id in theirs:
                    yield row.question
                    yield from (each.question for each in row.history)


def _answered(live: Resources, named: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The single-hop questions of the documents with their answers, as they were embedded."""
    columns = ("document_id", "question", "answer")
    for document, question, answer in columns_of(live.files, "artifacts/single_hop", columns):
        if document in named:
            yield question, answer
