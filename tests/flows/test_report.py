"""`longhop report`: the page of a version again, the same bytes from its files alone."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from prefect.client.orchestration import get_client
from typer.testing import CliRunner

from flows.build_dataset import build_dataset
from flows.command_line import app
from flows.reporting import Wanted, report_version
from flows.select_documents import select_documents
from longhop.publishing.figures import CLUSTERS, LABELS, ROUNDS, SCORES
from longhop.publishing.report.files import VersionFiles
from longhop.records.figures import JudgedScore, MappedCluster, MeasuredLabels
from longhop.records.manifest import Manifest
from longhop.records.selection import RoundTrace
from longhop.resources import Resources, Silence, entered
from longhop.settings import Settings
from longhop.spec.form import form_of
from longhop.storage.files import LocalFiles
from tests.published import publish, row
from tests.world import WorldResources, make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")
RUN = CliRunner()


async def build(live: WorldResources, folder: Path, **changes: Any) -> Manifest:
    corpus = folder / "c.jsonl"
    spec = make_spec(corpus if corpus.is_file() else write_corpus(corpus), **changes)
    with entered(live):
        published = await build_dataset(**form_of(spec))
    return live.datasets.manifest(published.name, published.version)


def home_of(live: WorldResources, manifest: Manifest) -> Path:
    return Path(live.files.root) / live.datasets.folder(manifest.name, manifest.version)


def report(folder: Path, *arguments: Any, fails: bool = False) -> str:
    """What the command says of a store in a folder."""
    settings = Settings(store=str(folder))
    with entered(Resources(settings, LocalFiles(folder), Silence())):
        result = RUN.invoke(app, ["report", *map(str, arguments)])
    assert result.exit_code == int(fails), result.output
    assert not fails or isinstance(result.exception, SystemExit), result.exception
    return result.output


async def test_the_page_again_has_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Only what was published is read: artifacts may be gone by then."""
    monkeypatch.chdir(tmp_path)
    live = make_live(tmp_path)
    manifest = await build(live, tmp_path)
    home = home_of(live, manifest)
    for each in (tmp_path / "store" / "artifacts").rglob("*.parquet"):
        each.unlink()
    told: list[str] = []
    with entered(live):
        await report_version("world", Wanted(), told.append)

    assert Path("report-world.html").read_bytes() == (home / "report.html").read_bytes()
    beside = sorted((home / "report" / manifest.version).iterdir())
    assert beside
    for each in beside:
        assert (Path("report") / manifest.version / each.name).read_bytes() == each.read_bytes()


def test_the_command_names_its_version_and_writes_over_pages_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    store = tmp_path / "store"
    manifest, home = publish(store, [row(at) for at in range(3)])
    told = report(store, "almanac", "--version", manifest.version, "--out", "page.html")
    assert manifest.version in told and "page.html" in told
    assert Path("page.html").read_bytes() == (home / "report.html").read_bytes()
    report(store, "almanac", "--version", manifest.version, "--out", "page.html")

    Path("mine.html").write_text("<!doctype html> something of mine")
    said = report(store, "almanac", "--out", "mine.html", fails=True)
    assert "is no report; name another file" in said
    said = report(store, "almanac", "--out", "nowhere/x.html", fails=True)
    assert "there is no folder nowhere" in said
    assert "no dataset 'other'" in report(store, "other", fails=True)
    data = (home / "data" / "train.parquet").read_bytes()
    (home / "data" / "train.parquet").write_bytes(data[:-1] + b"x")
    said = report(store, "almanac", fails=True)
    assert "data/train.parquet does not hold the bytes that were published" in said
    (home / "data" / "train.parquet").unlink()
    assert "data/train.parquet is gone" in report(store, "almanac", fails=True)


async def test_figures_beside_the_rows_are_those_of_the_build(tmp_path: Path):
    live = make_live(tmp_path)
    sheet = tmp_path / "sheet.csv"
    first = await build(live, tmp_path)
    rows = rows_of(live, first)
    lines = [f"{each.id},{'no' if at == 0 else 'yes'},yes,,,kim" for at, each in enumerate(rows)]
    sheet.write_text("\n".join(["id,good,multi_hop,unique,comment,labeller", *lines]) + "\n")
    manifest = await build(live, tmp_path, verification={"labels": [str(sheet)]})
    home = home_of(live, manifest)
    files = VersionFiles(
        {each.path: home / each.path for each in manifest.files if VersionFiles.are_read(each.path)}
    )

    scores = list(files.records(SCORES, JudgedScore))
    assert Counter(each.score for each in scores if each.kept) == Counter(
        sum(it.score for it in each.judgements) / len(each.judgements) for each in rows
    )
    assert {each.threshold for each in scores} == {8.0}
    counts = {each.stage: each for each in manifest.balances}
    clusters = list(files.records(CLUSTERS, MappedCluster))
    assert sum(each.documents for each in clusters) == counts["deduplicate"].accepted
    assert sum(len(each.points) for each in clusters) == counts["deduplicate"].accepted
    resting = sum(len({hop.document_id for hop in each.hops}) for each in rows)
    assert sum(each.rows for each in clusters) == resting
    assert sum(point.rows for each in clusters for point in each.points) == resting
    assert sum(each.asked for each in clusters) == list(files.records(ROUNDS, RoundTrace))[-1].asked
    (judge,) = files.records(LABELS, MeasuredLabels)
    assert (judge.rows, judge.agreed) == (len(rows), len(rows) - 1)
    page = lxml.html.fromstring((home / "report.html").read_bytes())
    assert "judge and people" in page.text_content()


async def test_nothing_is_published_again_for_its_figures(tmp_path: Path):
    """Rounds are told of the build that asked, and a build that asks nothing has others."""
    live = make_live(tmp_path)
    first = await build(live, tmp_path)
    again = await build(live, tmp_path)

    assert again.version == first.version


async def test_pairs_have_a_page_too(tmp_path: Path):
    live = make_live(tmp_path)
    spec = make_spec(write_corpus(tmp_path / "c.jsonl"))
    with entered(live):
        published = await select_documents(**form_of(spec, "pairs"))
    manifest = live.datasets.manifest(published.name, published.version)
    page = lxml.html.fromstring((home_of(live, manifest) / "report.html").read_bytes())
    rows = json.loads(page.xpath("//script[@id='first-rows']")[0].text)

    assert len(rows) == sum(manifest.rows.values()) > 0
    assert page.xpath("//section[@id='selection']//svg")


async def test_pictures_and_the_way_to_the_page_are_with_the_run(tmp_path: Path):
    live = make_live(tmp_path)
    manifest = await build(live, tmp_path)
    async with get_client() as client:
        found = {each.key: each for each in await client.read_latest_artifacts()}

    pictures = str(found["world-pictures"].data)
    assert pictures.count("](data:image/svg+xml;base64,") >= 3
    assert f"{manifest.version}/report.html" in str(found["world-report"].data)
