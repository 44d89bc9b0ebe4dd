"""A person looks at a version before `latest` moves to it."""

import asyncio
from typing import TYPE_CHECKING

from prefect.flow_runs import apause_flow_run
from prefect.logging import get_run_logger

from longhop.errors import NotApproved

if TYPE_CHECKING:
    from longhop.resources import Resources
    from tasks.versions import Published

# A run that waits holds its worker's slot; what is not approved in a day is looked at again anyway.
WAITS_SECONDS, _LOOKS_SECONDS = 24 * 3600, 3
# Prefect would end the run without a word of ours, so it is told to wait for longer than we do.
_LONGER = 3600


def not_released(published: "Published") -> str:
    """Why a version is not the latest one, and where it lies."""
    return (
        f"the release gate is missed: {published.missed}. {published.name} {published.version} is"
        f" whole and lies in {published.folder}; `latest` has not moved"
    )


async def approved(published: "Published", live: "Resources") -> "Published":
    """The version, once a person has resumed the paused run: then `latest` points to it.

    Raises:
        NotApproved: Nobody did in time, or another build has moved `latest` meanwhile; the version
            stays where it is.
    """
    before = live.datasets.latest(published.name)
    try:
        async with asyncio.timeout(WAITS_SECONDS):
            await apause_flow_run(timeout=WAITS_SECONDS + _LONGER, poll_interval=_LOOKS_SECONDS)
    except TimeoutError as error:
        raise NotApproved(
            f"{published.name} {published.version} was not approved within"
            f" {WAITS_SECONDS // 3600} hours: it lies in {published.folder}, and `latest` has not"
            " moved. Run the build again to be asked again; it costs nothing."
        ) from error
    if (now := live.datasets.latest(published.name)) != before:
        raise NotApproved(
            f"{published.name} {published.version} is not the latest version: another build moved"
            f" `latest` to {now} meanwhile. Run the build again: it continues that one."
        )
    live.datasets.move_latest(published.name, published.version)
    get_run_logger().info("approved: latest is %s", published.version)
    return published
