"""Compacting: many small segments become few, and no entry is ever out of reach."""

from collections.abc import Iterator, Mapping

from longhop.errors import StorageError
from longhop.storage.memo.index import Index
from longhop.storage.memo.lines import rank_of, whole_lines
from longhop.storage.memo.segments import Segments

SMALL_SEGMENTS = 64
SMALL = 1 << 20
LARGE = 16 << 20


def compact_small(index: Index, segments: Segments) -> None:
    """Merge the segments under 1 MiB into ones of up to 16 MiB, once there are more than 64.

    The merged one is in the store, and indexed, before a small one is deleted, and only those are
    deleted whose every line it was seen to hold. So a kill at any point leaves an entry twice,
    never nowhere; the next compaction, or the next opening, tidies up. Two machines that compact
    at once delete only what they have written elsewhere: where one's merged segment is already a
    small one of the other's, its lines are in that one's. A process whose index still points at a
    deleted segment lists the store again when it cannot read it.

    Of a key that lies in several of them, the line that holds is kept. A segment that is damaged
    is left as it is, and one that was deleted on purpose is not brought back.
    """
    known = index.segments()
    there = segments.names()
    small = {name: each.size for name, each in known.items() if name in there and each.size < SMALL}
    if len(small) > SMALL_SEGMENTS:
        for names in _groups(small):
            _merge(names, index, segments)


def _groups(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for name in sorted(sizes):
        if group and size + sizes[name] > LARGE:
            yield group
            group, size = [], 0
        group.append(name)
        size += sizes[name]
    if len(group) > 1:
        yield group


def _merge(names: list[str], index: Index, segments: Segments) -> None:
    lines: dict[bytes, bytes] = {}
    merged = []
    for name in names:
        try:
            data = segments.load(name)
        except (FileNotFoundError, StorageError):
            continue
        for key, start, end in whole_lines(data):
            line = data[start:end]
            if key not in lines or rank_of(line) < rank_of(lines[key]):
                lines[key] = line
        merged.append(name)
    if not lines:
        return
    target, size, entries = segments.write(lines)
    index.add(target, size, entries)
    replaced = [name for name in merged if name != target]
    for name in replaced:
        segments.delete(name)
    index.drop(replaced)
