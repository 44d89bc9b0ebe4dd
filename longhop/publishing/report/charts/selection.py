"""Charts of selection: what its rounds found, and the map of clusters."""

from collections.abc import Mapping, Sequence
from typing import Any

from longhop.publishing.report.drawing import Spec
from longhop.records.figures import MappedCluster
from longhop.records.selection import RoundTrace

_WIDTH = 330


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
