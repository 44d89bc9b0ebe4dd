"""A sheet is drawn blindly from what a version's judge saw, and never written over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.command_line import app
from longhop.operations.calibrating_judge import read_drawn
from longhop.resources import entered
from tests.flows.labelled import (
    LabelledWorld,
    make_labelled,
    published,
    read_sheet,
    single,
    turned_away,
)

RUN = CliRunner()


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LabelledWorld]:
    monkeypatch.chdir(tmp_path)
    with entered(make_labelled(tmp_path)) as world:
        yield world


def sheet(*arguments: Any, fails: bool = False) -> str:
    result = RUN.invoke(app, ["sheet", *map(str, arguments)])

    assert result.exit_code == int(fails), result.output
    assert not fails or isinstance(result.exception, SystemExit), result.exception
    return result.output


def test_rows_that_were_turned_away_are_among_those_that_were_published(live: LabelledWorld):
    version = live.publish(map(published, range(30)), map(turned_away, range(30, 50)))
    told = sheet("almanac")
    ids = {each["id"] for each in read_sheet(Path("sheet-almanac/sheet.csv"))}

    assert f"almanac {version}" in told
    assert "50 of 50 (30 published, 20 that the judge turned away, one of a group)" in told
    assert "longhop calibrate SPEC sheet-almanac/rows.jsonl sheet-almanac/sheet.csv" in told
    assert len(ids) == 50


def test_the_sheet_and_the_page_tell_nothing_of_the_judge_and_the_rows_all(live: LabelledWorld):
    live.publish(map(published, range(8)), map(turned_away, range(8, 16)))
    sheet("almanac", "--rows", 10, "--out", "drawn/here")
    folder = Path("drawn/here")
    rows = read_drawn(folder / "rows.jsonl")

    for name in ("sheet.csv", "sheet.html"):
        text = (folder / name).read_text()
        assert "SECRET" not in text and "proof" not in text
    assert [each["id"] for each in read_sheet(folder / "sheet.csv")] == list(rows)
    assert len(rows) == 10
    assert rows.items() <= {
        each.id: each
        for each in (*map(published, range(8)), *map(turned_away, range(8, 16)))
    }.items()  # fmt: skip


def test_a_longer_sheet_begins_with_the_shorter_one(live: LabelledWorld):
    """What is labelled already is not labelled again."""
    live.publish(map(published, range(30)), map(turned_away, range(30, 60)))
    for count in (10, 20):
        sheet("almanac", "--rows", count, "--out", f"of-{count}")
    short, long = (read_sheet(Path(f"of-{count}/sheet.csv")) for count in (10, 20))

    assert long[:10] == short


def test_of_the_wordings_of_one_group_one_is_drawn(live: LabelledWorld):
    """Two of them tell little more than one, and would count as two."""
    low = [turned_away(each, group_id=f"g-{each // 3}") for each in range(99, 159)]
    live.publish(map(published, range(5)), low)

    assert "25 of 25 (5 published, 20 that" in sheet("almanac")


def test_what_no_judge_sees_is_not_drawn(live: LabelledWorld):
    live.publish([*map(published, range(5)), *map(single, range(5, 20))])
    told = sheet("almanac")

    assert "5 of 5" in told
    assert "the judge turned no row away" in told


def test_published_rows_alone_measure_a_release(live: LabelledWorld):
    live.publish(map(published, range(9)), map(turned_away, range(9, 20)))
    told = sheet("almanac", "--published-only")
    ids = {each["id"] for each in read_sheet(Path("sheet-almanac/sheet.csv"))}

    assert ids == {f"m-{each:04}" for each in range(9)}
    assert "verification.labels of the spec takes the filled sheets" in told
    assert "longhop calibrate SPEC" not in told


def test_a_sheet_that_may_be_filled_in_is_not_written_over(live: LabelledWorld):
    live.publish(map(published, range(5)))
    sheet("almanac")
    Path("sheet-almanac/sheet.html").unlink()
    before = {each.name: each.read_bytes() for each in Path("sheet-almanac").iterdir()}

    assert "sheet.csv is there already, and may be filled in" in sheet("almanac", fails=True)
    assert {each.name: each.read_bytes() for each in Path("sheet-almanac").iterdir()} == before


def test_a_version_that_missed_its_gate_is_drawn_by_its_name(live: LabelledWorld):
    """It is the very one whose labels are wanted, and no `latest` points to it."""
    version = live.publish(map(published, range(5)), hold=True)

    assert f"has no latest version; name one with --version: {version}" in sheet(
        "almanac", fails=True
    )
    assert "5 of 5" in sheet("almanac", "--version", version)


def test_what_is_not_there_is_told_with_what_there_is(live: LabelledWorld):
    assert "no dataset 'almanac'" in sheet("almanac", fails=True)
    assert "none yet" in sheet("almanac", fails=True)
    version = live.publish(map(published, range(5)))

    told = sheet("almanach", fails=True)
    assert f"no dataset 'almanach' in {live.files.root}; there is almanac" in told
    for wrong in ("v-0123456789abcdef", "newest", "../latest"):
        told = sheet("almanac", "--version", wrong, fails=True)
        assert f"has no version '{wrong}'" in told and f"{version} (latest)" in told
    assert "no dataset '../almanac'" in sheet("../almanac", fails=True)
    assert not list(Path().glob("sheet-*"))


def test_a_version_without_such_rows_says_so(live: LabelledWorld):
    live.publish(map(single, range(3)))

    assert "has no row of several hops to label" in sheet("almanac", fails=True)


def test_a_folder_that_cannot_be_made_is_one_message(live: LabelledWorld):
    live.publish(map(published, range(3)))
    Path("taken").write_text("")

    assert sheet("almanac", "--out", "taken", fails=True).startswith("longhop: ")
