"""Charts of how numbers spread: scores with their threshold, closeness to a reference."""

from collections.abc import Mapping, Sequence

from longhop.publishing.report.drawing import Spec
from longhop.records.figures import JudgedScore

_WIDTH = 330


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
