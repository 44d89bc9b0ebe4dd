"""The rate of an endpoint that counts over time is learned from what it answers and refuses."""

import pytest

from longhop.llm.throttle import Throttle


def test_nothing_is_spaced_before_the_first_refusal():
    throttle = Throttle()
    for each in range(100):
        throttle.answered(float(each) / 100)
        throttle.take(float(each) / 100)

    assert throttle.wait(1.0) == 0


def test_a_refusal_tells_the_rate():
    """200 answers in four seconds and six more to wait are twenty a second."""
    throttle = Throttle()
    for each in range(200):
        throttle.answered(each * 4 / 200)
    throttle.refused(4.0, 6.0)

    assert throttle.interval == pytest.approx(0.05, rel=0.02)


def test_refusals_of_one_burst_count_once():
    throttle = Throttle()
    for each in range(200):
        throttle.answered(each * 4 / 200)
    throttle.refused(4.0, 6.0)
    before = throttle.interval
    throttle.refused(4.1, 60.0)

    assert throttle.interval == before


def test_requests_follow_each_other_by_the_interval_and_sooner_with_every_answer():
    throttle = Throttle()
    for each in range(20):
        throttle.answered(float(each))
    throttle.refused(20.0, 0.0)
    throttle.take(30.0)
    assert throttle.wait(30.0) == pytest.approx(throttle.interval)
    assert throttle.wait(35.0) == 0
    before = throttle.interval
    for each in range(50):
        throttle.answered(30.0 + each)

    assert throttle.interval == pytest.approx(0.905 * before, rel=0.01)


def test_a_few_answers_tell_no_rate():
    throttle = Throttle()
    throttle.answered(0.0)
    throttle.refused(0.1, 30.0)

    assert throttle.interval == 0
