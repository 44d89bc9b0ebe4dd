"""Which rows the page has, in which order, and in which of its files: decided by keyed hash."""

import heapq
from collections.abc import Iterator

from longhop.identity import digest
from longhop.publishing.report.files import VersionFiles

# Rows that can be looked at in all; of a larger set they are a sample.
MOST = 20_000


def choose_rows(files: VersionFiles, *, pairs: bool) -> dict[str, int]:
    """The ids of the rows that are shown, with their places, in the memory of so many."""
    ranked = heapq.nsmallest(MOST, _keys(files, pairs=pairs))
    return {name: place for place, (*_, name) in enumerate(ranked)}


def _keys(files: VersionFiles, *, pairs: bool) -> Iterator[tuple[bool, str, str]]:
    """Ids by keyed hash; of pairs those close to the reference first."""
    wanted = ["id", "relevant"] if pairs else ["id"]
    for path in files.splits:
        for row in files.columns(path, wanted):
            yield not row.get("relevant", True), digest("report", row["id"]), row["id"]
