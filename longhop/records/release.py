"""What is known of the rows that are published, and whether it is what was demanded."""

from longhop.records.base import Record
from longhop.records.verification import Judgement, Probe


class AuditedRow(Record):
    """A finished row that was judged and proved once more, by answers that did not choose it.

    {"id": "m-9be1…", "good": true, "multi_hop": true, "judgements": [{…}], "probes": [{…}, …]}
    """

    id: str
    good: bool
    multi_hop: bool
    judgements: tuple[Judgement, ...]
    probes: tuple[Probe, ...]


class MeasuredShare(Record):
    """A share of the published rows, its lower 95% bound (Wilson), and what was demanded of that.

    {"name": "good", "count": 190, "of": 200, "share": 0.95, "lower": 0.9104, "basis": "audit",
     "demanded": 0.85}
    """

    name: str
    count: int
    of: int
    share: float
    lower: float
    basis: str
    demanded: float | None

    @property
    def passed(self) -> bool:
        """Whether the lower bound reaches what was demanded, if anything was."""
        return self.demanded is None or self.lower >= self.demanded

    @property
    def told(self) -> str:
        """In words."""
        said = f"{self.name} {self.share:.3f} ({self.count:,} of {self.of:,}, {self.basis})"
        bound = f"lower 95% bound {self.lower:.3f}"
        if self.demanded is None:
            return f"{said}, {bound}"
        verdict = "reaches" if self.passed else "misses"
        return f"{said}, {bound}, {verdict} {self.demanded:g}"


class Release(Record):
    """The measured shares of a version: its release gate.

    {"shares": [{…}, {…}, {…}]}
    """

    shares: tuple[MeasuredShare, ...]

    @property
    def passed(self) -> bool:
        """Whether every share is what was demanded of it."""
        return all(each.passed for each in self.shares)

    @property
    def missed(self) -> str:
        """What was demanded and is not so, in words."""
        return "; ".join(each.told for each in self.shares if not each.passed)
