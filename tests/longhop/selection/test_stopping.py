"""Asking ends where a rule says so, and says which."""

import pytest

from longhop.records.selection import RoundTrace
from longhop.selection.stopping import why_stop
from longhop.spec.sections import Stopping


def trace(**known: float) -> RoundTrace:
    given = {"found": 90.0, "remaining": 10.0, "rate": 0.2, "distance": 0.5, **known}
    return RoundTrace(
        round=1, policy="hybrid", documents=10, failed=0, pairs=9, reward=9, asked=100, **given
    )


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"pairs": 90}, "stop.pairs: 90 pairs are found, and 90"),
        ({"pairs": 91}, ""),
        ({"recall": 0.9}, "stop.recall: about 90%"),
        ({"recall": 0.91}, ""),
        ({"rate": 0.3}, "stop.rate: the next documents would give 0.2"),
        ({"rate": 0.2}, ""),
        ({}, ""),
    ],
)
def test_a_rule_is_met_or_not(rules: dict[str, float], said: str):
    why = why_stop(Stopping(**rules), [trace()])

    assert why.startswith(said) and bool(why) == bool(said)


def test_a_plateau_is_seen_over_three_rounds():
    rules = Stopping(plateau=0.02)
    flat, falling = [trace(distance=0.5)] * 4, [trace(distance=d) for d in (0.8, 0.7, 0.6, 0.5)]

    assert why_stop(rules, flat).startswith("stop.plateau")
    assert not why_stop(rules, falling)
    assert not why_stop(rules, flat[:3]), "too few rounds say nothing"


def test_what_is_not_known_meets_no_rule():
    unknown = trace(remaining=-1.0, rate=-1.0, distance=-1.0)

    assert not why_stop(Stopping(recall=0.5, rate=9.0, plateau=0.9), [unknown] * 4)
    assert not why_stop(Stopping(pairs=1), [])


def test_asking_ends_where_everything_fails():
    """A failed call is charged, and more of them would be."""
    failed = trace(found=0.0).model_copy(update={"failed": 100})
    half = trace(found=0.0).model_copy(update={"failed": 50})

    assert why_stop(Stopping(), [failed]) == "all 100 documents that were asked so far failed"
    assert not why_stop(Stopping(), [half])


def test_nothing_found_is_no_recall():
    assert not why_stop(Stopping(recall=0.5), [trace(found=0.0, remaining=0.0)])
