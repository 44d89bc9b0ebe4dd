"""What a check says: nothing, or a reason and what it saw."""

from longhop.records.accounts import Reason

Finding = tuple[Reason, str]


def find(wrong: bool, reason: Reason, detail: str) -> Finding | None:
    """The finding, if something is wrong."""
    return (reason, detail) if wrong else None
