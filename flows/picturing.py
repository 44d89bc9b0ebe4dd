"""The key pictures of a version on the page of its run, and the way to its report."""

import base64
from collections.abc import Iterator
from pathlib import Path

from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact

from longhop.publishing.report.writing import PAGE, pictures_of
from longhop.resources import Resources
from longhop.secrets import scrub
from tasks.versions import Published

_SHOWN = {
    "funnel": "What became of everything on its way",
    "lengths": "Lengths of contexts, in tokens",
    "depth": "Where the evidence of each hop lies in its context",
    "rounds": "Rounds of selection: pairs that counted, and the distance to the reference",
}


async def show_pictures(published: Published, live: Resources) -> None:
    """Pictures as data within their artifact, so that nothing has to be served for them."""
    name = published.name
    parts = []
    for what, picture in _pictures(published, live):
        data = base64.b64encode(picture).decode()
        parts.append(f"### {_SHOWN[what]}\n\n![{what}](data:image/svg+xml;base64,{data})\n")
    if parts:
        await acreate_markdown_artifact(
            key=f"{name}-pictures",
            markdown="\n".join(parts),
            description="The funnel, and what the rows are",
        )
    await acreate_link_artifact(
        key=f"{name}-report",
        link=scrub(address_of(live, f"{published.folder}/{PAGE}")),
        link_text=f"report of {published.name} {published.version}",
        description="The page that defends the version; it opens where the store can be read",
    )


def address_of(live: Resources, path: str) -> str:
    """Where a file of the store is found: on a disk by its file address, else in its bucket."""
    root = live.files.root
    return f"{root}/{path}" if "://" in root else (Path(root) / path).as_uri()


def _pictures(published: Published, live: Resources) -> Iterator[tuple[str, bytes]]:
    """The pictures that the version has; one that an earlier release published has none."""
    manifest = live.datasets.manifest(published.name, published.version)
    for what, path in pictures_of(manifest).items():
        try:
            yield what, live.files.read(f"{published.folder}/{path}")
        except FileNotFoundError:
            continue
