"""`longhop sheet`: a blind sample of a version's rows, for people to label."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.finding import find_version
from longhop.errors import ConfigError
from longhop.identity import keyed_order
from longhop.operations.labelling import draw_items, write_page, write_sheet
from longhop.records.artifacts import parts_of
from longhop.records.calibration import Item
from longhop.records.manifest import Manifest
from longhop.records.questions import Composition
from longhop.records.verification import MultiHop
from longhop.resources import Resources, open_resources

Tell = Callable[[str], object]

SHEET, PAGE, ROWS = "sheet.csv", "sheet.html", "rows.jsonl"
# A sheet of more rows begins with those of one of fewer, so labels are not given twice.
_SEED = 0
_SHOWN = 10


@dataclass(frozen=True)
class Wanted:
    """Which rows are drawn, and where the sheet goes: `sheet-<dataset>` where no folder is given.

    With `published_only` it measures what is published; otherwise rows that the judge turned away
    are among them, without which no threshold can be lowered.
    """

    version: str = "latest"
    rows: int = 200
    published_only: bool = False
    out: Path | None = None


@dataclass(frozen=True)
class Pool:
    """The rows of a version that a judge has seen: those it published and those it turned away."""

    published: Sequence[MultiHop]
    low: Sequence[MultiHop]


async def draw_sheet(dataset: str, wanted: Wanted, tell: Tell) -> None:
    """Write a sheet to label rows on, the same as a page, and the rows for `longhop calibrate`.

    Raises:
        ConfigError: There is no such dataset or version, it has no such rows, or something lies
            where the files go: a sheet may be filled in by now.
    """
    folder = wanted.out or Path(f"sheet-{dataset}")
    async with open_resources() as live:
        manifest = find_version(live.datasets, dataset, wanted.version)
        pool = _pool(manifest, live, published_only=wanted.published_only)
        rows = {each.id: each for each in (*pool.published, *pool.low)}
        if not rows:
            raise ConfigError(f"{dataset} {manifest.version} has no row of several hops to label")
        items = draw_items(rows.values(), wanted.rows, rng_seed=_SEED)
        _write(folder, items, [rows[each.id] for each in items], title=dataset)
        for line in _told(manifest, pool, items, wanted, folder):
            tell(line)


def _pool(manifest: Manifest, live: Resources, *, published_only: bool) -> Pool:
    """Rows of several hops, which alone are judged; one that was published is no other's twin.

    Of the wordings of one group that were turned away a keyed hash leaves one: the second tells
    little more than the first, and is counted as if it did.
    """
    rows = [manifest.artifacts["rows"]] if "rows" in manifest.artifacts else []
    published = [
        each
        for each in live.store.read_all(rows, MultiHop)
        if each.composition is not Composition.SINGLE
    ]
    if published_only:
        return Pool(published, [])
    ids = {each.id for each in published}
    parts = parts_of(manifest.artifacts, "low")
    low = [each for each in live.store.read_all(parts, MultiHop) if each.id not in ids]
    ordered = keyed_order(low, lambda each: each.id, "wording", _SEED)
    return Pool(published, list({each.group_id: each for each in ordered}.values()))


def _write(folder: Path, items: Sequence[Item], rows: Sequence[MultiHop], *, title: str) -> None:
    contents = {
        SHEET: write_sheet(items),
        PAGE: write_page(items, title=title),
        ROWS: b"".join(each.model_dump_json().encode() + b"\n" for each in rows),
    }
    for name in contents:
        if (folder / name).exists():
            raise ConfigError(
                f"{folder / name} is there already, and may be filled in; name another folder with"
                " --out"
            )
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        with (folder / name).open("xb") as file:
            file.write(data)


def _told(
    manifest: Manifest, pool: Pool, items: Sequence[Item], wanted: Wanted, folder: Path
) -> Iterator[str]:
    there = len(pool.published) + len(pool.low)
    kinds = f"{len(pool.published):,} published"
    if not wanted.published_only:
        kinds += f", {len(pool.low):,} that the judge turned away, one of a group"
    yield f"dataset      {manifest.name} {manifest.version}"
    yield f"rows         {len(items):,} of {there:,} ({kinds}), at random"
    if not wanted.published_only and not pool.low:
        yield "note         the judge turned no row away: a threshold can only be raised by these"
    yield f"sheet        {folder / SHEET}: fill in good and multi_hop (yes or no), unique, labeller"
    yield f"page         {folder / PAGE}: the same in a browser; it downloads such a sheet"
    yield f"keep it      {folder / ROWS}: calibrate reads it; it has scores, so not for who labels"
    if wanted.published_only:
        yield "next         verification.labels of the spec takes the filled sheets; build again"
    else:
        yield f"next         longhop calibrate SPEC {folder / ROWS} {folder / SHEET}"
