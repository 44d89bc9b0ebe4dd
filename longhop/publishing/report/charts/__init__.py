"""The charts of the page as Vega-Lite, narrow enough for a phone; each without colour, too."""

from longhop.publishing.report.charts.counts import bars, funnel, heat
from longhop.publishing.report.charts.selection import cluster_map, rounds
from longhop.publishing.report.charts.spreads import closeness, scores

__all__ = ["bars", "closeness", "cluster_map", "funnel", "heat", "rounds", "scores"]
