"""What one process measures at a time: a corpus and a seed, under all policies or conditions."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.selection.kmeans import assign, fit_means
from longhop.selection.ledger import Ledger
from longhop.selection.policies import Policy, policy_of
from longhop.selection.remaining import look_ahead
from longhop.selection.vectors import to_steps
from selection.fields import task_of
from selection.generator import Corpus, make_corpus
from selection.oracles import ClusterOracle, Oracle
from selection.real_text import Texts, proxy_quality, read_texts, real_task
from selection.replay import Task, Weather, calls_to, curve, rounds

MISALIGNMENTS = (0.2, 0.5, 0.75)
_LEARNING = ("thompson", "knn", "hybrid")
# The share of documents that curves are told at, for the picture.
GRID = np.linspace(0, 0.6, 121)
# How far each replay goes: no figure needs more.
_UNTIL = 0.95
# Where the default's own rule would end asking is looked for up to here.
_STOPPED_BY = 0.995

Figures = dict[str, Any]


def measure_synthetic(misalignment: float, documents: int, seed: int) -> dict[str, Figures]:
    """All policies on one made-up corpus: what `figures` tells of each, by name."""
    corpus = make_corpus(seed, documents, misalignment)
    task = task_of(corpus, 400, seed)
    coarse = replace(task, field=replace(task.field, clusters=clusters_of(corpus, 100)))
    size = documents // 100
    told = {name: figures(task, policy_of(name), size, seed) for name in _BLIND}
    told["oracle"] = figures(task, Oracle(task.truth), size, seed)
    told["cluster_oracle"] = figures(task, ClusterOracle(task.truth), 20, seed)
    for clusters, each in ((400, task), (100, coarse)):
        for width in (10, 50):
            name = f"equal_{clusters}x{width}"
            told[name] = figures(each, policy_of("equal"), 10 * width, seed, until=0.9)
        greedy = figures(each, policy_of("epsilon_greedy"), 100, seed, until=0.9)
        told[f"epsilon_greedy_{clusters}"] = greedy
    for name in _LEARNING:
        told[name] = figures(task, policy_of(name), size, seed)
    told["hybrid"] |= _of_the_default(task, corpus, size, seed)
    return told


def measure_grid(misalignment: float, documents: int, seed: int) -> dict[str, Figures]:
    """EQUAL in all settings: of clusters, of arms a round, and of documents a pull."""
    corpus = make_corpus(seed, documents, misalignment)
    task = task_of(corpus, 400, seed)
    told = {"hybrid": figures(task, policy_of("hybrid"), documents // 100, seed)}
    for clusters in (50, 100, 200, 400):
        each = replace(task, field=replace(task.field, clusters=clusters_of(corpus, clusters)))
        for arms, pulled in product((5, 10, 50), (3, 10)):
            equal = policy_of("equal", width=pulled)
            told[f"equal_{clusters}x{arms}x{pulled}"] = figures(
                each, equal, arms * pulled, seed, until=0.9
            )
    return told


_BLIND = ("random", "exhaustive", "similarity")


def figures(
    task: Task, policy: Policy, size: int, seed: int, *, until: float = _UNTIL, **how: Any
) -> Figures:
    """Calls to 80% and 90% of what counts, the share found by 5% of the calls, and the curve."""
    found = curve(task, policy, size, seed, until=until, **how)
    n = len(task.field)
    calls = np.arange(len(found)) / n
    told = np.interp(GRID, calls, found, right=np.nan)
    return {
        "80": calls_to(found, 0.8),
        "90": calls_to(found, 0.9),
        "at_5": float(np.interp(0.05, calls, found)),
        "curve": told,
        "documents": n,
    }


def clusters_of(corpus: Corpus, number: int) -> NDArray[np.int64]:
    steps = to_steps(corpus.documents)
    return assign(steps, fit_means(steps, number)).astype(np.int64)


def _of_the_default(task: Task, corpus: Corpus, size: int, seed: int) -> Figures:
    """Modes at 80%, the estimate of what remains, where it would stop, and whether it resumes."""
    total, told, last = task.truth.sum(), {}, None
    fresh = partial(policy_of, "hybrid")
    for last in rounds(task, _Forgetful(fresh), size, seed, until=_STOPPED_BY):
        found = task.truth[last.documents].sum() / total
        outlook = look_ahead(task.field, last, size)
        if "remaining" not in told and found >= 0.8 and outlook:
            left = np.ones(len(task.field), dtype=bool)
            left[last.documents] = False
            told["remaining"] = outlook.remaining / task.rewards[left].sum()
            told["modes"] = _mode_recall(corpus, last)
        if "counted_90" not in told and last.rewards.sum() >= 0.9 * task.rewards.sum():
            told["counted_90"] = len(last)
        share = last.rewards.sum() / (last.rewards.sum() + (outlook.remaining if outlook else 1e9))
        if "stopped" not in told and share >= 0.9:
            told["stopped"] = len(last), float(found)
        if "stopped" in told and "counted_90" in told and found >= _UNTIL:
            break
    assert last is not None
    once = None
    for once in rounds(task, fresh(), size, seed, until=_UNTIL):  # noqa: B007
        pass
    assert once is not None
    told["resumes"] = bool((once.documents == last.documents[: len(once)]).all())
    return told


class _Forgetful:
    """A policy that is made anew for every round, as after a kill."""

    def __init__(self, make: Callable[[], Policy]) -> None:
        self.make = make

    def __getattr__(self, name: str) -> Any:
        return getattr(self.make(), name)


def _mode_recall(corpus: Corpus, ledger: Ledger) -> float:
    """The least share of a mode's pairs that was found, over the mean share."""
    asked = np.isin(corpus.pair_of, ledger.documents)
    shares = [asked[corpus.modes == mode].mean() for mode in np.unique(corpus.modes) if mode >= 0]
    return float(min(shares) / np.mean(shares))


