"""`longhop diff`: what became of the rows of a version in another one, and why."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from flows.finding import find_version
from longhop.errors import ConfigError
from longhop.records.changes import RowChange
from longhop.records.manifest import Manifest
from longhop.resources import Resources, open_resources
from longhop.storage.columns import from_parquet
from tasks.differing import CHANGES, Changes, compare, edition_of

Tell = Callable[[str], object]
_Named = dict[tuple[str, str], list[RowChange]]


async def tell_diff(dataset: str, version: str, other: str | None, shown: int, tell: Tell) -> None:
    """Count the rows of each reason, and name the first `shown` of each; all where that is -1.

    Raises:
        ConfigError: There is no such dataset or version, or the version has no base.
    """
    async with open_resources() as live:
        after = find_version(live.datasets, dataset, version)
        before = find_version(live.datasets, dataset, other) if other else None
        if before is None:
            if after.base == "none":
                raise ConfigError(
                    f"{dataset} {after.version} was built from scratch: name the version that it"
                    " is to be held against"
                )
            if not live.datasets.has(dataset, after.base):
                _tell_as_published(live, after, shown, tell)
                return
            before = live.datasets.manifest(dataset, after.base)
        if before.kind != after.kind:
            raise ConfigError(f"{before.version} and {after.version} have rows of two kinds")
        with compare(edition_of(before), edition_of(after)) as compared:
            named = _named(compared, shown)
        _tell(after, before.version, compared.changes, named, tell)


def _tell_as_published(live: Resources, after: Manifest, shown: int, tell: Tell) -> None:
    """What the version says itself of a base that was deleted since."""
    path = f"{live.datasets.folder(after.name, after.version)}/{CHANGES}"
    listed = any(each.path == CHANGES for each in after.files)
    rows = from_parquet(live.files.read(path), RowChange) if listed else []
    told = f"{after.base}, which is there no more, as it was told when this was published"
    _tell(after, told, Changes(after.changes, after.reasons), _named(rows, shown), tell)


def _named(rows: Iterable[RowChange], shown: int) -> _Named:
    """The first rows of each reason."""
    named: _Named = defaultdict(list)
    for each in rows:
        some = named[str(each.what), str(each.why)]
        if shown < 0 or len(some) < shown:
            some.append(each)
    return named


def _tell(after: Manifest, before: str, changes: Changes, named: _Named, tell: Tell) -> None:
    tell(f"dataset  {after.name} {after.version}, against {before}")
    tell("rows     " + ", ".join(f"{count} {what}" for what, count in changes.counts.items()))
    for what, reasons in changes.reasons.items():
        for why, count in reasons.items():
            tell(f"{what:8} {why} {count}")
            for each in named[what, why]:
                tell(f"         {each.row_id}  {each.detail}".rstrip())
