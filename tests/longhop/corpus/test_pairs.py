"""Reference sets and seed pairs come from any table; benchmarks are read whole or not at all."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longhop.corpus.pairs import read_pairs
from longhop.errors import ConfigError
from longhop.publishing.decontaminating import read_benchmarks
from longhop.records.accounts import Reason
from longhop.storage.sources import FileSources

SOURCES = FileSources()
PAIR = {"question": "Who repaired the clock?", "answer": "Mira Tolle"}


def write(path: Path, *rows: object) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_equal_pairs_count_once_and_bad_lines_are_told(tmp_path: Path):
    rows = (PAIR, PAIR, {**PAIR, "answer": 5}, {**PAIR, "answer": " "}, [1])
    path = write(tmp_path / "a.jsonl", *rows)
    (pair,), rejected = read_pairs(path, SOURCES, license="CC0-1.0")

    assert (pair.question, pair.answer, pair.license, pair.language) == (
        *PAIR.values(),
        "CC0-1.0",
        "en",
    )
    assert [(each.stage, each.item, each.reason) for each in rejected] == [
        ("read_seeds", f"{path}:2", Reason.EXACT_DUPLICATE),
        ("read_seeds", f"{path}:3", Reason.MISSING_TEXT),
        ("read_seeds", f"{path}:4", Reason.MISSING_TEXT),
        ("read_seeds", f"{path}:5", Reason.BROKEN_LINE),
    ]


def test_a_table_of_any_kind_holds_pairs(tmp_path: Path):
    pq.write_table(pa.Table.from_pylist([PAIR]), tmp_path / "a.parquet")
    (tmp_path / "a.csv").write_text(",".join(PAIR) + "\n" + ",".join(PAIR.values()) + "\n")
    (tmp_path / "a.json").write_text(json.dumps([PAIR], indent=1))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(json.dumps(PAIR).encode(), mtime=0))
    ids = {
        read_pairs(str(path), SOURCES, license="")[0][0].id for path in sorted(tmp_path.iterdir())
    }

    assert len(ids) == 1
    assert len(read_pairs(str(tmp_path), SOURCES, license="")[1]) == 3


def test_what_came_before_a_break_stays(tmp_path: Path):
    rows = "".join(json.dumps({**PAIR, "answer": str(n) * 50}) + "\n" for n in range(2000))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(rows.encode(), mtime=0)[:-200])
    pairs, rejected = read_pairs(str(path), SOURCES, license="")

    assert len(pairs) > 100
    assert [each.reason for each in rejected] == [Reason.BROKEN_FILE]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x1f\x8b\x08broken", b'{"q": "a"}\n', b"text"])
def test_a_file_without_any_pair_is_told(tmp_path: Path, data: bytes):
    (tmp_path / "a.jsonl").write_bytes(data)

    with pytest.raises(ConfigError, match=r"a\.jsonl holds no line with a `question`"):
        read_pairs(str(tmp_path / "a.jsonl"), SOURCES, license="")


def test_a_benchmark_is_a_table_of_any_kind(tmp_path: Path):
    """All of its columns count, however deep a text lies."""
    text = "which of these words must never be met again anywhere at all"
    pq.write_table(pa.Table.from_pylist([{"a": [{"b": text}]}]), tmp_path / "a.parquet")
    deep = '{"a":' * 500 + json.dumps(text) + "}" * 500
    (tmp_path / "b.jsonl").write_text(deep)

    for name in ("a.parquet", "b.jsonl"):
        assert read_benchmarks([str(tmp_path / name)], SOURCES, ngram=13).by_width


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("b.jsonl", b'{"question": "a"}\n{broken\n', r"b\.jsonl:2"),
        ("b.jsonl.gz", gzip.compress(b'{"question": "a"}\n', mtime=0)[:-4], "breaks off"),
        ("b.parquet", b"PAR1 broken", "breaks off"),
        ("b.txt", b"a text is no table", "a text, where rows are wanted"),
        ("b.jsonl", b'{"question": "too short"}\n', "holds no text of 5 words"),
    ],
)
def test_a_benchmark_that_cannot_be_read_whole_stops_the_build(
    tmp_path: Path, name: str, data: bytes, told: str
):
    """What must be kept out has to be known."""
    (tmp_path / name).write_bytes(data)

    with pytest.raises(ConfigError, match=told):
        read_benchmarks([str(tmp_path / name)], SOURCES, ngram=13)


def test_a_pair_may_say_its_task_form_licence_and_language(tmp_path: Path):
    told = {"task": "clocks", "form": "News", "license": "MIT", "language": "eng"}
    (pair,), _ = read_pairs(write(tmp_path / "a.jsonl", {**PAIR, **told}), SOURCES, license="")

    assert (pair.task, pair.form, pair.license, pair.language) == ("clocks", "news", "MIT", "en")


def test_a_form_that_nobody_writes_is_told_with_those_there_are(tmp_path: Path):
    rows = (PAIR, {"question": "Who sang?", "answer": "Bo", "form": "poem"})
    kept, (rejected,) = read_pairs(write(tmp_path / "a.jsonl", *rows), SOURCES, license="")

    assert len(kept) == 1
    assert rejected.reason is Reason.UNKNOWN_FORM
    assert "'poem' is none of contract, encyclopedia article," in rejected.detail


def test_of_equal_pairs_the_order_of_the_file_chooses_none(tmp_path: Path):
    rows = [{**PAIR, "task": name} for name in ("b", "a", "c")]
    first, _ = read_pairs(write(tmp_path / "a.jsonl", *rows), SOURCES, license="")
    other, rejected = read_pairs(write(tmp_path / "b.jsonl", *rows[::-1]), SOURCES, license="")

    assert first == other
    assert [each.reason for each in rejected] == [Reason.EXACT_DUPLICATE] * 2


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who?", "en"),
        ("谁修好了大钟？", "zh"),
        ("من أصلح ساعة هالدن؟", "ar"),
        ("Кто починил часы?", "ru"),
        ("時計を直したのは誰ですか", "ja"),
    ],
)
def test_the_script_of_a_question_tells_its_language(tmp_path: Path, question: str, language: str):
    row = {"question": question, "answer": "Mira"}
    (pair,), _ = read_pairs(write(tmp_path / "a.jsonl", row), SOURCES, license="")

    assert pair.language == language
