"""What the server was asked, counted."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Log:
    """Counts over chat requests and batches.

    `asked` and `answered` count by body: every time that it arrived, refused or not, and every
    time that a whole answer to it was sent or stood in an output file.
    """

    requests: int = 0
    batches: int = 0
    batch_requests: int = 0
    by_task: Counter[str] = field(default_factory=Counter)
    by_status: Counter[str] = field(default_factory=Counter)
    misbehaved: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    max_in_flight: int = 0

    def note(self, misbehaviour: str) -> None:
        """Count a kind of misbehaviour; the empty one is none."""
        if misbehaviour:
            self.misbehaved[misbehaviour] += 1

    def told(self) -> dict[str, Any]:
        """The counts, as `GET /log` gives them."""
        return {
            "requests": self.requests,
            "batches": self.batches,
            "batch_requests": self.batch_requests,
            "by_task": dict(sorted(self.by_task.items())),
            "by_status": dict(sorted(self.by_status.items())),
            "misbehaved": dict(sorted(self.misbehaved.items())),
            "twice": _more_than_once(self.asked),
            "answered_twice": _more_than_once(self.answered),
            "max_in_flight": self.max_in_flight,
        }


def _more_than_once(counts: Counter[str]) -> int:
    # A list at once: a test reads the log from another thread while requests come in.
    return sum(times > 1 for times in list(counts.values()))
