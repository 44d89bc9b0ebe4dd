"""Thresholds come from what people say, cost what is not remembered, and hold for one judge."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from flows.build_dataset import build_dataset
from flows.command_line import app
from longhop.identity import keyed_share
from longhop.operations.calibrated import read_calibration
from longhop.operations.calibrating_judge import Bench
from longhop.operations.preparing import freeze_prompts
from longhop.ports import NoReply
from longhop.records.calibration import Calibration, CellStatus, Mode
from longhop.records.replies import Classified, Quality
from longhop.records.verification import Judgement
from longhop.rehearsal import MODEL, RehearsalServer
from longhop.rehearsal.demo_corpus import almanac_pages
from longhop.resources import entered, open_resources
from longhop.spec.form import form_of
from longhop.spec.loading import load_spec
from longhop.storage.sources import FileSources
from longhop.verification.judging import JudgePlan, object_to
from tests.fakes import BORN, FOUNDED, multi_hop
from tests.flows.labelled import (
    LabelledWorld,
    fill,
    is_good,
    judged,
    make_labelled,
    published,
    read_sheet,
    turned_away,
)
from tests.world import make_spec

RUN = CliRunner()
SHEET, ROWS = Path("sheet-almanac/sheet.csv"), Path("sheet-almanac/rows.jsonl")
OUT = Path("calibration.json")


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LabelledWorld]:
    """A version of 300 rows with its sheet drawn, and a spec beside it."""
    monkeypatch.chdir(tmp_path)
    write_spec()
    with entered(make_labelled(tmp_path)) as world:
        world.publish(map(published, range(180)), map(turned_away, range(180, 300)))
        assert RUN.invoke(app, ["sheet", "almanac", "--rows", "300"]).exit_code == 0
        yield world


def write_spec(**changes: Any) -> None:
    spec = make_spec(Path("corpus.jsonl"), name="almanac", **changes)
    Path("spec.yaml").write_text(yaml.safe_dump(spec.stated()))


def calibrate(*arguments: Any, exit_code: int = 0) -> str:
    given = [str(each) for each in arguments]
    if not given or given[0].startswith("--"):
        given = [str(ROWS), "kim.csv", *given]
    if "--precision" not in given:
        given = [*given, "--precision", "0.95"]
    result = RUN.invoke(app, ["calibrate", "spec.yaml", *given])

    assert result.exit_code == exit_code, result.output
    assert exit_code == 0 or isinstance(result.exception, SystemExit), result.exception
    return result.output


def written() -> Calibration:
    return Calibration.model_validate_json(OUT.read_text())


def last(told: str) -> str:
    return told.rstrip().split("\n")[-1]


def test_a_judge_that_sees_what_people_see_is_calibrated(live: LabelledWorld):
    fill(SHEET, Path("kim.csv"))
    told = calibrate("--precision", "0.9", "--buckets", "1")
    (cell,) = written().cells

    assert (cell.language, cell.status, cell.threshold) == ("en", CellStatus.MET, 9)
    assert cell.precision == cell.recall == cell.kappa == 1
    assert "labels       300 of 300 rows (kim 300)" in told
    assert "prompts      300 for 300 rows: 0 of them are remembered, 300 are sent" in told
    assert "asked        300 requests now" in told
    assert last(told) == "met: precision 0.9 in 1 cell; set verification.calibration to" \
        " calibration.json in the spec"  # fmt: skip


def test_a_build_takes_the_calibration_of_its_own_judge_alone(live: LabelledWorld):
    fill(SHEET, Path("kim.csv"))
    calibrate("--precision", "0.9", "--buckets", "1")
    named = {"verification": {"calibration": str(OUT)}}
    write_spec(**named)
    spec = load_spec(Path("spec.yaml"))

    assert read_calibration(spec, freeze_prompts(spec, live), FileSources()) == written()
    Path("corpus.jsonl").write_text(json.dumps({"text": "The town of Orlin lies there. " * 9}))
    for changes, what in (
        ({"models": {"default": {"name": "scripted"}, "judge": {"name": "other"}}}, "judge"),
        (
            {
                "models": {"default": {"name": "scripted", "temperature": 0.7}},
                "verification": {**named["verification"], "samples": 3},
            },
            "judge",
        ),
        ({"verification": {**named["verification"], "judging": "classification"}}, "mode"),
    ):
        write_spec(**{**named, **changes})
        result = RUN.invoke(app, ["build", "spec.yaml"])
        assert result.exit_code == 1
        assert f"is of another {what}" in result.output


def test_a_spec_that_names_an_older_calibration_is_calibrated_again(live: LabelledWorld):
    fill(SHEET, Path("kim.csv"))
    write_spec(verification={"calibration": str(OUT)})
    calibrate("--precision", "0.9", "--buckets", "1")
    first = written()
    calibrate("--precision", "0.85", "--buckets", "1")

    assert (first.wanted_precision, written().wanted_precision) == (0.9, 0.85)


def test_a_judge_that_sees_nothing_is_refused_and_the_file_is_there(live: LabelledWorld):
    live.judged_by(lambda number: judged(9 if keyed_share("blind", number) < 0.6 else 6))
    fill(SHEET, Path("kim.csv"))
    told = calibrate("--buckets", "1", exit_code=1)
    (cell,) = written().cells

    assert (cell.status, cell.threshold) == (CellStatus.UNREACHABLE, None)
    assert "300 labels show that the judge's scores do not reach 0.95" in told
    assert "another judge" in told
    assert last(told).startswith("not met: precision 0.95 in 1 of 1 cell (en any length)")


def test_too_few_labels_say_how_many_it_takes(live: LabelledWorld):
    fill(SHEET, Path("kim.csv"), first=80)
    told = calibrate("--buckets", 1, exit_code=1)

    assert "80 of 300 rows" in told and "220 without a label" in told
    assert "prompts      80 for 80 rows" in told
    assert "can tell neither way; label more (to show 0.95 takes at least 59 good rows" in told
    assert {each.status for each in written().cells} == {CellStatus.TOO_FEW}


def test_each_language_and_length_has_a_line(live: LabelledWorld, tmp_path: Path):
    """What has no label of its own is refused with the others: a build would keep none of it."""
    rows = [published(each, characters=600 * (each % 3 > 0)) for each in range(400, 900)]
    rows += [published(each, language="zh") for each in range(900, 960)]
    live.publish(rows, [turned_away(999)])
    assert RUN.invoke(app, ["sheet", "almanac", "--rows", "999", "--out", "more"]).exit_code == 0
    fill(Path("more/sheet.csv"), Path("all.csv"))
    told = calibrate(
        "more/rows.jsonl", "all.csv", "--precision", "0.9", "--buckets", 2, exit_code=1
    )
    table = [line.split() for line in told.split("\n") if line.startswith(("en ", "zh "))]
    (edge,) = written().edges

    assert [line[:4] for line in table] == [
        ["en", "under", str(edge), "met"],
        ["en", str(edge), "and", "more"],
        ["zh", "under", str(edge), "too"],
        ["zh", str(edge), "and", "more"],
    ]
    assert "no label" in told
    assert f"refused      zh {edge} and more: none of its rows is labelled" in told
    assert f"(zh under {edge}; zh {edge} and more)" in last(told)


def test_people_who_do_not_agree_are_told_of(live: LabelledWorld):
    """A row that one of two calls bad is not good."""
    fill(SHEET, Path("kim.csv"))
    fill(
        SHEET,
        Path("lee.csv"),
        says=lambda number: number % 7 > 0 and is_good(number),
        labeller="lee",
    )
    told = calibrate(ROWS, "kim.csv", "lee.csv", "--buckets", "1", exit_code=1)
    apart = [each for each in range(300) if is_good(each) and each % 7 == 0]

    assert f"agreement    kim and lee, good: {300 - len(apart)} of 300 alike, kappa 0." in told
    assert f"m-{apart[0]:04}" in told and f"and {len(apart) - 5} more" in told
    assert "kim and lee, multi_hop: 300 of 300 alike, kappa none" in told
    assert f"{sum(map(is_good, range(300))) - len(apart)} good and multi-hop" in told


def test_rows_that_are_all_published_are_noted(live: LabelledWorld):
    arguments = ["sheet", "almanac", "--published-only", "--out", "kept", "--rows", "300"]
    assert RUN.invoke(app, arguments).exit_code == 0
    fill(Path("kept/sheet.csv"), Path("kim.csv"))
    told = calibrate("kept/rows.jsonl", "kim.csv", "--precision", "0.9", "--buckets", "1")

    assert "all rows are published: they" in told


def test_a_row_without_a_judgement_is_left_out_and_counted(live: LabelledWorld):
    lost = NoReply(refused=False, detail="", raw="?")
    live.judged_by(lambda number: lost if number < 7 else judged(9 if is_good(number) else 6))
    fill(SHEET, Path("kim.csv"))
    told = calibrate("--precision", "0.9", "--buckets", "1")

    assert "7 rows left out" in told
    assert sum(each.rows for each in written().cells) == 293


def test_a_judge_that_sorts_is_calibrated_too(live: LabelledWorld):
    write_spec(
        models={"default": {"name": "scripted", "temperature": 0.7}},
        verification={"judging": "classification", "samples": 2},
    )
    quality = {True: Quality.HIGH, False: Quality.LOW}
    live.judged_by(lambda number: Classified(rationale="So.", quality=quality[is_good(number)]))
    fill(SHEET, Path("kim.csv"))
    told = calibrate("--precision", "0.9", "--buckets", "1")

    assert "prompts      600 for 300 rows" in told
    assert written().cells[0].threshold == 1
    assert (written().mode, written().model) == (
        Mode.CLASSIFICATION,
        "scripted at 0.7, 2 each, 0.5 agreeing",
    )


@pytest.mark.parametrize("agreement", [0.0, 0.34, 0.5, 1.0])
@pytest.mark.parametrize("mode", list(Mode))
def test_a_score_is_the_highest_threshold_at_which_a_build_keeps_the_row(
    mode: Mode, agreement: float
):
    """Else a calibration would be of other rows than those that are kept."""
    candidate = multi_hop(BORN, FOUNDED)
    bench = Bench((), mode, agreement)
    thresholds = [at / 4 for at in range(4, 41)] if mode is Mode.SCORING else [0.0, 1.0]
    for number in range(200):
        count = 1 + int(5 * keyed_share("count", number))
        given = tuple(_random(mode, number, sample) for sample in range(count))
        for threshold in thresholds:
            plan = JudgePlan(
                judges=(), mode=mode, threshold=threshold, agreement=agreement, calibration=None,
                last=True,
            )  # fmt: skip
            if mode is Mode.CLASSIFICATION:
                plan = plan.model_copy(update={"calibration": _at(threshold)})
            seen = candidate.model_copy(update={"judgements": given})
            kept = object_to(seen, plan) is None
            assert kept == (bench.highest_kept(given) >= threshold), (given, threshold)


def _random(mode: Mode, number: int, sample: int) -> Judgement:
    drawn = keyed_share("score", number, sample)
    said: dict[str, Any] = {"rationale": "", "model": "scripted", "sample": sample}
    if mode is Mode.CLASSIFICATION:
        return Judgement(high=drawn < 0.7, **said)
    names = ("clarity", "faithfulness", "coherence", "complexity")
    each = {name: 1 + int(10 * keyed_share(name, number, sample)) for name in names}
    return Judgement(**each, **said)


def _at(threshold: float) -> Calibration:
    cell = {
        "language": "en", "bucket": 0, "status": "met", "threshold": threshold, "rows": 1,
        "shown_at": threshold, "kept": 1, "precision": 1.0, "lower_bound": 1.0, "recall": 1.0,
        "kappa": None,
    }  # fmt: skip
    return Calibration.model_validate(
        {
            "wanted_precision": 0.9, "confidence": 0.95, "model": "", "mode": "classification",
            "guidelines": "", "edges": (), "cells": [cell],
        }
    )  # fmt: skip


# What is wrong with the files is said before anything is asked


def test_nothing_is_asked_before_all_files_are_right(live: LabelledWorld):
    fill(SHEET, Path("kim.csv"))
    Path("notes.txt").write_text("mine")
    Path("photo.csv").write_bytes(b"\x89PNG\x00\xff\xfe")
    Path("prose.csv").write_text("Most of them are good.\n")
    Path("broken.jsonl").write_text(ROWS.read_text().split("\n")[0] + '\n{"id": 1}\n')
    Path("twice.jsonl").write_text(2 * (ROWS.read_text().split("\n")[0] + "\n"))
    Path("empty.jsonl").write_text("\n")
    for arguments, message in (
        ((ROWS, SHEET), "not one row is labelled in sheet-almanac/sheet.csv"),
        ((ROWS, "photo.csv"), "photo.csv is not UTF-8 text"),
        ((ROWS, "prose.csv"), "prose.csv:1: there is no column 'id'"),
        ((ROWS, "gone.csv"), "gone.csv: No such file"),
        (("gone.jsonl", "kim.csv"), "gone.jsonl: No such file"),
        (("broken.jsonl", "kim.csv"), "broken.jsonl:2 is no row that `longhop sheet` wrote: "),
        ((SHEET, "kim.csv"), "sheet.csv:1 is no row that `longhop sheet` wrote"),
        (("twice.jsonl", "kim.csv"), "stands there twice"),
        (("empty.jsonl", "kim.csv"), "empty.jsonl holds no row"),
        ((ROWS, "kim.csv", "--precision", "0"), "a precision of 0 cannot be tested"),
        ((ROWS, "kim.csv", "--precision", "1"), "a precision of 1 cannot be tested"),
        ((ROWS, "kim.csv", "--confidence", "1"), "a confidence of 1 cannot be tested"),
        ((ROWS, "kim.csv", "--out", "notes.txt"), "notes.txt is there already and is no cali"),
        ((ROWS, "kim.csv", "--out", "kim.csv"), "kim.csv is there already and is no calibration"),
        ((ROWS, "kim.csv", "--out", "no/c.json"), "there is no folder no"),
        ((ROWS, "kim.csv", "--out", "sheet-almanac"), "Is a directory"),
    ):
        told = calibrate(*arguments, exit_code=1)
        assert told.startswith("longhop: ") and message in told, told
    assert live.model.asked == []
    assert not OUT.exists()


def test_a_label_of_a_row_that_was_not_drawn_is_named(live: LabelledWorld):
    fill(SHEET, Path("kim.csv"))
    few = ROWS.read_text().split("\n", 1)[1]
    missing = json.loads(ROWS.read_text().split("\n")[0])["id"]
    Path("few.jsonl").write_text(few)

    told = calibrate("few.jsonl", "kim.csv", exit_code=1)
    assert f"'{missing}' stands there; it must be the id of a row that was drawn" in told


def test_a_model_that_is_not_there_is_told_before_it_is_asked(live: LabelledWorld):
    fill(SHEET, Path("kim.csv"))

    async def knows(name: str) -> bool:
        return False

    live.model.endpoint.abilities = type("Abilities", (), {"knows": lambda self, name: False})()
    live.model.endpoint.knows = knows
    write_spec(models={"default": {"name": "scripted"}, "judge": {"name": "absent"}})

    assert "has no model 'absent'" in calibrate(exit_code=1)
    assert live.model.asked == []


# The whole way


@pytest.mark.usefixtures("prefect_server")
async def test_what_a_build_has_paid_for_is_judged_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """From a build to its sheet, its labels and its thresholds, without one more request."""
    monkeypatch.chdir(tmp_path)
    pages = [each for each in almanac_pages() if "-zh-" not in each["id"]][:30]
    Path("corpus.jsonl").write_text("".join(json.dumps(each) + "\n" for each in pages))
    write_spec(
        models={"default": {"name": MODEL}},
        verification={"distractor_probes": 0},
        questions={"groups": 60, "hops": [2]},
    )
    spec = load_spec(Path("spec.yaml"))
    with RehearsalServer() as server:
        monkeypatch.setenv("LONGHOP_BASE_URL", server.url)
        monkeypatch.setenv("LONGHOP_STORE", str(tmp_path / "store"))
        async with open_resources():
            await build_dataset(**form_of(spec))
        before = server.log()["requests"]
        told = await _both()
        assert server.log()["requests"] == before
        asked = await _judged_anew(server)
        before = server.log()["requests"]
        released = await _released()
        assert server.log()["requests"] == before

    rows = read_sheet(SHEET)
    labelled = sum(each.rows for each in written().cells if each.bucket is not None)
    assert 0 < len(rows) == labelled
    assert f"{len(rows)} of them are remembered, 0 are sent" in told
    assert "asked        0 requests now" in told
    assert asked == len(rows)
    assert released.startswith("good 1.000") and "labelled by 1 person" in released


async def _both() -> str:
    """The two commands in one process, the sheet filled in between."""
    from flows.calibrating import Wanted, calibrate_judge
    from flows.labelling import Wanted as Drawn
    from flows.labelling import draw_sheet

    lines: list[str] = []
    await draw_sheet("almanac", Drawn(), lines.append)
    filled = read_sheet(SHEET)
    text = "id,good,multi_hop,unique,comment,labeller\n"
    text += "".join(f"{each['id']},yes,yes,,,kim\n" for each in filled)
    Path("kim.csv").write_text(text)
    await calibrate_judge(Path("spec.yaml"), ROWS, [Path("kim.csv")], Wanted(), lines.append)
    return "\n".join(lines)


async def _released() -> str:
    """What a version knows of its good rows, once people's sheet stands in its spec."""
    write_spec(
        models={"default": {"name": MODEL}},
        verification={"distractor_probes": 0, "labels": ["kim.csv"], "release": {"good": 0.5}},
        questions={"groups": 60, "hops": [2]},
    )
    async with open_resources() as live:
        built = await build_dataset(**form_of(load_spec(Path("spec.yaml"))))
        release = live.datasets.manifest(built.name, built.version).release
    assert release is not None and not built.missed
    return release.shares[0].told


async def _judged_anew(server: RehearsalServer) -> int:
    """How many requests another judge takes: it sees each labelled row once."""
    from flows.calibrating import Wanted, calibrate_judge

    write_spec(models={"default": {"name": MODEL}, "judge": {"name": MODEL, "temperature": 0.5}})
    before = server.log()["requests"]
    out = Wanted(out=Path("other.json"))
    await calibrate_judge(Path("spec.yaml"), ROWS, [Path("kim.csv")], out, lambda _: None)
    return int(server.log()["requests"]) - before
