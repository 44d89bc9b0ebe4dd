"""The rows of files as items, in their order; what cannot be read is turned away with its place."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from itertools import count

from longhop.auditing.items import Item, Unfit
from longhop.auditing.layouts import Layout, find_layout, named_layout, renamed
from longhop.auditing.layouts.fields import Row
from longhop.auditing.plan import AuditPlan
from longhop.corpus.reading import read_rows
from longhop.corpus.reading.listing import find_files
from longhop.corpus.reading.rows import EXCERPT, shorten, storable
from longhop.errors import ConfigError
from longhop.identity import canonical_json, digest
from longhop.ports import Sources
from longhop.records.accounts import Balance, LeftReason, Reason, Rejection

_SPLIT = re.compile(r"(?:^|[^a-z])(train|validation|valid|val|dev|test)(?=[^a-z]|$)")
_SPLITS = {"valid": "validation", "val": "validation"}
_MOST_KEPT = 500
# What a row calls itself is a name, and no text.
_NAME = 200


@dataclass
class Counts:
    """What became of the rows of an audit; some of those that were turned away."""

    files: dict[str, str] = field(default_factory=dict)
    taken: int = 0
    accepted: int = 0
    questions: int = 0
    not_drawn: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    lost: list[Rejection] = field(default_factory=list)

    @property
    def balance(self) -> Balance:
        """In = accepted + rejected + left, in rows."""
        left = {str(LeftReason.NOT_DRAWN): self.not_drawn} if self.not_drawn else {}
        return Balance(
            stage="audit", unit="row", taken=self.taken, accepted=self.accepted,
            rejected=dict(sorted(self.reasons.items())), left=left,
        )  # fmt: skip

    def turn_away(self, rejection: Rejection) -> None:
        """Count a row that is no row; the first of them are kept to be looked at."""
        self.reasons[str(rejection.reason)] += 1
        if len(self.lost) < _MOST_KEPT:
            self.lost.append(rejection.model_copy(update={"stage": "audit"}))


def list_inputs(plan: AuditPlan, sources: Sources) -> list[str]:
    """The files that are audited, sorted; of a version of ours, its rows alone.

    Raises:
        ConfigError: A path stands for nothing.
    """
    names = find_files(plan.paths, sources).files
    homes = tuple(
        f"{each.removesuffix('manifest.json')}data/"
        for each in names
        if each.endswith("/manifest.json")
    )
    ours = [each for each in names if homes and each.startswith(homes)]
    whole = tuple(each.removesuffix("data/") for each in homes if _holds(ours, each))
    return [each for each in names if each in ours or not (whole and each.startswith(whole))]


def read_items(
    plan: AuditPlan, sources: Sources, counts: Counts
) -> Iterator[tuple[str, list[Item]]]:
    """The place and the questions of every row that is one of its layout.

    Raises:
        ConfigError: No layout fits a file; or nothing of it can be read at all.
    """
    names = list_inputs(plan, sources)
    chosen = _drawn(plan, names, sources) if plan.rows is not None else None
    at = 0
    for name in names:
        layout = named_layout(plan.layout) if plan.layout else None
        split = _split_of(name)
        for place, row in read_rows(name, sources):
            counts.taken += 1
            at += 1
            if isinstance(row, Rejection):
                counts.turn_away(row)
                continue
            if chosen is not None and at not in chosen:
                counts.not_drawn += 1
                continue
            row = renamed(row, plan.columns)
            layout = layout or find_layout(row, place)
            counts.files.setdefault(storable(name), layout.name)
            items = _items(layout, row, place, split, counts)
            if items:
                counts.accepted += 1
                counts.questions += len(items)
                yield place, items
    if not counts.accepted and not counts.not_drawn:
        raise ConfigError(_explain(plan, counts))


def _items(layout: Layout, row: Row, place: str, split: str, counts: Counts) -> list[Item]:
    if not layout.fits(row):
        fields = ", ".join(sorted(row)[:12])[:120]
        detail = f"{layout.name} has {layout.fields}, and this {fields or 'nothing'}"
        counts.turn_away(_lost(place, detail, row))
        return []
    try:
        found = [_named(each, row, at, split) for at, each in enumerate(layout.read(row))]
    except (Unfit, KeyError, TypeError, ValueError, IndexError) as error:
        detail = str(error) if isinstance(error, Unfit) else f"not as {layout.name} has it: {error}"
        counts.turn_away(_lost(place, detail, row))
        return []
    if not found:
        counts.turn_away(_lost(place, "it holds no question", row))
    return found


def _named(item: Item, row: Row, at: int, split: str) -> Item:
    """The item with an id and a split, if it says none."""
    name = item.id or f"r-{digest('audited', _told(row), at)[:16]}"
    return replace(
        item,
        id=shorten(name, _NAME),
        split=shorten(item.split or split, _NAME),
        kind=shorten(item.kind, _NAME),
        licenses=tuple(shorten(each, _NAME) for each in item.licenses),
    )


def _drawn(plan: AuditPlan, names: Iterable[str], sources: Sources) -> set[int]:
    """The rows that come first by the keyed hash of what they hold, wherever they stand."""
    number = count(1)
    keys = (
        (digest("audit", _told(row)), at)
        for name in names
        for _, row in read_rows(name, sources)
        if (at := next(number)) and not isinstance(row, Rejection)
    )
    return {at for _, at in nsmallest(plan.rows or 0, keys)}


def _told(row: Row) -> str:
    try:
        return canonical_json(row)
    except (TypeError, ValueError):
        return repr(sorted(row.items(), key=lambda it: it[0]))


def _lost(place: str, detail: str, row: Row) -> Rejection:
    raw = storable(_told(row)[:EXCERPT])
    return Rejection(
        stage="audit",
        item=place,
        reason=Reason.MISSING_TEXT,
        detail=storable(detail)[:300],
        raw=raw,
    )


def _split_of(name: str) -> str:
    found = _SPLIT.search(name.rsplit("/", 1)[-1].lower())
    return _SPLITS.get(found[1], found[1]) if found else ""


def _holds(names: Iterable[str], folder: str) -> bool:
    return any(each.startswith(folder) for each in names)


def _explain(plan: AuditPlan, counts: Counts) -> str:
    first = f"; {counts.lost[0].item}: {counts.lost[0].detail}" if counts.lost else ""
    why = ", ".join(f"{reason} {n}" for reason, n in sorted(counts.reasons.items()))
    return f"{', '.join(plan.paths)}: not one row can be audited ({why or 'there are none'}){first}"
