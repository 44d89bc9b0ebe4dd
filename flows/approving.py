"""A person looks at a version before `latest` moves to it."""

from typing import TYPE_CHECKING

from longhop.errors import NotApproved

if TYPE_CHECKING:
    from longhop.resources import Resources
    from tasks.publish_dataset import Published

# A run that waits holds its worker's slot; what is not approved in a day is looked at again anyway.
WAITS_SECONDS = 24 * 3600


async def approved(published: "Published", live: "Resources") -> "Published":
    """The version, once a person has resumed the paused run: then `latest` points to it.

    Raises:
        NotApproved: Nobody did in time; the version stays where it is.
    """
    from prefect.exceptions import FlowPauseTimeout
    from prefect.flow_runs import apause_flow_run

    if not published.new:
        return published
    try:
        await apause_flow_run(timeout=WAITS_SECONDS)
    except FlowPauseTimeout as error:
        raise NotApproved(
            f"{published.name} {published.version} was not approved within"
            f" {WAITS_SECONDS // 3600} hours: it lies in {published.folder}, and `latest` has not"
            " moved. Run the build again to be asked again; it costs nothing."
        ) from error
    live.datasets.move_latest(published.name, published.version)
    return published
