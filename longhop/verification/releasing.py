"""The release gate: shares of good, multi-hop and unique rows, each with its lower 95% bound."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from longhop.matching import normalise
from longhop.records.calibration import Label
from longhop.records.questions import Composition
from longhop.records.release import AuditedRow, MeasuredShare, Release
from longhop.records.verification import MultiHop
from longhop.verification.statistics import wilson_bounds


def measure_release(
    rows: Sequence[MultiHop],
    audited: Sequence[AuditedRow],
    labels: Sequence[Label],
    demanded: Mapping[str, float],
) -> Release:
    """What is known of the rows.

    People's labels count before the audit: a row is good, or needs its hops, where all who labelled
    it say so. A share that is demanded and that nothing measured is none of none, and
    misses.
    """
    ids = {each.id for each in rows}
    said = [each for each in labels if each.id in ids]
    found = {
        "good": _of_people(said, "good") or _audited(each.good for each in audited),
        "multi_hop": _of_people(said, "multi_hop") or _audited(each.multi_hop for each in audited),
        "unique": (
            list(_unique(rows, {each.id for each in said if each.unique is False})),
            "all rows",
        ),
    }
    return Release(
        shares=tuple(
            _measured(name, verdicts, basis, demanded.get(name))
            for name, (verdicts, basis) in found.items()
            if verdicts or name in demanded
        )
    )


def _measured(
    name: str, verdicts: Sequence[bool], basis: str, demanded: float | None
) -> MeasuredShare:
    count, total = sum(verdicts), len(verdicts)
    return MeasuredShare(
        name=name,
        count=count,
        of=total,
        share=round(count / total, 4) if total else 0.0,
        lower=round(wilson_bounds(count, total)[0], 4) if total else 0.0,
        basis=basis,
        demanded=demanded,
    )


def _of_people(labels: Sequence[Label], asked: str) -> tuple[list[bool], str] | None:
    """One verdict a row, and how many people gave them; None where nobody said."""
    by_row: dict[str, list[bool]] = {}
    people = set()
    for each in labels:
        verdict = getattr(each, asked)
        if verdict is not None:
            by_row.setdefault(each.id, []).append(verdict)
            people.add(each.labeller)
    if not by_row:
        return None
    verdicts = [all(by_row[each]) for each in sorted(by_row)]
    return verdicts, f"labelled by {len(people)} {'person' if len(people) == 1 else 'people'}"


def _audited(verdicts: Iterable[bool | None]) -> tuple[list[bool], str]:
    """The verdicts of an audit; a reply that did not come is no verdict for a row."""
    return [bool(each) for each in verdicts], "audit"


def _unique(rows: Sequence[MultiHop], denied: Set[str]) -> Iterator[bool]:
    """Whether no other row has the answer on the same documents, and nobody denied it.

    A wider net than the one that turned duplicates away: by that one all rows would be unique. Who
    labels a sample sees no twin outside of it, so people can deny and not confirm.
    """
    several = [each for each in rows if each.composition is not Composition.SINGLE]
    keys = [
        (normalise(each.answer), frozenset(hop.document_id for hop in each.hops))
        for each in several
    ]
    counts = Counter(keys)
    return (
        counts[key] == 1 and row.id not in denied for row, key in zip(several, keys, strict=True)
    )
