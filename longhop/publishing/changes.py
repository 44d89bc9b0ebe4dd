"""What is new in a version against its base, row by row."""

from collections.abc import Mapping


def count_changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, int]:
    """Rows added, removed, changed and kept; the mappings are from row id to context hash."""
    both = before.keys() & after.keys()
    changed = sum(before[each] != after[each] for each in both)
    return {
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
        "changed": changed,
        "kept": len(both) - changed,
    }
