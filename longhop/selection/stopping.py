"""When asking ends before the documents do."""

from collections.abc import Sequence

from longhop.records.selection import RoundTrace
from longhop.spec.sections import Stopping

# Rounds over which the pool must have come closer to the reference.
_WINDOW = 3
_ENOUGH_FAILED = 8


def why_stop(rules: Stopping, trace: Sequence[RoundTrace]) -> str:
    """The first rule that is met after the rounds so far, in words; empty while none is.

    A rule about something that is not known yet is not met. One that no spec has to state: where
    all have failed, the next would fail as well, and be charged.
    """
    if not trace:
        return ""
    last = trace[-1]
    if last.asked >= _ENOUGH_FAILED and sum(each.failed for each in trace) == last.asked:
        return f"all {last.asked} documents that were asked so far failed"
    if rules.pairs is not None and last.found >= rules.pairs:
        return f"stop.pairs: {last.found:g} pairs are found, and {rules.pairs} are enough"
    if rules.recall is not None and last.remaining >= 0:
        share = last.found / (last.found + last.remaining) if last.found else 0.0
        if share >= rules.recall:
            return (
                f"stop.recall: about {share:.0%} of the pairs are found, {rules.recall:.0%} wanted"
            )
    if rules.rate is not None and 0 <= last.rate < rules.rate:
        return f"stop.rate: the next documents would give {last.rate:.2g} pairs each"
    gained = _gained(trace)
    if rules.plateau is not None and gained is not None and gained < rules.plateau:
        closer = f"came closer by {gained:.1%}" if gained > 0 else "came no closer"
        return f"stop.plateau: in {_WINDOW} rounds the pool {closer}"
    return ""


def _gained(trace: Sequence[RoundTrace]) -> float | None:
    """By which share the distance has fallen over the window, where it is known."""
    if len(trace) <= _WINDOW:
        return None
    before, now = trace[-1 - _WINDOW].distance, trace[-1].distance
    return None if before <= 0 or now < 0 else (before - now) / before
