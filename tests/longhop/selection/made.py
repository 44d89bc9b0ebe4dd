"""Small fields with known answers, and rounds of asking them."""

from dataclasses import replace

import numpy as np

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger, Outcome, nothing_asked
from longhop.selection.policies import Choice, Policy

GOOD = 3


def made_field(documents: int = 300, *, clusters: int = 15, seed: int = 0, aimed: bool = True):
    """A field of clusters of equal sizes whose neighbours are of the same cluster."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(documents) % clusters
    width = min(10, documents - 1)
    others = [np.flatnonzero(cluster == each) for each in range(clusters)]
    neighbours = np.full((documents, width), -1, dtype=np.int32)
    for row in range(documents):
        near = others[cluster[row]]
        near = near[near != row][:width]
        neighbours[row, : len(near)] = near
    near = np.where(neighbours >= 0, 0.6, 0.0).astype(np.float32)
    closeness = np.sort(rng.uniform(0.1, 0.5, (documents, 3)))[:, ::-1]
    return Field(
        rank=rng.permutation(documents),
        cost=np.ones(documents),
        closeness=closeness if aimed else None,
        clusters=cluster,
        neighbours=neighbours,
        nearness=near,
        reference=np.eye(4, dtype=np.float32) if aimed else None,
    )


def answers(field: Field, *, good: tuple[int, ...] = (GOOD,), pairs: int = 2) -> np.ndarray:
    """What each document gives: so many pairs in the good clusters, nothing elsewhere."""
    return np.where(np.isin(field.clusters, good), float(pairs), 0.0)


def after(
    ledger: Ledger, choice: Choice, given: np.ndarray, outcome: Outcome = Outcome.DONE
) -> Ledger:
    """The ledger when all that was chosen has come to that outcome."""
    rows = choice.documents
    number = int(ledger.rounds[-1]) + 1 if len(ledger) else 0
    rewards = given[rows] if outcome == Outcome.DONE else np.zeros(len(rows))
    found = np.repeat(np.arange(len(rows)), rewards.astype(int))
    pairs = np.tile(np.eye(4, dtype=np.float32)[:1], (len(found), 1))
    return replace(
        ledger,
        documents=np.concatenate([ledger.documents, rows]),
        rounds=np.concatenate([ledger.rounds, np.full(len(rows), number)]),
        outcomes=np.concatenate([ledger.outcomes, np.full(len(rows), outcome)]),
        rewards=np.concatenate([ledger.rewards, rewards]),
        chances=np.concatenate([ledger.by_chance, choice.by_chance]),
        pairs=np.concatenate([ledger.pairs, pairs]),
        pair_of=np.concatenate([ledger.pair_of, len(ledger) + found]),
    )


def ask_all(policy: Policy, field: Field, given: np.ndarray, size: int) -> Ledger:
    """The ledger when nothing is left, asked in rounds of that size."""
    ledger, number = nothing_asked(4), 0
    while len(ledger) < len(field):
        rng = np.random.default_rng([5, number])
        choice = policy.choose(field, ledger, size, rng)
        assert len(choice.documents), "nothing was chosen of what is left"
        ledger, number = after(ledger, choice, given), number + 1
    return ledger
