"""`longhop check`: what a build would start from, for nothing."""

from pathlib import Path

from longhop.operations.preparing import models_of, prepare
from longhop.resources import open_resources
from longhop.spec.loading import load_spec


async def describe_start(path: Path) -> str:
    """The spec's inputs as they were found; raises what `prepare` raises."""
    spec = load_spec(path)
    async with open_resources() as live:
        start = await prepare(spec, "latest", live)
        models = ", ".join(f"{role} {name}" for role, name in models_of(spec).items())
        return "\n".join(
            (
                f"spec      {spec.name} {spec.hash[:16]}",
                f"corpus    {', '.join(start.corpus)}",
                f"store     {live.files.root}: can be written",
                f"endpoint  {live.model.endpoint.address}: answers",
                f"models    {models}",
                f"base      {start.base.version if start.base else 'none: the first version'}",
            )
        )
