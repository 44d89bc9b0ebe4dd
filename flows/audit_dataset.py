"""Measure any data set of long-context questions, and keep its figures and its page."""

import asyncio
from typing import Annotated, Any

from prefect import flow
from prefect.artifacts import acreate_link_artifact, acreate_table_artifact
from pydantic import Field

from flows.auditing import plan_of, summarise, with_versions
from flows.build_dataset import RUNNER
from flows.picturing import address_of
from longhop.errors import LongHopError
from longhop.publishing.audited.writing import PAGE
from longhop.records.audit import Audit
from longhop.resources import Resources, open_resources
from longhop.secrets import scrub
from longhop.spec.sections import Count, Place
from tasks.audit_files import audit_files, folder_of
from tasks.stage import told


@flow(
    name="audit-dataset",
    flow_run_name="audit {name}",
    task_runner=RUNNER,
    persist_result=False,
)
async def audit_dataset(
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")],
    files: Annotated[list[Place], Field(min_length=1)],
    layout: str = "",
    columns: dict[str, str] = {},  # noqa: B006
    tokenizer: Place = "tekken",
    benchmarks: list[Place] = [],  # noqa: B006
    rows: Count | None = None,
) -> Any:
    """Measure any data set of long-context questions, ours or another, without a model.

    Args:
        name: What the audit is called: lower-case letters, digits and dashes.
        files: Files, folders or globs, as the worker sees them, s3:// addresses, or the names of
            datasets in the store, of which the latest version is meant.
        layout: The form of the rows, where their fields do not tell it.
        columns: Our names of fields with those of the files, such as question with query.
        tokenizer: What tokens are counted with. A tokenizer.json or tekken.
        benchmarks: Files whose items are looked for in questions and contexts.
        rows: How many rows are drawn by hash. All of them if not given.
    """
    async with open_resources() as live:
        try:
            pairs = [f"{ours}={theirs}" for ours, theirs in columns.items()]
            plan = with_versions(plan_of(files, layout, pairs, tokenizer, benchmarks, rows), live)
            future = audit_files.submit(name, plan)
            audit: Audit = await asyncio.to_thread(future.result)
            await _show(name, audit, live)
            return audit.version
        except LongHopError as error:
            return told(error)


async def _show(name: str, audit: Audit, live: Resources) -> None:
    """The summary and the flags as tables, and the way to the page."""
    summary = [line.split(None, 1) for line in summarise(audit)]
    await acreate_table_artifact(
        key=f"{name}-audit",
        table=[{"of": of, "found": scrub(found)} for of, found in summary],
        description=f"Audit {audit.version}: what was found",
    )
    await acreate_table_artifact(
        key=f"{name}-flags",
        table=[{"flag": flag, "rows": count} for flag, count in audit.flags.items()],
        description=f"Rows that a person should look at, of {audit.questions:,}",
    )
    await acreate_link_artifact(
        key=f"{name}-audit-page",
        link=scrub(address_of(live, f"{folder_of(name, audit.version)}/{PAGE}")),
        link_text=f"audit of {name}",
        description="The page of the audit; it opens where the store can be read",
    )
