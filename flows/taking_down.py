"""`longhop takedown`: documents leave a dataset, and no later night brings them back."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from flows.erasing import erase_documents
from flows.finding import find_version
from longhop.corpus.withholding import hash_of_words
from longhop.errors import StorageError
from longhop.records.manifest import Manifest
from longhop.records.takedowns import Takedown, Takedowns, mark_of
from longhop.resources import Resources, open_resources
from tasks.reaching import Reach, reach_of
from tasks.scanning import columns_of
from tasks.take_down import take_down
from tasks.versions import Published

Tell = Callable[[str], object]
Sure = Callable[[str], bool]

# So often a version is rebuilt that others publish meanwhile.
_TRIES = 5


@dataclass(frozen=True)
class Wanted:
    """Which documents are taken down, and how far.

    With `every` the rows of all versions are named, with `erase` their text is removed from the
    whole store.
    """

    documents: tuple[str, ...]
    every: bool = False
    erase: bool = False


async def take_documents_down(dataset: str, wanted: Wanted, tell: Tell, sure: Sure) -> None:
    """Say what rests on the documents; take them out of the latest version once that is sure.

    They are on the list before anything else is done: from then on no build reads them, and one
    that runs is not published. Killed at any point, the older version stays whole, and doing it
    again finishes it.

    Raises:
        ConfigError: There is no such dataset.
    """
    async with open_resources() as live:
        latest = find_version(live.datasets, dataset, "latest")
        named = frozenset(wanted.documents)
        texts = texts_of(live, named)
        same = same_texts(live, frozenset().union(*texts.values())) - named
        for twin in sorted(same):
            tell(f"same     {twin} has the same words, and goes too")
        named |= same
        versions = [latest]
        if wanted.every:
            others = (each for each in live.datasets.versions(dataset) if each != latest.version)
            versions += [live.datasets.manifest(dataset, each) for each in others]
        for each in versions:
            for line in _told(each, reach_of(each, named), named):
                tell(line)
        if not sure(f"Take {len(named)} documents out of {dataset}?"):
            tell("nothing was done")
            return
        takedowns = remember(live, dataset, named, texts)
        tell(f"listed   {len(named)} in datasets/{dataset}/takedowns.json: builds leave them out")
        done = rebuild_latest(live, dataset, takedowns)
        for line in _told_of(live, latest, done):
            tell(line)
        if wanted.erase:
            await erase_documents(live, dataset, named, tell, sure)


def remember(
    live: Resources, dataset: str, named: Iterable[str], texts: Mapping[str, Collection[str]]
) -> Takedowns:
    """The list of the dataset with these on it, as it is kept from now on."""
    more = [
        Takedown(mark=mark_of(each), texts=tuple(sorted(texts.get(each, ()))), id=each)
        for each in sorted(named)
    ]
    takedowns = live.datasets.takedowns(dataset).with_more(more)
    live.datasets.remember_takedowns(dataset, takedowns)
    return takedowns


def texts_of(live: Resources, named: frozenset[str]) -> dict[str, set[str]]:
    """The hashes of the words of documents, however the store has them: as read, as cleaned."""
    found: dict[str, set[str]] = {}
    columns = columns_of(live.files, "artifacts/documents", ("id", "text"))
    hashed = ((document, hash_of_words(text)) for document, text in columns if document in named)
    for document, words in chain(sketched(live), hashed):
        if document in named:
            found.setdefault(document, set()).add(words)
    return found


def same_texts(live: Resources, texts: frozenset[str]) -> frozenset[str]:
    """The documents that have these words."""
    return frozenset(document for document, words in sketched(live) if words in texts)


def sketched(live: Resources) -> Iterator[tuple[str, str]]:
    """Every document that the store has a sketch of, with the hash of its words."""
    yield from columns_of(live.files, "artifacts/sketches", ("document_id", "words"))


def rebuild_latest(live: Resources, dataset: str, takedowns: Takedowns) -> Published:
    """The latest version without what is on the list, also where others publish meanwhile."""
    for _ in range(_TRIES):
        latest = live.datasets.resolve(dataset, "latest")
        assert latest is not None
        done = take_down(latest, takedowns)
        if live.datasets.latest(dataset) == done.version:
            return done
    raise StorageError(
        f"{dataset}: another build moved `latest` {_TRIES} times meanwhile; run this again once it"
        " has ended"
    )


def _told(manifest: Manifest, reach: Reach, named: frozenset[str]) -> Iterator[str]:
    yield f"version  {manifest.name} {manifest.version}, {sum(manifest.rows.values())} rows"
    for each in sorted(named - reach.there):
        yield f"         {each}: not in this version"
    if also := sorted(reach.documents - named):
        yield f"         written by the model for rows that rest on them: {', '.join(also)}"
    yield from _listed(f"{len(reach.rests)} rows rest on them, and go", reach.rests)
    yield from _listed(f"{len(reach.holds)} rows hold them as distractors", reach.holds)
    if reach.twins:
        yield f"near     they count as one with {', '.join(reach.twins)}: name these too if they"
        yield "         are to go; a build takes in what stays"


def _listed(what: str, rows: Iterable[str]) -> Iterator[str]:
    yield f"         {what}"
    yield from (f"           {each}" for each in rows)


def _told_of(live: Resources, before: Manifest, done: Published) -> Iterator[str]:
    if not done.new:
        yield f"latest   {done.version} has none of them, and stays"
        return
    manifest = live.datasets.manifest(done.name, done.version)
    counts = ", ".join(f"{count} {what}" for what, count in manifest.changes.items())
    yield f"latest   {done.version}, in the place of {before.version}: {counts}"
    if stale := manifest.probes.get("distractors_stale"):
        yield f"         {stale} rows were asked with other distractors than they have now (stale)"
    if manifest.release and manifest.release.missed:
        yield f"         the release gate is missed now: {manifest.release.missed}"
    yield f"dataset  {live.files.root}/{done.folder}"
