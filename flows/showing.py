"""What an operator sees of a build on its page: what is new, what it costs, what became of it."""

import logging

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.exceptions import MissingContextError
from prefect.logging import get_run_logger

from flows.building import Build
from flows.foreseeing import foresee_build, sample_build
from flows.picturing import show_pictures
from longhop.publishing.funnel import funnel_rows
from longhop.records.estimate import Range, cost_of
from longhop.records.manifest import Manifest
from longhop.records.money import total
from longhop.records.news import News, counted
from longhop.resources import Resources
from longhop.secrets import scrub
from tasks.versions import Published

_NO_CORPUS = "trusted pairs alone"


async def show_start(build: Build, news: News | None, live: Resources) -> None:
    """Before anything is paid: what is new, and what that will take."""
    said = f"{news or _NO_CORPUS}; {_foreseen(build, live)}"
    _log().info("before: %s", said)
    await acreate_markdown_artifact(
        key=f"{build.spec.name}-before",
        markdown=scrub(f"**{build.spec.name}** – {said}"),
        description="What is new, and what that will take",
    )


async def show_ending(published: Published, live: Resources, *, hold: bool = False) -> None:
    """What became of it: a summary, the funnel, what it cost, and what was used again.

    With `hold`, the version waits for a person, and that is what is said.
    """
    name = published.name
    manifest = live.datasets.manifest(name, published.version)
    said = after(published, live, hold=hold)
    _log().info("after: %s", said)
    await acreate_table_artifact(
        key=f"{name}-funnel",
        table=funnel_rows(manifest.balances),
        description="What became of everything on its way",
    )
    unpriced = "" if manifest.prices else "; no price list, so no money"
    await acreate_table_artifact(
        key=f"{name}-cost",
        table=cost_rows(manifest),
        description=f"Of the whole version, whoever paid{unpriced}",
    )
    await acreate_table_artifact(
        key=f"{name}-reuse",
        table=reuse_rows(live),
        description="What was found done, and what was not",
    )
    counts = ", ".join(f"{split} {count}" for split, count in manifest.rows.items()) or "no rows"
    folder = f"{live.files.root}/{published.folder}"
    await acreate_markdown_artifact(
        key=f"{name}-summary",
        markdown=scrub(
            f"**{published.name} {published.version}** – {said}\n\n"
            f"{counts}, in `{folder}`; the report is `{folder}/report.html`"
            + "".join(f"\n\nNote: {note}" for note in manifest.notes)
        ),
        description="What came of it, and where it lies",
    )
    await show_pictures(published, live)


def after(published: Published, live: Resources, *, hold: bool = False) -> str:
    """In a line: what was new, what was asked, what it cost, and what came of it."""
    status = live.model.status
    cost = f"; {status.cost}" if status.cost else ""
    ending = "published" if published.new else "nothing published: the base stays as it is"
    if published.new and hold:
        ending = "published, and it waits for you: look at its report, then resume this run"
    asked, known = counted(status.requests, "request"), counted(status.remembered, "answer")
    return f"{published.news or _NO_CORPUS}; {asked}, {known} remembered{cost}; {ending}"


def _foreseen(build: Build, live: Resources) -> str:
    if build.start.rebuilds:
        return "nothing will be asked"
    stages = foresee_build(build, live, sample_build(build, live)).stages
    requests = sum((each.fresh for each in stages), Range.exactly(0))
    told = f"about {requests.told('{:,.0f}'.format)} requests"
    cost = cost_of(stages, live.prices, live.settings.batch) if live.prices else None
    if cost is None or live.prices is None:
        return f"{told}, at an unknown price"
    return f"{told}, {cost.told('{:,.2f}'.format)} {live.prices.currency}"


def cost_rows(manifest: Manifest) -> list[dict[str, str | int]]:
    """A row a stage and model, and one for all."""
    prices = manifest.prices
    rows: list[dict[str, str | int]] = []
    for stage, bill in (*manifest.usage.items(), ("all", manifest.bill)):
        used = total(bill)
        row: dict[str, str | int] = {
            "stage": stage,
            "models": ", ".join(sorted(bill)),
            "answers": f"{used.answers:,}",
            "tokens read": f"{used.input_tokens:,}",
            "tokens written": f"{used.output_tokens:,}",
        }
        rows.append({**row, "cost": prices.told(prices.cost(bill))} if prices else row)
    return rows


def reuse_rows(live: Resources) -> list[dict[str, str | int]]:
    """A row a stage: its shares, how many of them had their receipt, how many were worked on."""
    return [
        {"stage": stage, "shares": found + done, "by receipt": found, "worked on": done}
        for stage, (found, done) in live.activity.shares.items()
    ]


def _log() -> "logging.Logger | logging.LoggerAdapter[logging.Logger]":
    try:
        return get_run_logger()
    except MissingContextError:
        return logging.getLogger(__name__)
