"""The release gate: shares of good, multi-hop and unique rows, each with its lower 95% bound."""

from array import array
from collections.abc import Iterable, Mapping, Sequence, Set

import numpy as np

from longhop.identity import digest
from longhop.matching import normalise
from longhop.records.calibration import Label
from longhop.records.questions import Composition
from longhop.records.release import AuditedRow, MeasuredShare, Release
from longhop.records.verification import MultiHop
from longhop.verification.statistics import wilson_bounds


def measure_release(
    rows: Iterable[MultiHop],
    audited: Sequence[AuditedRow],
    labels: Sequence[Label],
    demanded: Mapping[str, float],
) -> Release:
    """What is known of the rows, which are read once; a number is remembered of each.

    With an audit its sample counts, by people's labels where a row of it was labelled: it was drawn
    from all rows, and those that people saw may be of an earlier version. Without one the labelled
    rows count alone. A row is good, or needs its hops, where all who labelled it say so. A share
    that is demanded and that nothing measured is none of none, and misses.
    """
    seen = _Several(rows, {each.id for each in labels})
    said = [each for each in labels if each.id in seen.labelled]
    found = {
        asked: _sampled({each.id: getattr(each, asked) for each in audited}, said, asked, seen.rows)
        for asked in ("good", "multi_hop")
    }
    denied = {each.id for each in said if each.unique is False}
    counted = {name: (sum(verdicts), len(verdicts), on) for name, (verdicts, on) in found.items()}
    counted["unique"] = (seen.count_unique(denied), seen.rows, "all rows")
    return Release(
        shares=tuple(
            _measured(name, count, total, basis, demanded.get(name))
            for name, (count, total, basis) in counted.items()
            if total or name in demanded
        )
    )


def notes_on_labels(
    rows: Iterable[str], labels: Sequence[Label], earlier: Iterable[str], *, new: int
) -> list[str]:
    """What is to be said of labels: of how many rows they are, and of which they say nothing.

    The ids are those of this version's rows, `new` of them, and of the base's.
    """
    labelled = {each.id for each in labels}
    if not labelled:
        return []
    present = labelled.intersection(rows)
    notes = []
    if strange := len(labelled - present):
        notes.append(
            f"verification.labels: {strange} of {len(labelled)} labelled rows are not in this"
            " version, and do not count"
        )
    old, continued = set(), False
    for each in earlier:
        continued = True
        if each in present:
            old.add(each)
    if present and continued and new and old == present:
        notes.append(
            f"verification.labels say nothing of the {new} rows that are new: draw a sheet of"
            " this version, or give audit"
        )
    return notes


def _measured(
    name: str, count: int, total: int, basis: str, demanded: float | None
) -> MeasuredShare:
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
    audited: Mapping[str, bool], labels: Sequence[Label], asked: str, rows: int
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
        told = f"labelled by {who}, of {rows} rows"
        return [verdicts[each] for each in sorted(verdicts)], told
    return [], "nothing measured it"


class _Several:
    """The rows of several hops: how many, which of them are labelled, and which are alike.

    A row is unique if no other has its answer on the same documents, and nobody denied it. That is
    a wider net than the one that turned duplicates away: by that one all rows would be unique. Who
    labels a sample sees no twin outside of it, so people can deny and not confirm.
    """

    def __init__(self, rows: Iterable[MultiHop], labels: Set[str]) -> None:
        self.labelled: dict[str, int] = {}
        keys = array("Q")
        for each in rows:
            if each.composition is Composition.SINGLE:
                continue
            documents = sorted({hop.document_id for hop in each.hops})
            keys.append(int(digest(normalise(each.answer), documents)[:16], 16))
            if each.id in labels:
                self.labelled[each.id] = keys[-1]
        self.rows = len(keys)
        found, counts = np.unique(np.frombuffer(keys, np.uint64), return_counts=True)
        self._alone = found[counts == 1]

    def count_unique(self, denied: Set[str]) -> int:
        """How many rows are unique."""
        keys = np.fromiter((self.labelled[each] for each in denied), np.uint64)
        return len(self._alone) - int(np.isin(keys, self._alone).sum())
