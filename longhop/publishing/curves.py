"""The rounds of selection as a picture: what was found, against the documents that were asked."""

from collections.abc import Sequence

from longhop.records.selection import RoundTrace

# What an axis may end at, of a power of ten: a quarter of each is a plain number, too.
_STEPS = (0.12, 0.16, 0.2, 0.24, 0.32, 0.4, 0.6, 0.8, 1.0)
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 300, 62, 62, 24, 44


def draw_rounds(trace: Sequence[RoundTrace]) -> str:
    """An SVG of numbers alone: pairs by documents asked, and the distance to the reference.

    Empty where there are fewer than two rounds: they make no curve.
    """
    if len(trace) < 2:
        return ""
    asked = [0, *(each.asked for each in trace)]
    found = [0.0, *(each.found for each in trace)]
    pairs = _line(asked, found, _ceiling(max(found)), asked[-1])
    known = [each for each in trace if each.distance >= 0]
    top = _ceiling(max((each.distance for each in known), default=0.0))
    away = _line([each.asked for each in known], [each.distance for each in known], top, asked[-1])
    return "".join(
        [
            f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" class="rounds" '
            'aria-label="Pairs found and distance to the reference, by documents asked">',
            *_grid(asked[-1], _ceiling(max(found)), top if known else None),
            f'<polyline class="found" points="{pairs}"/>',
            f'<polyline class="away" points="{away}"/>' if known else "",
            "</svg>",
        ]
    )


def _grid(asked: int, found: float, away: float | None) -> list[str]:
    """Lines and numbers in quarters, and what the axes are."""
    marks = []
    right, below = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    for quarter in range(5):
        y = below - quarter * (below - _TOP) / 4
        x = _LEFT + quarter * (right - _LEFT) / 4
        marks += [
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>',
            _label(_LEFT - 8, y + 4, "end", f"{found * quarter / 4:,.4g}"),
            _label(x, below + 18, "middle", f"{asked * quarter / 4:,.0f}"),
        ]
        if away is not None:
            marks.append(_label(right + 8, y + 4, "start", f"{away * quarter / 4:.2g}"))
    marks.append(_label((_LEFT + right) / 2, _HEIGHT - 8, "middle", "documents asked"))
    marks.append(_label(_LEFT, 14, "start", "pairs found", "found"))
    if away is not None:
        marks.append(_label(right, 14, "end", "distance to the reference", "away"))
    return marks


def _label(x: float, y: float, anchor: str, text: str, kind: str = "axis") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{text}</text>'


def _line(across: Sequence[int], up: Sequence[float], top: float, most: int) -> str:
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    return " ".join(
        f"{_LEFT + wide * x / max(1, most):.1f},{_HEIGHT - _BOTTOM - high * y / top:.1f}"
        for x, y in zip(across, up, strict=True)
    )


def _ceiling(value: float) -> float:
    """The next round number of its size: what the axis ends at."""
    size = 1.0
    while size < value:
        size *= 10
    while size >= value * 10 and size > 1e-6:
        size /= 10
    return next((size * step for step in _STEPS if size * step >= value), 1.0)
