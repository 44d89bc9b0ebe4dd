"""`longhop diff`: what became of the rows of a version in another one, and why."""

from collections import defaultdict
from collections.abc import Callable

from flows.labelling import find_version
from longhop.errors import ConfigError
from longhop.records.changes import RowChange
from longhop.resources import open_resources
from tasks.differing import compare, edition_of

Tell = Callable[[str], object]


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
                raise ConfigError(
                    f"{dataset} {after.version} continues {after.base}, which is not there any"
                    " more: name the version that it is to be held against"
                )
            before = live.datasets.manifest(dataset, after.base)
        if before.kind != after.kind:
            raise ConfigError(f"{before.version} and {after.version} have rows of two kinds")
        named: dict[tuple[str, str], list[RowChange]] = defaultdict(list)
        with compare(edition_of(before), edition_of(after)) as compared:
            for each in compared:
                some = named[str(each.what), str(each.why)]
                if shown < 0 or len(some) < shown:
                    some.append(each)
        changes = compared.changes
        tell(f"dataset  {dataset} {after.version}, against {before.version}")
        tell("rows     " + ", ".join(f"{count} {what}" for what, count in changes.counts.items()))
        for what, reasons in changes.reasons.items():
            for why, count in reasons.items():
                tell(f"{what:8} {why} {count}")
                for each in named[what, why]:
                    tell(f"         {each.row_id}  {each.detail}".rstrip())
