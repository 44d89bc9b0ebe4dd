"""Rate limits over a sliding window, by a clock of their own."""

from longhop.rehearsal import Limits
from longhop.rehearsal.limiting import Entry, Full, Window


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_request_is_let_in_once_the_oldest_has_left():
    """The wait is the time until then, to the letter."""
    clock = Clock()
    window = Window(Limits(requests=2, window_s=60), clock)
    for now in (0.0, 10.0):
        clock.now = now
        assert isinstance(window.admit(1), Entry)
    clock.now = 15.0
    full = window.admit(1)

    assert full == Full("requests", 45.0)
    clock.now += 45.0
    assert isinstance(window.admit(1), Entry)
    assert isinstance(window.admit(1), Full)


def test_tokens_wait_for_as_many_to_leave_as_they_are():
    """The oldest entry alone may make too little room."""
    clock = Clock()
    window = Window(Limits(tokens=100, window_s=60), clock)
    for now, tokens in ((0.0, 10), (5.0, 60), (9.0, 30)):
        clock.now = now
        assert isinstance(window.admit(tokens), Entry)
    clock.now = 10.0

    assert window.admit(50) == Full("tokens", 55.0)
    assert window.admit(10) == Full("tokens", 50.0)


def test_the_answer_is_charged_too():
    """A minute's tokens are those of prompts and completions."""
    window = Window(Limits(tokens=100), Clock())
    entry = window.admit(40)
    assert isinstance(entry, Entry)
    window.charge(entry, 60)

    assert isinstance(window.admit(1), Full)


def test_an_answer_that_comes_after_its_request_left_the_window_costs_nothing():
    """Its tokens would never leave again."""
    clock = Clock()
    window = Window(Limits(tokens=100, window_s=60), clock)
    entry = window.admit(40)
    assert isinstance(entry, Entry)
    clock.now = 70.0
    window.admit(10)
    window.charge(entry, 90)

    assert isinstance(window.admit(90), Entry)


def test_what_exceeds_the_limit_alone_is_let_into_an_empty_window():
    """There is no number of seconds after which it would fit."""
    window = Window(Limits(tokens=10, window_s=60), Clock())

    assert isinstance(window.admit(50), Entry)
    assert window.admit(50) == Full("tokens", 60.0)
