"""What is new in a version against its base, row by row."""

from collections.abc import Iterable, Iterator
from operator import itemgetter

from longhop.sorting import sort_on_disk

_ID = itemgetter(0)
# About what an id and a hash take in memory.
_SIZE = 300

Hashed = tuple[str, str]


def count_changes(before: Iterable[Hashed], after: Iterable[Hashed]) -> dict[str, int]:
    """Rows added, removed, changed and kept, of row ids with the hash of what they say.

    Both are sorted on disk and read side by side.
    """
    counts = {"added": 0, "removed": 0, "changed": 0, "kept": 0}
    old, new = _sorted(before), _sorted(after)
    one, other = next(old, None), next(new, None)
    while one is not None or other is not None:
        if one is None or (other is not None and other[0] < one[0]):
            counts["added"] += 1
            other = next(new, None)
        elif other is None or one[0] < other[0]:
            counts["removed"] += 1
            one = next(old, None)
        else:
            counts["kept" if one == other else "changed"] += 1
            one, other = next(old, None), next(new, None)
    return counts


def _sorted(rows: Iterable[Hashed]) -> Iterator[Hashed]:
    return sort_on_disk(rows, key=_ID, size=lambda _: _SIZE)
