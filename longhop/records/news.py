"""What a night found new."""

from longhop.records.base import Record


def counted(count: int, thing: str) -> str:
    """So many of a thing, in words: `1 answer`, `1,200 answers`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


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
            return f"{counted(self.new, 'document')}, all of them new"
        return (
            f"{counted(self.new, 'document')} new, {self.changed:,} changed, {self.removed:,}"
            f" removed since {self.since}"
        )
