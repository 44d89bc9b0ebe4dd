"""What a night found new."""

from longhop.records.base import Record


class News(Record):
    """How the documents of a build differ from those of the version that it continues.

    {"since": "v-5f0c1f1be6bd0a55", "new": 12, "changed": 1, "removed": 3, "kept": 2810}
    """

    since: str
    new: int
    changed: int
    removed: int
    kept: int

    def __str__(self) -> str:
        """In words, as it is told before and after a build."""
        if self.since == "none":
            return f"{self.new:,} documents, all of them new"
        return (
            f"{self.new:,} documents new, {self.changed:,} changed, {self.removed:,} removed since"
            f" {self.since}"
        )
