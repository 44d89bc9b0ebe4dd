"""The funnel: what went into each stage and what became of it."""

from collections.abc import Sequence
from typing import Any

from longhop.publishing.report import charts
from longhop.publishing.report.parts.part import Figure, Part, Table
from longhop.records.accounts import Balance
from longhop.records.manifest import Manifest

_SHOWN = 16


def tell_funnel(manifest: Manifest) -> Part:
    """Every stage in its own unit, then every reason why something did not pass."""
    return Part(
        name="funnel",
        title="Funnel",
        said=[
            "Every stage counts in its own unit: what went in was accepted, rejected for a reason,"
            " failed, or was left untouched. Nothing else can become of it."
        ],
        figures=[funnel_figure(manifest), _reasons(manifest.balances), *_cleaning(manifest)],
    )


def funnel_figure(manifest: Manifest) -> Figure:
    """The stages in the order of the data's way."""
    head = ["stage", "unit", "in", "accepted", "rejected", "failed", "left"]
    rows = [
        [
            each.stage,
            each.unit,
            each.taken,
            each.accepted,
            sum(each.rejected.values()),
            sum(each.failed.values()),
            sum(each.left.values()),
        ]
        for each in manifest.balances
    ]
    return Figure(
        name="funnel",
        title="What became of everything on its way",
        table=Table(head, rows),
        chart=charts.funnel(manifest.balances),
        note="Bars are shares of what went into a stage; the numbers are what passed.",
    )


def _reasons(balances: Sequence[Balance]) -> Figure:
    rows: list[list[Any]] = [
        [each.stage, end, reason.replace("_", " "), count]
        for each in balances
        for end, part in (
            ("rejected", each.rejected),
            ("failed", each.failed),
            ("left", each.left),
        )
        for reason, count in sorted(part.items(), key=lambda it: (-it[1], it[0]))
    ]
    return Figure(
        name="reasons",
        title="Why something did not pass",
        table=Table(["stage", "end", "reason", "count"], rows),
        chart=charts.bars(*_first(rows)),
        note=f"The {_SHOWN} most frequent; the table has all." if len(rows) > _SHOWN else "",
    )


def _first(rows: list[list[Any]]) -> tuple[list[tuple[str, int]], list[str]]:
    """The most frequent reasons with their counts, and what became of those."""
    ordered = sorted(rows, key=lambda it: (-it[3], it[0], it[2]))[:_SHOWN]
    counts = [
        (f"{stage}: {reason}{'' if end == 'rejected' else f' ({end})'}", count)
        for stage, end, reason, count in ordered
    ]
    return counts, [end for _, end, _, _ in ordered]


def _cleaning(manifest: Manifest) -> list[Figure]:
    if not manifest.cleaning:
        return []
    rows = [[name.replace("_", " "), count] for name, count in manifest.cleaning.items()]
    table = Table(["change", "places"], rows)
    return [Figure(name="cleaning", title="What reading and cleaning changed", table=table)]
