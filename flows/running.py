"""A build from the command line: in-process Prefect, progress on the terminal, a plain ending."""

import asyncio
import os
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from flows.stopping import stopped_at_once
from flows.watching import told_on
from longhop.errors import ConfigError, LongHopError
from longhop.operations.budgeting import Ledger
from longhop.publishing.funnel import funnel_rows
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of, require_inputs
from longhop.spec.loading import load_spec

if TYPE_CHECKING:
    from longhop.resources import Resources
    from tasks.versions import Published

console = Console(highlight=False)

# Prefect's own words are for its log; a person at a terminal is told by us.
_QUIET = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLI_COLORS": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}


def quiet_prefect() -> None:
    """Settle what Prefect says, before it is imported."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)


class Lines:
    """Progress as one line a task, with the time since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def stage_done(self, stage: str, part: str, counts: str, *, reused: bool) -> None:
        """Print what ended."""
        seconds = time.monotonic() - self._began
        how = " (receipt)" if reused else ""
        console.print(f"[dim]{seconds:6.1f} s[/dim]  {stage} {part}: {counts}{how}", soft_wrap=True)


def run_build(path: Path, base: str, kind: str = "") -> "Published":
    """Build the spec in a file, or its `pairs` or `contexts` alone, and say how it ended."""
    spec = load_spec(path)
    require_inputs(spec, kind)
    return build_and_tell(spec, base, kind)


def build_and_tell(spec: DatasetSpec, base: str, kind: str = "") -> "Published":
    """Build a spec, print the funnel and where the dataset is, and note the run."""
    quiet_prefect()
    from longhop.resources import open_resources

    _try_prefect_home()

    async def run() -> "Published":
        console.print(f"{spec.name}: looking at inputs, store and endpoint", soft_wrap=True)
        async with open_resources(Lines()) as live:
            from longhop.operations.preparing import prepare

            await prepare(spec, base, live)  # says what is wrong before Prefect has started
            console.print("[dim]Prefect starts; that takes some seconds[/dim]")
            flow = _flow(kind)
            began = datetime.now(UTC)
            try:
                with told_on(console, live):
                    published: Published = await flow(**form_of(spec, kind), base=base)
            except LongHopError as error:
                _note(live, spec.name, began, error=str(error))
                raise
            _note(live, spec.name, began, published)
            _tell(live, spec, published)
            return published

    with stopped_at_once():
        return asyncio.run(run())


def _flow(kind: str) -> Any:
    if kind == "pairs":
        from flows.select_documents import select_documents

        return select_documents
    if kind == "contexts":
        from flows.synthesize_contexts import synthesize_contexts

        return synthesize_contexts
    from flows.build_dataset import build_dataset

    return build_dataset


def _try_prefect_home() -> None:
    """Prefect keeps its database there, and hangs where it cannot."""
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise ConfigError(f"PREFECT_HOME {home} cannot be written: {error.strerror}") from error


def _note(
    live: "Resources",
    name: str,
    began: datetime,
    published: "Published | None" = None,
    *,
    error: str = "",
) -> None:
    """What is true of this run alone: its times, what it asked afresh, and why it stopped."""
    live.datasets.note_run(
        name,
        f"{began:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}",
        {
            "version": published.version if published else None,
            "published": published.new if published else False,
            "error": error,
            "began": began.isoformat(),
            "ended": datetime.now(UTC).isoformat(),
            "requests": live.model.fresh,
            "answers_remembered": live.model.remembered,
            "fresh": {model: each.model_dump() for model, each in live.model.purse.fresh.items()},
            "answers_per_second": live.model.overall_rate,
            "cost": live.model.status.cost,
        },
    )


def _tell(live: "Resources", spec: DatasetSpec, published: "Published") -> None:
    manifest = live.datasets.manifest(published.name, published.version)
    table = Table("stage", "in", "accepted", "turned away or left", box=None, pad_edge=False)
    for row in funnel_rows(manifest.balances):
        unit = f"{row['stage']} [dim]({row['unit']})[/dim]"
        table.add_row(unit, str(row["in"]), str(row["accepted"]), str(row["reasons"]))
    console.print(table)
    news = "published" if published.new else "nothing new, the base stays as it is"
    shown = ", ".join(f"{split} {count}" for split, count in manifest.rows.items()) or "no rows"
    console.print(f"{published.name} {published.version}: {news}; {shown}", soft_wrap=True)
    if manifest.base != "none":
        changes = ", ".join(f"{count} {what}" for what, count in manifest.changes.items())
        console.print(f"rows against base {manifest.base}: {changes}", soft_wrap=True)
        for what, reasons in manifest.reasons.items():
            said = ", ".join(f"{why} {count}" for why, count in reasons.items())
            console.print(f"  {what}: {said}", soft_wrap=True)
    if published.news is not None:
        console.print(f"documents: {published.news}", soft_wrap=True)
    for note in manifest.notes:
        console.print(f"note: {note}", soft_wrap=True, markup=False)
    if manifest.release:
        for each in manifest.release.shares:
            console.print(f"release: {each.told}", soft_wrap=True, markup=False)
    if manifest.shorter:
        console.print(f"{manifest.shorter} contexts are shorter than wanted: too few documents")
    if manifest.rehearsal:
        console.print("made with the rehearsal model: not for training")
    status = live.model.status
    tokens = f"{status.input_tokens:,} tokens read and {status.output_tokens:,} written"
    asked = f"{status.requests:,} requests ({tokens}), {status.remembered:,} answers from the memo"
    console.print(f"model: {asked}", soft_wrap=True)
    if spec.budget.stated:
        ledger = Ledger(spec.budget, live.prices)
        ledger.charge(manifest.usage)
        console.print(f"budget: {100 * ledger.used:.0f}% used; left in the table is what it missed")
    if live.prices is not None:
        bought = live.prices.told(live.prices.cost(manifest.bill))
        console.print(f"cost: {status.cost} in this run; {bought} for the whole version")
    folder = f"{live.files.root}/{published.folder}"
    console.print(f"dataset: {folder}\nreport:  {folder}/report.html", soft_wrap=True)
