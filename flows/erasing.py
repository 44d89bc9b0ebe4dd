"""The second half of `longhop takedown --erase`: no object of the store keeps their words."""

from collections.abc import Callable, Iterable

from longhop.errors import ConfigError, StorageError
from longhop.records.manifest import Manifest
from longhop.records.takedowns import mark_of
from longhop.resources import Resources
from tasks.erasing import (
    Erased,
    doomed_versions,
    erase,
    erase_sources,
    evidence_of,
    still_there,
)

Tell = Callable[[str], object]
Sure = Callable[[str], bool]

_SHOWN = 10


async def erase_documents(
    live: Resources, dataset: str, named: frozenset[str], tell: Tell, sure: Sure
) -> None:
    """Remove the text of documents that were taken down, and look for it everywhere in the end.

    Which versions go is on the operator's list before anything does: killed in the middle, doing it
    again finishes it.

    Raises:
        ConfigError: The latest version of another dataset has one of them.
        StorageError: Another process uses the store, or an object still has their words.
    """
    live.answers.require_alone()
    listed = live.datasets.takedowns(dataset)
    found = doomed_versions(live, named, listed.erasing)
    _refuse_latest(live, dataset, found)
    begun = {*listed.erasing, *(f"{each.name}/{each.version}" for each in found)}
    for each in sorted(begun):
        tell(f"erase    version {each} is deleted: it has them")
    tell("         what the memo, artifacts, receipts and notes of runs have of them is deleted")
    if not sure("Erase them for good?"):
        tell("nothing was erased; they are taken down all the same")
        return
    evidence = await evidence_of(live, named, found)
    if not evidence.trail.is_known:
        tell("         no text of them is in the store by which it could be looked for")
    # Read anew: somebody may have taken down another document since.
    listed = live.datasets.takedowns(dataset)
    live.datasets.remember_takedowns(
        dataset, listed.model_copy(update={"erasing": tuple(sorted(begun))})
    )
    doomed = [(name, version) for name, _, version in (each.partition("/") for each in begun)]
    kept = _kept(live, begun)
    done = erase(live, evidence, sorted(doomed), kept)
    left, read = still_there(live, evidence.trail, kept)
    if left:
        shown = ", ".join(left[:_SHOWN])
        raise StorageError(
            f"{len(left)} of {read} objects still have words of them: {shown}; do it again once no"
            " build runs, or look at these"
        )
    done.artifacts += erase_sources(live, evidence.trail, kept)
    marks = map(mark_of, named)
    live.datasets.remember_takedowns(dataset, live.datasets.takedowns(dataset).erased(marks))
    for line in _told(done, read if evidence.trail.is_known else None):
        tell(line)


def _refuse_latest(live: Resources, dataset: str, found: Iterable[Manifest]) -> None:
    for each in found:
        if live.datasets.latest(each.name) == each.version:
            raise ConfigError(
                f"the latest version of {each.name}, {each.version}, has them too: take them down"
                f" of {each.name} first, then erase"
                if each.name != dataset
                else f"{each.name} {each.version} still has them: do it again once no build runs"
            )


def _kept(live: Resources, doomed: set[str]) -> list[Manifest]:
    return [
        live.datasets.manifest(name, version)
        for name in live.datasets.names()
        for version in live.datasets.versions(name)
        if f"{name}/{version}" not in doomed
    ]


def _told(done: Erased, read: int | None) -> Iterable[str]:
    yield (
        f"erased   {done.answers} answers, {done.vectors} vectors and {done.sketches} sketches of"
        f" the memo; {done.artifacts} artifacts, {done.receipts} receipts, {done.versions} versions"
    )
    if read is None:
        yield "         nothing was looked for in the end, since nothing is known of their words"
    else:
        yield f"verified {read} objects were read, and none has their words"
