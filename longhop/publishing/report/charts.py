"""The charts of the page as Vega-Lite, narrow enough for a phone; each without colour, too."""

from collections.abc import Mapping, Sequence
from typing import Any

from longhop.publishing.report.drawing import Spec
from longhop.records.accounts import Balance
from longhop.records.figures import JudgedScore, MappedCluster
from longhop.records.selection import RoundTrace

_WIDTH, _ROW = 330, 24
_ENDS = ("accepted", "rejected", "failed", "left")
_ACCENT = {"value": "var(--accent)"}
Counts = Mapping[Any, int]


def bars(counts: Sequence[tuple[str, int]]) -> Spec:
    """A bar a name, in the order given, with its number at the end.

    Its ground is as wide where names are long: what they take comes off the bars.
    """
    rows = [{"name": name, "count": count, "told": f"{count:,}"} for name, count in counts]
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
                "encoding": {"color": _ACCENT},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"text": {"field": "told"}},
            },
        ],
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
    colours = ["var(--accent)", "var(--warm)", "var(--ink)", "var(--grey)"]
    bar = {
        "mark": {"type": "bar", "height": 15, "stroke": "var(--paper)", "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "share",
                "type": "quantitative",
                "axis": {"format": "%", "title": None, "tickCount": 4},
            },
            "color": {
                "field": "end",
                "type": "nominal",
                "scale": {"domain": list(_ENDS), "range": colours},
                "legend": {"title": None, "columns": 4},
            },
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


def scores(given: Sequence[JudgedScore]) -> Spec:
    """How many wordings have each score, those published and those turned away, and thresholds."""
    counts: dict[tuple[float, bool], int] = {}
    for each in given:
        key = (int(each.score * 4) / 4, each.kept)
        counts[key] = counts.get(key, 0) + 1
    rows = [
        {
            "score": score,
            "end": score + 0.25,
            "count": count,
            "kept": "published" if kept else "turned away",
        }
        for (score, kept), count in sorted(counts.items())
    ]
    limits = sorted({each.threshold for each in given if each.threshold is not None})
    lowest = int(min([*(each["score"] for each in rows), *limits], default=0))
    scale = {"domain": [lowest, 10.25], "nice": False}
    across = {"field": "score", "type": "quantitative", "scale": scale, "title": "mean score"}
    bar = {
        "mark": {"type": "bar", "stroke": "var(--paper)", "strokeWidth": 1},
        "encoding": {
            "x": {**across, "bin": {"binned": True}},
            "x2": {"field": "end"},
            "y": {
                "field": "count",
                "type": "quantitative",
                "title": "wordings",
                "axis": {"tickCount": 4, "tickMinStep": 1, "format": ",d"},
            },
            "color": {
                "field": "kept",
                "type": "nominal",
                "scale": {
                    "domain": ["published", "turned away"],
                    "range": ["var(--accent)", "var(--warm)"],
                },
                "legend": {"title": None},
            },
        },
    }
    lines = [{"at": each, "told": f"threshold {each:g}"} for each in limits[:6]]
    rule = {
        "data": {"values": lines},
        "mark": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 2},
        "encoding": {
            "x": {"field": "at", "type": "quantitative"},
            "color": {"value": "var(--ink)"},
        },
    }
    return {"data": {"values": rows}, "width": _WIDTH, "height": 190, "layer": [bar, rule]}


def closeness(counts: Mapping[tuple[int, bool], int]) -> Spec:
    """How near pairs are to the reference: those that count as close, and those that do not."""
    rows = [
        {
            "from": at / 20,
            "to": (at + 1) / 20,
            "count": count,
            "close": "close" if near else "not close",
        }
        for (at, near), count in sorted(counts.items())
    ]
    colours = {"domain": ["close", "not close"], "range": ["var(--accent)", "var(--grey)"]}
    return {
        "data": {"values": rows},
        "width": _WIDTH,
        "height": 170,
        "mark": {"type": "bar", "stroke": "var(--paper)", "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "from",
                "type": "quantitative",
                "bin": {"binned": True},
                "title": "cosine to the nearest question of the reference",
            },
            "x2": {"field": "to"},
            "y": {"field": "count", "type": "quantitative", "title": "pairs"},
            "color": {
                "field": "close",
                "type": "nominal",
                "scale": colours,
                "legend": {"title": None},
            },
        },
    }


