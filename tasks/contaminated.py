"""What was met of benchmarks, as it is published: every item, and what was turned away for it."""

from collections import Counter
from collections.abc import Iterable
from operator import attrgetter

from longhop.publishing.drafting import Drafts
from longhop.records.artifacts import Artifact
from longhop.records.contamination import Contamination
from longhop.resources import resources
from longhop.sorting import sort_on_disk

_ORDER = attrgetter("benchmark", "place", "stage", "item")
# About what a record takes in memory.
_SIZE = 1200


def draft_contaminations(
    met: Iterable[Artifact], benchmarks: Iterable[str], drafts: Drafts
) -> dict[str, dict[str, int]]:
    """Write `contamination.parquet`, benchmark by benchmark, where there is anything to tell.

    Returns, for each benchmark, how many of its `items` were met, and how many documents, seeds,
    rows or pairs each stage turned away that held one of them.
    """
    store = resources().store
    records = (each for part in met for each in store.iterate(part, Contamination))
    items: Counter[str] = Counter()
    turned_away: dict[str, set[tuple[str, str]]] = {each: set() for each in benchmarks}
    table = None
    last = ("", "")
    for each in sort_on_disk(records, key=_ORDER, size=lambda _: _SIZE):
        table = table or drafts.parquet("contamination.parquet", Contamination)
        table.add(each)
        items[each.benchmark] += last != (each.benchmark, each.place)
        last = each.benchmark, each.place
        turned_away[each.benchmark].add((each.stage, each.item))
    if table is not None:
        table.close()
    return {
        benchmark: {"items": items[benchmark], **_by_stage(turned_away[benchmark])}
        for benchmark in sorted(turned_away)
    }


def _by_stage(items: set[tuple[str, str]]) -> dict[str, int]:
    return dict(sorted(Counter(stage for stage, _ in items).items()))
