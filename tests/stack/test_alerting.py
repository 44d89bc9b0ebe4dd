"""What the automations of `longhop deploy` do of themselves: whom they tell of a bad night."""

from collections.abc import Iterator
from functools import partial

import pytest

from flows.alerting import BLOCK, FAILED, LATE
from tests.stack.driving import RunningStack
from tests.stack.receiving import Mailbox, Webhook

PATIENCE = 60
# What a run finds out at once: a field of the form stands in `advanced` too.
WRONG = {"advanced": {"contexts": {"tokens": [512]}}}
MESSAGE = "advanced holds contexts.tokens, which is the field 'lengths' of the form"


@pytest.fixture
def stack(stack: RunningStack) -> Iterator[RunningStack]:
    """The stack, where nobody is notified any more once a test is over."""
    yield stack
    stack.command("start", "worker")
    for each in stack.api.find("automations", {}):
        if each["name"] in (FAILED, LATE):
            stack.api.delete(f"automations/{each['id']}")
    for each in stack.api.find("block_documents", {"block_documents": {"name": {"any_": [BLOCK]}}}):
        stack.api.delete(f"block_documents/{each['id']}")


def test_a_night_that_no_worker_takes_is_told_to_a_webhook_with_a_link(stack: RunningStack):
    """The run is made by hand. One of the scheduler's is told in the same way, unless it was made
    less than five minutes before its time: then Prefect holds it back for a quarter of an hour.
    """
    stack.command("stop", "worker")
    with Webhook() as webhook:
        stack.deploy(LONGHOP_NOTIFY=webhook.address)
        run = stack.build("almanac", stack.corpus(2), deployment="nightly")
        told = webhook.received.get(timeout=PATIENCE)
    state = stack.state(run)
    stack.api.delete(f"flow_runs/{run}")

    assert state["name"] == "Late"
    assert told == {
        "text": "LongHop: nightly is late\nA run of nightly has not begun: is a worker of its pool"
        f" at work?\n{stack.page_of(run)}"
    }


def test_a_night_that_fails_is_mailed_and_a_build_on_demand_is_not(stack: RunningStack):
    """Whoever asked for a build by hand is looking at it."""
    with Mailbox() as mailbox:
        stack.deploy(LONGHOP_NOTIFY=mailbox.address)
        mine = stack.build("almanac", stack.corpus(2), **WRONG)
        assert stack.ended(mine)["type"] == "FAILED"
        assert "where they went before" in stack.deploy()
        run = stack.build("almanac", stack.corpus(2), deployment="nightly", **WRONG)
        letters = iter(partial(mailbox.received.get, timeout=PATIENCE), None)
        # Where its worker takes its time, it is late before it fails.
        letter = next(each for each in letters if not each["subject"].endswith(" is late"))

    assert letter["to"] == "on-call@example.org"
    assert letter.get_content_type() == "text/plain"  # a message may quote what anybody wrote
    assert letter["subject"] == "LongHop: build almanac Failed"
    assert MESSAGE in letter.get_content()
    assert letter.get_content().strip().endswith(stack.page_of(run))
