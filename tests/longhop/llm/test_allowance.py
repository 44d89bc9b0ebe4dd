"""What is declared for a minute holds for every minute there is, not only on average."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from longhop.llm import allowance
from longhop.llm.allowance import Allowance, TokenGuess


class Clock:
    """A time that passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(allowance.time, "monotonic", lambda: self.now)


def taken_at(clock: Clock, cap: Allowance, amounts: list[float], pauses: list[float]):
    """When each amount was let through, asked for as soon as the pause before it is over."""
    times = []
    for amount, pause in zip(amounts, pauses, strict=True):
        clock.now += pause
        while (wait := cap.wait(amount)) > 0:
            clock.now += wait
        cap.take(amount)
        times.append(clock.now)
    return times


@given(
    per_minute=some.integers(1, 600),
    pauses=some.lists(some.sampled_from([0.0, 0.0, 0.1, 7.0, 90.0]), min_size=1, max_size=400),
)
def test_no_minute_sees_more_requests_than_allowed(per_minute: int, pauses: list[float]):
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        cap = Allowance("requests", per_minute)
        times = taken_at(clock, cap, [1.0] * len(pauses), pauses)

    for first, each in enumerate(times):
        within = sum(each <= other < each + 60 - 1e-6 for other in times[first:])
        assert within <= per_minute


@given(amounts=some.lists(some.floats(1, 80), min_size=1, max_size=300))
def test_no_minute_sees_more_tokens_than_allowed(amounts: list[float]):
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        times = taken_at(clock, Allowance("tokens", 1000), amounts, [0.0] * len(amounts))

    for first, each in enumerate(times):
        pairs = zip(times[first:], amounts[first:], strict=True)
        assert sum(n for other, n in pairs if other < each + 60 - 1e-6) <= 1000 + 1e-6


def test_what_is_larger_than_a_burst_goes_alone_and_is_worked_off(monkeypatch: pytest.MonkeyPatch):
    """Else a request of a whole minute's tokens could never be sent."""
    clock = Clock(monkeypatch)
    times = taken_at(clock, Allowance("tokens", 600), [600, 600, 600], [0, 0, 0])

    assert times[0] == 1000
    assert times[1] - times[0] >= 60
    assert times[2] - times[1] >= 60


def test_what_was_guessed_too_high_comes_back(monkeypatch: pytest.MonkeyPatch):
    Clock(monkeypatch)
    cap = Allowance("tokens", 1200)
    cap.take(100)
    assert cap.wait(100) > 0
    cap.take(-100)
    assert cap.wait(100) == 0


def test_tokens_are_guessed_from_those_that_were_counted():
    """Chinese takes three times the tokens for a character; who has seen some answers knows."""
    guess = TokenGuess()
    assert guess.guess(300, 100) == 150
    guess.learn(300, 0, 0)
    assert guess.guess(300, 100) == 150
    guess.learn(1000, 900, 40)
    guess.learn(1000, 1100, 60)

    assert guess.guess(500, 1024) == pytest.approx(550)
