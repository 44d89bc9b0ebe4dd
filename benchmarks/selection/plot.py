"""Curves as an SVG that reads in light and in dark."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_WIDTH, _HEIGHT = 860, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 196, 56, 64
_NAMES = {
    "oracle": ("oracle", "#7a8699", "2 3"),
    "cluster_oracle": ("oracle of clusters", "#7a8699", "7 4"),
    "hybrid": ("hybrid (default)", "#d1495b", ""),
    "knn": ("knn", "#e39b2d", ""),
    "thompson": ("thompson", "#7b5ea7", ""),
    "similarity": ("similarity", "#2a7fb8", ""),
    "epsilon_greedy_400": ("epsilon_greedy", "#3f9b76", "6 3"),
    "equal_400x10": ("equal, 400 clusters", "#3f9b76", ""),
    "equal_100x10": ("equal, 100 clusters", "#8a6d3b", ""),
    "random": ("random", "#9aa3ad", ""),
}
_STYLE = """
  .ground { fill: #ffffff } .ink { fill: #1f2933 } .pale { fill: #5c6773 }
  .grid { stroke: #e4e7eb } .axis { stroke: #7b8794 }
  text { font: 13px system-ui, sans-serif }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #14181d } .ink { fill: #e6e9ed } .pale { fill: #9aa5b1 }
    .grid { stroke: #2a323b } .axis { stroke: #7b8794 }
  }
"""


def draw_curves(curves: Mapping[str, NDArray[np.float64]], grid: NDArray[np.float64]) -> str:
    """The share found by the share asked, a line a policy, each named at its end."""
    known = {name: curves[name] for name in _NAMES if name in curves}
    body = [_frame(float(grid[-1])), *(_line(name, known[name], grid) for name in known)]
    body += [_legend(place, name) for place, name in enumerate(known)]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" '
        'aria-label="Share of the relevant pairs found, by share of the documents asked">'
    )
    title = (
        f'<text class="ink" x="{_LEFT}" y="30" style="font-size:16px;font-weight:600">'
        "Calls against relevant pairs found</text>"
    )
    ground = f'<rect class="ground" width="{_WIDTH}" height="{_HEIGHT}"/>'
    return "\n".join([head, f"<style>{_STYLE}</style>", ground, title, *body, "</svg>"]) + "\n"


def _across(share: float, most: float) -> float:
    return _LEFT + share / most * (_WIDTH - _LEFT - _RIGHT)


def _up(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def _frame(most: float) -> str:
    parts = []
    for share in np.arange(0, 1.01, 0.2):
        y = _up(share)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(
            f'<text class="pale" x="{_LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">'
            f"{share:.0%}</text>"
        )
    for share in np.arange(0, most + 1e-9, 0.1):
        x = _across(share, most)
        parts.append(
            f'<text class="pale" x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 22}" text-anchor="middle">'
            f"{share:.0%}</text>"
        )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    high = (_TOP + _HEIGHT - _BOTTOM) / 2
    parts.append(f'<path class="axis" d="M{_LEFT} {_up(0):.1f}H{_WIDTH - _RIGHT}"/>')
    parts.append(
        f'<text class="ink" x="{middle:.0f}" y="{_HEIGHT - 16}" text-anchor="middle">'
        "documents asked</text>"
    )
    parts.append(
        f'<text class="ink" transform="translate(20 {high:.0f}) rotate(-90)" '
        'text-anchor="middle">relevant pairs found</text>'
    )
    return "\n".join(parts)


def _line(name: str, values: NDArray[np.float64], grid: NDArray[np.float64]) -> str:
    _, colour, dashes = _NAMES[name]
    points = [
        f"{_across(float(x), float(grid[-1])):.1f} {_up(float(y)):.1f}"
        for x, y in zip(grid, values, strict=True)
        if np.isfinite(y)
    ]
    width = 3.4 if name == "hybrid" else 1.9
    return (
        f'<path d="M{" L".join(points)}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-dasharray="{dashes}" stroke-linejoin="round"/>'
    )


def _legend(place: int, name: str) -> str:
    label, colour, dashes = _NAMES[name]
    x, y = _WIDTH - _RIGHT + 22, _TOP + 14 + 25 * place
    width = 3.4 if name == "hybrid" else 2.2
    return (
        f'<path d="M{x} {y}h26" stroke="{colour}" stroke-width="{width}" '
        f'stroke-dasharray="{dashes}"/>'
        f'<text class="ink" x="{x + 34}" y="{y + 4}">{label}</text>'
    )
