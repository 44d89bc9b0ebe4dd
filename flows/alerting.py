"""What tells a person of a night that went wrong, and ends a run that is heard of no more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from prefect.automations import Automation
from prefect.blocks.notifications import CustomWebhookNotificationBlock, SlackWebhook
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import EventTrigger, Posture
from pydantic import SecretStr

from longhop.errors import ConfigError

BLOCK = "longhop-notify"
FAILED, LATE = "longhop: a nightly build failed", "longhop: a nightly build is late"
# Runs tell of themselves every half minute (infra/worker.env.example says so). One that has not
# for so long has lost its process, or its machine.
SILENT_AFTER = timedelta(minutes=10)

_ENDED = tuple(
    f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")
)
_NIGHTLY = {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.nightly"}
_OURS = {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.longhop"}
_RUN = {"prefect.resource.id": "prefect.flow-run.*"}


async def save_automations(address: str | None, tell: Callable[[str], object]) -> None:
    """Save the automations anew, under the names that they have.

    `address` is where notifications go: a webhook (https://…) or an e-mail (mailto://…, as Apprise
    writes it). Without one they are as they were: a person who deploys from a shell that does not
    know it takes nobody's away.

    Raises:
        ConfigError: It is neither.
    """
    block = await _save_block(address) if address else None
    await _save(silent_runs())
    tell("a run that is silent for ten minutes becomes Crashed")
    if block is not None:
        for each in (failed_nights(block), late_runs(block)):
            await _save(each)
        tell("nightly builds that fail, crash or are late are told to LONGHOP_NOTIFY")
    elif await _find(FAILED) or await _find(LATE):
        tell("notifications go where they went before: LONGHOP_NOTIFY is not set")
    else:
        tell("nobody is notified: set LONGHOP_NOTIFY to a webhook or to mailto://…")


def silent_runs() -> Automation:
    """A run that stopped telling of itself becomes Crashed, so that it can be run again."""
    heartbeat = "prefect.flow-run.heartbeat"
    return Automation(
        name="longhop: silent runs become Crashed",
        trigger=EventTrigger(
            match=_RUN,
            match_related=_OURS,
            after={heartbeat},
            expect={heartbeat, *_ENDED},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENT_AFTER,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message="nothing was heard of this run for ten minutes: its worker is gone. Retry"
                " it: what was paid for is kept.",
            )
        ],
    )


def failed_nights(block: Any) -> Automation:
    """Who is notified learns that a nightly build failed or crashed, with a link to it."""
    return Automation(
        name=FAILED,
        trigger=_happens({"prefect.flow-run.Failed", "prefect.flow-run.Crashed"}),
        actions=[
            SendNotification(
                block_document_id=block,
                subject="LongHop: {{ flow_run.name }} {{ flow_run.state.name }}",
                body="{{ flow_run.name }} ended in {{ flow_run.state.name }}:"
                " {{ flow_run.state.message }}\n{{ flow_run|ui_url or flow_run.id }}",
            )
        ],
    )


def late_runs(block: Any) -> Automation:
    """Who is notified learns that a nightly build has not begun: no worker took it."""
    return Automation(
        name=LATE,
        trigger=_happens({"prefect.flow-run.Late"}),
        actions=[
            SendNotification(
                block_document_id=block,
                # The run itself is named after its dataset once it begins, and not before.
                subject="LongHop: {{ deployment.name }} is late",
                body="A run of {{ deployment.name }} has not begun: is a worker of its pool at"
                " work?\n{{ flow_run|ui_url or flow_run.id }}",
            )
        ],
    )


def _happens(events: set[str]) -> EventTrigger:
    return EventTrigger(
        match=_RUN,
        match_related=_NIGHTLY,
        expect=events,
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
    )


async def _save(automation: Automation) -> None:
    known = await _find(automation.name)
    if known is None:
        await automation.acreate()
        return
    automation.id = known.id
    await automation.aupdate()


async def _find(name: str) -> Automation | None:
    try:
        return await Automation.aread(name=name)
    except ValueError:
        return None


async def _save_block(address: str) -> Any:
    """The id of the block that notifies, which holds the address."""
    block: Any
    if address.startswith(("https://", "http://")):
        block = CustomWebhookNotificationBlock(
            name=BLOCK,
            url=address,
            json_data={"text": "{{subject}}\n{{body}}"},
            allow_private_urls=True,
        )
    elif address.startswith(("mailto://", "mailtos://")):
        # Its address is any that Apprise knows; Prefect has no block of its own for mail servers.
        block = SlackWebhook(url=SecretStr(_plain(address)))
    else:
        raise ConfigError("LONGHOP_NOTIFY is neither a webhook (https://…) nor mailto://…")
    return await block.save(BLOCK, overwrite=True)


def _plain(address: str) -> str:
    """A mail's address, told that what it sends is no HTML: a message may quote a document."""
    if "format=" in address:
        return address
    return f"{address}{'&' if '?' in address else '?'}format=text"
