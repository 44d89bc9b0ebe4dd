"""A preview costs no more than it says, leaves nothing but answers, and a build has those."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from flows.build_dataset import build_dataset
from flows.command_line import app
from flows.demonstrating import demo_spec
from flows.previewing import Wanted, tell_preview
from longhop.operations.preparing import freeze_prompts
from longhop.rehearsal import MODEL, RehearsalServer
from longhop.rehearsal.demo_corpus import almanac_pages, write_demo_inputs
from longhop.resources import open_resources
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from longhop.spec.loading import load_spec

SPEC = Path("spec.yaml")
PRICES = f"version: 2026\ncurrency: EUR\nmodels: {{{MODEL}: {{input: 1, output: 2}}}}\n"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RehearsalServer]:
    monkeypatch.chdir(tmp_path)
    with RehearsalServer() as running:
        monkeypatch.setenv("LONGHOP_BASE_URL", running.url)
        monkeypatch.setenv("LONGHOP_STORE", str(tmp_path / "store"))
        yield running


def write_spec(rows: list[dict[str, Any]], **changes: Any) -> DatasetSpec:
    """A spec of some documents, all of which are asked about."""
    Path("corpus.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    spec = {
        "name": "seen",
        "corpus": {"paths": ["corpus.jsonl"], "license": "CC0-1.0"},
        "models": {"default": {"name": MODEL}},
        "splits": {"train": 1.0, "validation": 0.0, "test": 0.0},
        "contexts": {"tokens": [512]},
        "chunking": {"tokens": 128},
        "shards": 2,
        **changes,
    }
    SPEC.write_text(yaml.safe_dump(spec))
    return load_spec(SPEC)


def english(count: int) -> list[dict[str, Any]]:
    return [each for each in almanac_pages() if "-zh-" not in each["id"]][:count]


async def previewed(**wanted: Any) -> str:
    lines: list[str] = []
    await tell_preview(SPEC, Wanted(**wanted), lines.append)
    return "\n".join(lines)


def at_most(shown: str) -> int:
    found = re.search(r"at most +([\d,]+) requests", shown)
    assert found is not None, shown
    return int(found.group(1).replace(",", ""))


def asked_now(shown: str) -> int:
    found = re.search(r"^asked +([\d,]+) requests now", shown, re.MULTILINE)
    assert found is not None, shown
    return int(found.group(1).replace(",", ""))


@pytest.mark.usefixtures("prefect_server")
async def test_nothing_is_published_and_a_build_pays_no_answer_again(
    server: RehearsalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Preview and build together send what a build alone would send, where it takes all groups."""
    spec = write_spec(english(12), questions={"reuse": 500, "groups": 2000, "hops": [2]})
    shown = await previewed()
    sent = server.log()["requests"]
    store = tmp_path / "store"
    kinds = {each.relative_to(store).parts[0] for each in store.rglob("*") if each.is_file()}

    assert 0 < sent == asked_now(shown) <= at_most(shown)
    for stage in ("ask", "link", "merge", "judge", "prove", "context"):
        assert f"── {stage}: " in shown
    assert not list(store.rglob("*latest*"))
    assert "datasets" not in kinds
    receipts = {each.parent.name for each in (store / "receipts").rglob("*.json")}
    assert not receipts & {"ask", "link", "merge", "judge", "prove"}

    async with open_resources() as live:
        assert live.datasets.latest(spec.name) is None
        await build_dataset(**form_of(spec))
        latest = live.datasets.latest(spec.name)
    together = server.log()["by_task"]
    assert server.log()["answered_twice"] == 0

    monkeypatch.setenv("LONGHOP_STORE", str(tmp_path / "other"))
    async with open_resources():
        await build_dataset(**form_of(spec))
    alone = {task: count - together[task] for task, count in server.log()["by_task"].items()}
    assert together == alone

    monkeypatch.setenv("LONGHOP_STORE", str(store))
    before = server.log()["requests"]
    await previewed()
    async with open_resources() as live:
        assert live.datasets.latest(spec.name) == latest
    assert server.log()["requests"] == before


async def test_every_prompt_stands_in_the_file_as_it_is_sent(server: RehearsalServer):
    spec = write_spec(english(24))
    lines = await previewed(out=Path("all.md"))
    page = Path("all.md").read_text()

    async with open_resources() as live:
        asking = next(iter(freeze_prompts(spec, live).values())).templates["en"]
        system = live.prompts.text(asking)
    first = system.split("{% block system %}\n")[1].split("\n")[0]
    assert first in page
    assert "── ask: " in lines
    assert "system turn 1, as above" in page
    assert page.count("**ask 1/") == 1
    again = await previewed(out=Path("all.md"))
    assert asked_now(again) == 0
    assert "; remembered, " in " ".join(again.split())