def measure_robustness(documents: int, seed: int) -> dict[str, Figures]:
    """The default under what may go wrong, at a misalignment of a half: by what it is."""
    corpus = make_corpus(seed, documents, 0.5)
    base = task_of(corpus, 400, seed)
    size = documents // 100

    def run(task: Task, **how: Any) -> Figures:
        return figures(task, policy_of("hybrid"), size, seed, until=0.9, **how)

    def clustered(number: int) -> Task:
        return replace(base, field=replace(base.field, clusters=clusters_of(corpus, number)))

    cost = np.random.default_rng([seed, 6]).lognormal(0, 0.5, documents)
    dear = replace(base, field=replace(base.field, cost=cost / cost.mean()))
    few = make_corpus(seed, documents, 0.5, references=10)
    plain = make_corpus(seed, documents, 0.5, decoys=False)
    return {
        "base": run(base),
        "ten_references": run(task_of(few, 400, seed)),
        "flipped_tenth": run(task_of(corpus, 400, seed, field=base.field, flipped=0.1)),
        "delay_of_3": run(base, weather=Weather(delay=3)),
        "failing_tenth": run(base, weather=Weather(failing=0.1)),
        "clusters_100": run(clustered(100)),
        "clusters_1600": run(clustered(1600)),
        "no_decoys": run(task_of(plain, 400, seed)),
        "cost_differs": _by_cost(dear, size, seed),
    }


def _by_cost(task: Task, size: int, seed: int) -> Figures:
    """Calls, and what they cost in calls of mean cost; documents give the same at any cost."""
    last = None
    for last in rounds(task, policy_of("hybrid"), size, seed, until=0.9):  # noqa: B007
        pass
    assert last is not None
    found = np.cumsum(task.truth[last.documents]) / task.truth.sum()
    spent = np.cumsum(task.field.cost[last.documents])
    places = [int(np.searchsorted(found, share - 1e-9)) for share in (0.8, 0.9)]
    told = {"80": places[0] + 1, "90": min(places[1] + 1, len(found)), "at_5": 0.0}
    return told | {"cost_80": float(spent[places[0]]), "documents": len(task.field)}


_texts: list[Texts] = []


def measure_real(name: str, seed: int, **how: Any) -> dict[str, Figures]:
    """All policies on the mixed corpus for one target; the texts are read once a process."""
    if not _texts:
        _texts.append(read_texts())
    task = real_task(_texts[0], name, seed, **how)
    size = max(20, len(task.field) // 100)
    policies: dict[str, Policy] = {
        each: policy_of(each)
        for each in ("random", "similarity", "epsilon_greedy", "equal", *_LEARNING)
    }
    policies["oracle"] = Oracle(task.truth)
    told = {}
    for each, policy in policies.items():
        pulled = 100 if each in ("equal", "epsilon_greedy") else size
        told[each] = figures(task, policy, pulled, seed)
        told[each]["relevant"] = float(task.truth.sum())
    precision, recall = proxy_quality(task)
    told["hybrid"] |= {"proxy_precision": precision, "proxy_recall": recall}
    return told
