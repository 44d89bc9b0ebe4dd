"""How the policies compare, seed by seed: the figures that the acceptance of selection asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Told = dict[str, dict[str, Any]]


def bounds_of(results: Mapping[str, Sequence[Told]]) -> dict[str, Any]:
    """All comparisons that the conditions allow, by condition."""
    bounds: dict[str, Any] = {}
    for name, runs in results.items():
        if name == "robustness":
            bounds[name] = _robustness(runs)
        elif name.startswith("grid"):
            bounds[name] = _best_equal(runs)
        elif "cluster_oracle" in runs[0]:
            bounds[name] = _synthetic(runs)
        else:
            bounds[name] = _real(runs)
    return bounds


def interval(values: Sequence[float]) -> tuple[float, tuple[float, float]]:
    """The mean, and the ends of its 95% interval (Student's t)."""
    from scipy.stats import t

    mean = float(np.mean(values))
    if len(values) < 2:
        return round(mean, 1), (round(mean, 1), round(mean, 1))
    half = float(t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return round(mean, 1), (round(mean - half, 1), round(mean + half, 1))


def ratio(runs: Sequence[Told], one: str, other: str, share: str) -> list[float]:
    """How many times the calls of `other` are those of `one`: geometric mean, and 95% interval."""
    from scipy.stats import t

    logs = np.log([run[one][share] / run[other][share] for run in runs])
    half = 0.0
    if len(logs) > 1:
        half = float(t.ppf(0.975, len(logs) - 1) * np.std(logs, ddof=1) / np.sqrt(len(logs)))
    return [round(float(np.exp(logs.mean() + each)), 3) for each in (0.0, -half, half)]


def _synthetic(runs: Sequence[Told]) -> dict[str, Any]:
    told = _best_equal(runs)
    for share in ("80", "90"):
        told[f"hybrid_over_similarity_{share}"] = ratio(runs, "hybrid", "similarity", share)
    told["share_of_cluster_oracle_80"] = ratio(runs, "cluster_oracle", "hybrid", "80")
    default = [run["hybrid"] for run in runs]
    told["least_mode_over_mean"] = interval([each["modes"] * 100 for each in default])
    estimates = [each["remaining"] for each in default]
    told["remaining_over_truth"] = sorted(round(each, 2) for each in estimates)
    told["remaining_within_quarter"] = _share(abs(each - 1) <= 0.25 for each in estimates)
    told["stop_over_counted_90"] = sorted(
        round(each["stopped"][0] / each["counted_90"], 2) if "stopped" in each else -1
        for each in default
        if "counted_90" in each
    )
    told["stop_over_calls_90"] = sorted(
        round(each["stopped"][0] / each["90"], 2) if "stopped" in each else -1 for each in default
    )
    told["found_at_stop"] = sorted(
        round(each["stopped"][1], 3) if "stopped" in each else -1 for each in default
    )
    told["resumes_the_same"] = all(each["resumes"] for each in default)
    return told


def _best_equal(runs: Sequence[Told]) -> dict[str, Any]:
    """The setting of equal that takes fewest calls, and how many times those of the default."""
    told: dict[str, Any] = {}
    for share in ("80", "90"):
        cells = [name for name in runs[0] if name.startswith("equal_")]
        best = min(cells, key=lambda name: sum(run[name][share] for run in runs))
        told[f"best_equal_{share}"] = best
        told[f"best_equal_over_hybrid_{share}"] = ratio(runs, best, "hybrid", share)
    return told


def _robustness(runs: Sequence[Told]) -> dict[str, Any]:
    """By condition, the speed-up at 80% as a share of that without it; calls, for failures."""
    told: dict[str, Any] = {
        name: ratio(runs, "base", name, "80") for name in runs[0] if name != "base"
    }
    cost = [run["cost_differs"]["cost_80"] / run["base"]["80"] for run in runs]
    told["cost_over_base_calls"] = round(float(np.exp(np.log(cost).mean())), 3)
    return told


def _real(runs: Sequence[Told]) -> dict[str, Any]:
    """By policy, its calls to 90% as a multiple of the oracle's; and how good the proxy was."""
    told: dict[str, Any] = {
        name: ratio(runs, name, "oracle", "90") for name in runs[0] if name != "oracle"
    }
    for each in ("proxy_precision", "proxy_recall"):
        told[each] = round(float(np.mean([run["hybrid"][each] for run in runs])), 2)
    return told


def _share(flags: Any) -> float:
    return round(float(np.mean(list(flags))), 2)