async def test_without_asking_nothing_is_sent_and_every_prompt_is_shown(
    server: RehearsalServer, monkeypatch: pytest.MonkeyPatch
):
    """Not even an endpoint is needed."""
    spec = write_spec(english(12))
    monkeypatch.setenv("LONGHOP_BASE_URL", "http://127.0.0.1:9/v1")
    shown = await previewed(ask=False)

    assert server.log()["requests"] == 0
    assert asked_now(shown) == 0
    async with open_resources() as live:
        names = freeze_prompts(spec, live).keys() - {"context"}
    for name in names:
        assert f"prompt {name}.en; model {spec.models.default.name}" in shown
    assert "merge, with trial values" in shown
    assert "── gather" not in shown


async def test_one_document_is_enough(server: RehearsalServer):
    write_spec(english(1))
    shown = await previewed()

    assert "1 of 1 documents" in shown
    assert server.log()["requests"] <= at_most(shown)


async def test_what_a_seed_pair_becomes_is_shown(server: RehearsalServer):
    write_demo_inputs(Path("demo"))
    spec = demo_spec(Path("demo"), MODEL)
    SPEC.write_text(yaml.safe_dump(spec.stated()))
    shown = await previewed(documents=2)

    assert "── gate: " in shown
    assert "write 1/1" in shown
    assert "write 2/" not in shown
    assert 0 < server.log()["requests"] == asked_now(shown) <= at_most(shown)


async def test_a_price_list_tells_what_it_costs(
    server: RehearsalServer, monkeypatch: pytest.MonkeyPatch
):
    write_spec(english(12))
    Path("prices.yaml").write_text(PRICES)
    monkeypatch.setenv("LONGHOP_PRICES", "prices.yaml")
    shown = await previewed()

    assert re.search(r"^cost +[\d.]+ EUR \([\d.]+ EUR to [\d.]+ EUR\)", shown, re.MULTILINE)
    assert re.search(r"requests now for [\d.]+ EUR", shown)


async def test_what_goes_through_batches_in_a_build_is_asked_at_once(
    server: RehearsalServer, monkeypatch: pytest.MonkeyPatch
):
    """Nobody waits hours for a preview."""
    monkeypatch.setenv("LONGHOP_BATCH", "ask,merge,judge,prove")
    write_spec(english(12))
    await previewed()

    assert server.log()["batches"] == 0
    assert server.log()["requests"] > 0


async def test_hostile_documents_neither_move_the_cursor_nor_leave_their_blocks(
    server: RehearsalServer,
):
    rows = english(6)
    for number, row in enumerate(rows):
        row["text"] = f"\u202eEvil \x1b]0;owned\x07 ```\n# Done\n````` {number}. " + row["text"]
        row["title"] = f"T\x1b[31m```{number}"
    write_spec(rows)
    shown = await previewed(out=Path("all.md"))
    page = Path("all.md").read_text()

    for text in (shown, page):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert "# Done" not in _outside_of_blocks(page)


async def test_the_whole_may_be_a_page_on_which_nothing_comes_alive(server: RehearsalServer):
    """It says what the Markdown says, and needs no script."""
    rows = english(6)
    rows[0]["text"] += " <script>alert(1)</script><img src=x onerror=alert(2)> \u202e"
    write_spec(rows)
    await previewed(out=Path("all.html"))
    await previewed(out=Path("all.md"))
    page, told = Path("all.html").read_text(), Path("all.md").read_text()

    assert "<script" not in page and "<img" not in page and "\u202e" not in page
    assert "&lt;script&gt;alert(1)" in page and "default-src 'none'" in page
    assert page.count("<h2") == sum(line.startswith("## ") for line in told.splitlines())
    assert page.count("<pre") == told.count("```text") - page.count('class="row"')
    assert await previewed(out=Path("all.html")), "a preview may be written over"


def _outside_of_blocks(page: str) -> str:
    kept, fence = [], ""
    for line in page.split("\n"):
        mark = re.match(r"`{3,}", line)
        if fence:
            fence = "" if mark and line.strip("`") == "" and len(line) >= len(fence) else fence
        elif mark:
            fence = mark.group()
        else:
            kept.append(line)
    assert not fence
    return "\n".join(kept)


@pytest.mark.parametrize(
    ("arguments", "spec", "message"),
    [
        ([], "name: x\nmodles: 1\n", "did you mean 'models'?"),
        (["--out", "corpus.jsonl"], "", "is there already and is no preview"),
        (["--out", "nowhere/x.md"], "", "No such file"),
    ],
)
def test_a_mistake_is_one_message(
    server: RehearsalServer, arguments: list[str], spec: str, message: str
):
    write_spec(english(1))
    if spec:
        SPEC.write_text(spec)
    result = CliRunner().invoke(app, ["preview", str(SPEC), *arguments])

    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.output.startswith("longhop: ")
    assert message in result.output
    assert "──" not in result.output
    assert server.log()["requests"] == 0


def test_an_endpoint_that_is_away_is_one_message_after_what_was_seen(
    server: RehearsalServer, monkeypatch: pytest.MonkeyPatch
):
    write_spec(english(3))
    monkeypatch.setenv("LONGHOP_BASE_URL", "http://127.0.0.1:9/v1")
    result = CliRunner().invoke(app, ["preview", str(SPEC), "--out", "all.md"])

    assert result.exit_code == 1
    assert "cannot be reached" in result.output
    assert "# Preview of seen" in Path("all.md").read_text()
