"""The ledger is what was written down, and nothing else."""

import numpy as np

from longhop.records.selection import Credit
from longhop.selection.ledger import Outcome
from longhop.selection.replaying import AskedPair, replay

ROWS = {"a": 0, "b": 1, "c": 2, "d": 3}


def credit(name: str, reward: float = 0.0, *, failed: bool = False) -> Credit:
    return Credit(document_id=name, pairs=int(reward), reward=reward, failed=failed)


def test_what_is_on_its_way_was_asked_and_tells_nothing():
    ledger = replay(ROWS, [[credit("c", 2.0), credit("a", failed=True)]], [["d"]])

    assert ledger.documents.tolist() == [2, 0, 3]
    assert ledger.rounds.tolist() == [0, 0, 1]
    assert ledger.outcomes.tolist() == [Outcome.DONE, Outcome.FAILED, Outcome.IN_FLIGHT]
    assert ledger.rewards.tolist() == [2.0, 0.0, 0.0]
    assert ledger.done.tolist() == [True, False, False]


def test_pairs_say_at_which_place_their_document_stands():
    vector = np.ones(3, dtype=np.float32)
    rounds = [[credit("b", 1.0)], [credit("a", 2.0)]]
    ledger = replay(ROWS, rounds, [], [AskedPair("b", vector), AskedPair("a", vector)])

    assert ledger.pair_of.tolist() == [0, 1]
    assert ledger.pairs.shape == (2, 3)


def test_probabilities_and_worths_are_those_of_their_documents():
    """Also of one in flight, which was drawn already; what is not told was not left to chance."""
    rounds = [[credit("c", 2.0), credit("a", 1.0)]]
    ledger = replay(ROWS, rounds, [["d"]], chances={"d": 0.2, "c": 0.1}, worths={"c": 3.0})
    plain = replay(ROWS, rounds, [["d"]])

    assert ledger.by_chance.tolist() == [0.1, 0.0, 0.2]
    assert ledger.wanted.tolist() == [3.0, 0.0, 0.0]
    assert plain.by_chance.tolist() == [0.0, 0.0, 0.0]
    assert plain.wanted.tolist() == plain.rewards.tolist()


def test_before_the_first_round_nothing_is_known():
    assert len(replay(ROWS, [], [])) == 0
