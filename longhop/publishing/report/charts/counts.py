"""Charts of counts: bars, the shares of a funnel, tenths by column."""

from collections.abc import Mapping, Sequence
from typing import Any

from longhop.publishing.report.drawing import Spec
from longhop.records.accounts import Balance

_WIDTH, _ROW = 330, 24
_ENDS = ("accepted", "rejected", "failed", "left")
_COLOURS = ("var(--accent)", "var(--warm)", "var(--ink)", "var(--grey)")
_ACCENT = {"value": "var(--accent)"}
Counts = Mapping[Any, int]


def bars(counts: Sequence[tuple[str, int]], ends: Sequence[str] = ()) -> Spec:
    """A bar a name, in the order given, with its number at the end.

    Its ground is as wide where names are long: what they take comes off the bars. With `ends`, one
    a bar, they have the colours that these have in the funnel.
    """
    rows = [{"name": name, "count": count, "told": f"{count:,}"} for name, count in counts]
    for row, end in zip(rows, ends, strict=bool(ends)):
        row["end"] = end
    y = {"field": "name", "type": "nominal", "sort": None, "title": None}
    x = {"field": "count", "type": "quantitative", "title": None, "axis": None}
    return {
        "data": {"values": rows},
        "width": _WIDTH - min(190, 7 * max((len(name) for name, _ in counts), default=0)),
        "height": {"step": _ROW},
        "encoding": {"y": y, "x": x},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": 14},
                "encoding": {"color": _coloured("end", legend=None) if ends else _ACCENT},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"text": {"field": "told"}},
            },
        ],
    }


def _coloured(field: str, *, legend: Any) -> dict[str, Any]:
    """The colours of the ends that things come to."""
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(_ENDS), "range": list(_COLOURS)},
        "legend": legend,
    }


def funnel(balances: Sequence[Balance]) -> Spec:
    """A bar a stage: of what went in, the share that passed, was rejected, failed and was left."""
    rows = [
        {
            "stage": each.stage.replace("_", " "),
            "end": end,
            "share": count / each.taken,
            "place": place,
            "told": f"{each.accepted:,} of {each.taken:,}",
        }
        for each in balances
        if each.taken
        for place, (end, count) in enumerate(zip(_ENDS, _ended(each), strict=True))
    ]
    y = {"field": "stage", "type": "nominal", "sort": None, "title": None}
    bar = {
        "mark": {"type": "bar", "height": 15, "stroke": "var(--paper)", "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "share",
                "type": "quantitative",
                "axis": {"format": "%", "title": None, "tickCount": 4},
            },
            "color": _coloured("end", legend={"title": None, "columns": 4}),
            "order": {"field": "place"},
        },
    }
    told = {
        "transform": [{"filter": "datum.place == 0"}],
        "mark": {"type": "text", "align": "left", "dx": 6},
        "encoding": {"x": {"datum": 1}, "text": {"field": "told"}},
    }
    return {
        "data": {"values": rows},
        "width": _WIDTH,
        "height": {"step": _ROW},
        "encoding": {"y": y},
        "layer": [bar, told],
    }


def _ended(balance: Balance) -> tuple[int, int, int, int]:
    lost = (sum(part.values()) for part in (balance.rejected, balance.failed, balance.left))
    rejected, failed, left = lost
    return balance.accepted, rejected, failed, left


def heat(cells: Counts, names: Sequence[tuple[Any, str]], *, title: str) -> Spec:
    """A column of tenths for each name: how much evidence lies so deep, darker the more.

    Each column is a whole, so that a full one does not hide an empty one.
    """
    rows: list[dict[str, Any]] = []
    for key, name in names:
        total = sum(count for (_, other), count in cells.items() if other == key)
        for tenth in range(10):
            count = cells.get((tenth, key), 0)
            share = count / total if total else 0.0
            rows.append(
                {
                    "name": name,
                    "depth": f"{tenth * 10}–{tenth * 10 + 10} %",
                    "share": share,
                    "count": count,
                }
            )
    most = max((each["share"] for each in rows), default=1) or 1
    x = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": title,
        "axis": {"labelAngle": 0, "orient": "top"},
    }
    y = {"field": "depth", "type": "nominal", "sort": None, "title": "depth in the context"}
    tile = {
        "mark": {"type": "rect", "stroke": "var(--line)"},
        "encoding": {
            "color": _ACCENT,
            "fillOpacity": {
                "field": "share",
                "type": "quantitative",
                "scale": {"domain": [0, most], "range": [0, 0.55]},
                "legend": None,
            },
        },
    }
    number = {"mark": {"type": "text"}, "encoding": {"text": {"field": "count"}}}
    return {
        "data": {"values": rows},
        "width": {"step": max(40, min(64, 260 // max(1, len(names))))},
        "height": {"step": 21},
        "encoding": {"x": x, "y": y},
        "layer": [tile, number],
    }
