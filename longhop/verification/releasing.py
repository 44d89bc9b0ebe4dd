"""The release gate: shares of good, multi-hop and unique rows, each with its lower 95% bound."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

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

    With an audit its sample counts, by people's labels where a row of it was labelled: it was drawn
    from all rows, and those that people saw may be of an earlier version. Without one the labelled
    rows count alone. A row is good, or needs its hops, where all who labelled it say so. A share
    that is demanded and that nothing measured is none of none, and misses.
    """
    several = {each.id for each in rows if each.composition is not Composition.SINGLE}
    said = [each for each in labels if each.id in several]
    found = {
        asked: _sampled({each.id: getattr(each, asked) for each in audited}, said, asked, several)
        for asked in ("good", "multi_hop")
    }
    found |= {
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


def notes_on_labels(
    rows: Sequence[MultiHop], labels: Sequence[Label], earlier: Set[str]
) -> list[str]:
    """What is to be said of labels: of how many rows they are, and of which they say nothing."""
    ids, labelled = {each.id for each in rows}, {each.id for each in labels}
    notes = []
    if strange := len(labelled - ids):
        notes.append(
            f"verification.labels: {strange} of {len(labelled)} labelled rows are not in this"
            " version, and do not count"
        )
    new = ids - earlier
    if labelled & ids and earlier and new and not labelled & new:
        notes.append(
            f"verification.labels say nothing of the {len(new)} rows that are new: draw a sheet of"
            " this version, or give audit"
        )
    return notes


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


def _sampled(
    audited: Mapping[str, bool], labels: Sequence[Label], asked: str, rows: Set[str]
) -> tuple[list[bool], str]:
    """One verdict a row of the sample, and what they rest on."""
    by_row: dict[str, list[bool]] = {}
    for each in labels:
        by_row.setdefault(each.id, []).append(getattr(each, asked))
    people = len({each.labeller for each in labels})
    who = f"{people} {'person' if people == 1 else 'people'}"
    if audited:
        both = sorted(set(audited) & set(by_row))
        verdicts = {**audited} | {each: all(by_row[each]) for each in both}
        told = f"audit, {len(both)} of them labelled by {who}" if both else "audit"
        return [verdicts[each] for each in sorted(verdicts)], told
    if by_row:
        verdicts = {each: all(said) for each, said in by_row.items()}
        told = f"labelled by {who}, of {len(rows)} rows"
        return [verdicts[each] for each in sorted(verdicts)], told
    return [], "nothing measured it"


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
