"""A corpus with known pairs, asked in rounds by a policy, and how many calls that takes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger, Outcome, nothing_asked
from longhop.selection.need import worths_of_documents
from longhop.selection.policies.policy import Choice, Policy


@dataclass(frozen=True)
class Task:
    """A field, and what its documents would say: what they pay (n,), and what counts (n,).

    `rewards` are what the proxy of relevance sees; `truth` is counted for the score alone, and no
    policy sees it. `pairs` and `pair_of` are those of the corpus. `served` (n, m) are the rewards
    by the mode of the reference that their pairs are nearest to, and `modes` (r,) those of its
    items; None where all pairs are worth the same.
    """

    field: Field
    rewards: NDArray[np.float64]
    truth: NDArray[np.float64]
    pairs: NDArray[np.float32]
    pair_of: NDArray[np.int64]
    served: NDArray[np.float64] | None = None
    modes: NDArray[np.int32] | None = None


@dataclass(frozen=True)
class Weather:
    """What a replay may suffer: rounds until an answer is known, and the share that fails."""

    delay: int = 0
    failing: float = 0.0


def rounds(
    task: Task,
    policy: Policy,
    size: int | Callable[[int], int],
    seed: int,
    *,
    until: float = 1.0,
    weather: Weather = Weather(),
) -> Iterator[Ledger]:
    """The ledger after each round, until the share `until` of what counts is found."""
    rng = np.random.default_rng([seed, 7])
    ledger = nothing_asked(task.pairs.shape[1])
    starts = np.searchsorted(task.pair_of, np.arange(len(task.field) + 1))
    wanted = until * task.truth.sum() * (1 - weather.failing)
    while len(ledger) < len(task.field) and _gains(task, ledger).sum() < wanted:
        first = policy.warm_up(task.field) if not len(ledger) else 0
        number = first or (size if isinstance(size, int) else size(len(ledger)))
        choice = policy.choose(task.field, ledger, number, rng)
        chosen = choice.documents
        if not len(chosen):
            raise AssertionError(f"{policy.name} chose nothing of what is left")
        failed = rng.random(len(chosen)) < weather.failing
        ledger = _answered(_asked(ledger, choice, failed), task, starts, weather.delay)
        if policy.name == "hybrid":
            ledger = _weighed(ledger, task)
        yield ledger


def curve(task: Task, policy: Policy, size: int, seed: int, **how: Any) -> NDArray[np.float64]:
    """The share of what counts that was found, by the number of calls: (calls + 1,).

    Where calls fail, it is the share of what the others can give.
    """
    last = None
    for last in rounds(task, policy, size, seed, **how):  # noqa: B007
        pass
    if last is None:
        return np.zeros(1)
    reachable = task.truth.sum() * (1 - how.get("weather", Weather()).failing)
    return np.concatenate([[0.0], np.cumsum(_gains(task, last))]) / max(1e-9, reachable)


def calls_to(found: NDArray[np.float64], share: float) -> int | None:
    """The calls until a share was found, or None where the replay ended before."""
    reached = np.flatnonzero(found >= share - 1e-9)
    return int(reached[0]) if len(reached) else None


def _gains(task: Task, ledger: Ledger) -> NDArray[np.float64]:
    failed = ledger.outcomes == Outcome.FAILED
    return np.where(failed, 0.0, task.truth[ledger.documents])


def _asked(ledger: Ledger, choice: Choice, failed: NDArray[np.bool_]) -> Ledger:
    chosen = choice.documents
    number = int(ledger.rounds[-1]) + 1 if len(ledger) else 0
    outcomes = np.where(failed, Outcome.FAILED, Outcome.IN_FLIGHT)
    return replace(
        ledger,
        documents=np.concatenate([ledger.documents, chosen]),
        rounds=np.concatenate([ledger.rounds, np.full(len(chosen), number)]),
        outcomes=np.concatenate([ledger.outcomes, outcomes]),
        rewards=np.concatenate([ledger.rewards, np.zeros(len(chosen))]),
        chances=np.concatenate([ledger.by_chance, choice.by_chance]),
    )


def _answered(ledger: Ledger, task: Task, starts: NDArray[np.int64], delay: int) -> Ledger:
    """The ledger once all but the last `delay` rounds have answered."""
    due = (ledger.outcomes == Outcome.IN_FLIGHT) & (ledger.rounds <= ledger.rounds[-1] - delay)
    places = np.flatnonzero(due)
    rows = ledger.documents[places]
    outcomes, rewards = ledger.outcomes.copy(), ledger.rewards.copy()
    outcomes[places], rewards[places] = Outcome.DONE, task.rewards[rows]
    given = [np.arange(starts[row], starts[row + 1]) for row in rows]
    found = np.concatenate([np.zeros(0, dtype=np.int64), *given])
    pair_of = np.repeat(places, starts[rows + 1] - starts[rows])
    return replace(
        ledger,
        outcomes=outcomes,
        rewards=rewards,
        pairs=np.concatenate([ledger.pairs, task.pairs[found]]),
        pair_of=np.concatenate([ledger.pair_of, pair_of]),
    )


def _weighed(ledger: Ledger, task: Task) -> Ledger:
    """The ledger with what documents are worth for their modes, which the default policy heeds."""
    if task.served is None or task.modes is None:
        return ledger
    served = task.served[ledger.documents] * ledger.done[:, None]
    return replace(ledger, worths=worths_of_documents(served, task.modes))