def rounds(trace: Sequence[RoundTrace]) -> Spec:
    """Pairs that counted by documents asked, and below it the distance to the reference."""
    rows = [{"asked": 0, "value": 0.0, "what": "pairs that counted"}]
    rows += [{"asked": each.asked, "value": each.found, "what": rows[0]["what"]} for each in trace]
    away = [
        {"asked": each.asked, "value": each.distance, "what": "distance to the reference"}
        for each in trace
        if each.distance >= 0
    ]
    upper = _line(rows, "var(--accent)", "pairs that counted", zero=True, height=150)
    if not away:
        return {**upper, "width": _WIDTH}
    lower = _line(away, "var(--warm)", "distance to the reference", zero=False, height=110)
    return {"vconcat": [upper, lower], "spacing": 14}


def _line(
    rows: Sequence[Mapping[str, Any]], colour: str, title: str, *, zero: bool, height: int
) -> dict[str, Any]:
    y: dict[str, Any] = {
        "field": "value",
        "type": "quantitative",
        "title": title,
        "axis": {"tickCount": 4},
    }
    if not zero:
        y["scale"] = {"zero": False}
    x = {
        "field": "asked",
        "type": "quantitative",
        "title": "documents asked",
        "axis": {"tickCount": 5},
    }
    return {
        "data": {"values": list(rows)},
        "width": _WIDTH,
        "height": height,
        "mark": {"type": "line", "point": {"fill": colour, "size": 36}, "strokeWidth": 2},
        "encoding": {"x": x, "y": y, "color": {"value": colour}},
    }


def cluster_map(clusters: Sequence[MappedCluster]) -> Spec:
    """Documents on the plane: asked ones filled, those with rows large; the number of each cluster.

    Clusters are told apart by the number in their midst, and by shape as far as shapes go.
    """
    points = [
        {
            "x": point.x,
            "y": point.y,
            "shape": str(place % 6),
            "state": "a row rests on it" if point.rows else "asked" if point.asked else "not asked",
        }
        for place, each in enumerate(clusters)
        for point in each.points
    ]
    names = [
        {
            "x": sum(point.x for point in each.points) // len(each.points),
            "y": sum(point.y for point in each.points) // len(each.points),
            "name": str(each.cluster),
        }
        for each in clusters
        if len(each.points) > 1
    ]
    scale = {"domain": [-1080, 1080], "nice": False}
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": scale}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": scale}
    states = ["not asked", "asked", "a row rests on it"]
    shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
    mark = {
        "mark": {"type": "point", "filled": True, "opacity": 0.8},
        "encoding": {
            "x": x,
            "y": y,
            "shape": {
                "field": "shape",
                "type": "nominal",
                "scale": {"domain": list("012345"), "range": shapes},
                "legend": None,
            },
            "color": {
                "field": "state",
                "type": "nominal",
                "scale": {
                    "domain": states,
                    "range": ["var(--quiet)", "var(--soft)", "var(--accent)"],
                },
                "legend": {"title": None},
            },
            "size": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": states, "range": [14, 44, 90]},
                "legend": {"title": None},
            },
        },
    }
    label: dict[str, Any] = {
        "data": {"values": names},
        "mark": {"type": "text", "fontWeight": "bold", "fontSize": 14},
        "encoding": {"x": x, "y": y, "text": {"field": "name"}},
    }
    halo = {
        **label,
        "mark": {**label["mark"], "stroke": "var(--paper)", "strokeWidth": 4},
    }
    return {
        "data": {"values": points},
        "width": _WIDTH + 60,
        "height": _WIDTH,
        "layer": [mark, halo, label],
    }
