"""Whatever a page of the corpus is turned away for, its file and line are told."""

import asyncio
import gzip
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.building import Build
from flows.order import prepare_documents
from longhop.operations.preparing import prepare_inputs
from longhop.records.accounts import Rejection, TurnedAway
from longhop.resources import Silence, entered
from tasks.turned_away import locate
from tests.world import make_live, make_spec

BENCHMARK = "Which of the nine lamps on the old quay was lit first by the keeper of Tasby?"


def page(number: int) -> str:
    return " ".join(f"Shelf {number} holds book {number * 31 + n} of many." for n in range(30))


# A page that stays, and then one for each stage to turn away; the last two are twins of the first.
ROWS = [
    {"id": "stays", "text": page(1)},
    {"id": "", "text": ""},
    {"id": "", "text": "Too short."},
    {"id": "", "text": f"{page(2)} {BENCHMARK}"},
    {"id": "", "text": page(1).upper()},
    {"id": "", "text": page(1).lower()},
]
STAGES = ["read", "clean", "decontaminate", "deduplicate", "deduplicate"]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def write_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner/pages.jsonl", LINES)


def write_csv(path: Path) -> None:
    path.write_text("id,text\n" + "".join(f"{row['id']},{row['text']}\n" for row in ROWS))


# The file, how it is written, what is told as its name, and the number of its first row.
KINDS: list[tuple[str, Callable[[Path], object], str, int]] = [
    ("pages.jsonl", lambda path: path.write_bytes(LINES), "pages.jsonl", 1),
    ("pages.jsonl.gz", lambda path: path.write_bytes(gzip.compress(LINES)), "pages.jsonl.gz", 1),
    ("pages.json", lambda path: path.write_text(json.dumps(ROWS)), "pages.json", 1),
    ("pages.csv", write_csv, "pages.csv", 2),
    (
        "pages.parquet",
        lambda it: pq.write_table(pa.Table.from_pylist(ROWS), it),
        "pages.parquet",
        1,
    ),
    ("pages.zip", write_zip, "pages.zip!inner/pages.jsonl", 1),
]


@dataclass
class Watch(Silence):
    """The stages that worked, and were not found done."""

    worked: Counter[str]

    def stage_done(self, stage: str, part: str, counts: str, *, reused: bool) -> None:
        self.worked[stage] += not reused


@dataclass
class Prepared:
    build: Build
    located: list[TurnedAway]
    worked: Counter[str]

    def places(self) -> list[tuple[str, str | None, int | None]]:
        found = ((each.stage, each.file, each.line) for each in self.located)
        order = {stage: at for at, stage in enumerate(STAGES)}
        return sorted(found, key=lambda each: (order[each[0]], each[1] or "", each[2] or 0))


def prepared() -> Prepared:
    """The stages from the corpus to its chunks, and what they turned away."""
    Path("benchmark.jsonl").write_text(json.dumps({"question": BENCHMARK}) + "\n")
    spec = make_spec(
        Path("corpus"),
        decontamination={"benchmarks": ["benchmark.jsonl"]},
    )
    live = make_live(Path.cwd())
    live.progress = watch = Watch(Counter())
    with entered(live):
        build = Build(spec, prepare_inputs(spec, "none", live), here=True)
        asyncio.run(prepare_documents(build))
        rejected = live.store.read_all(build.book.rejected, Rejection)
        return Prepared(build, list(locate(rejected, build.sources)), watch.worked)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


@pytest.mark.parametrize(("name", "write", "told", "first"), KINDS, ids=[each[0] for each in KINDS])
def test_every_stage_names_the_line(
    corpus: Path, name: str, write: Callable[[Path], object], told: str, first: int
):
    """Twins in one file have lines of their own."""
    write(corpus / name)

    expected = [(stage, f"corpus/{told}", first + at) for at, stage in enumerate(STAGES, start=1)]
    assert prepared().places() == expected


def test_a_page_that_is_a_file_has_no_line(corpus: Path):
    for at, row in enumerate(ROWS):
        (corpus / f"{at}.txt").write_text(row["text"])
    (corpus / "0.txt").write_text("# A title of its own\n\n" + ROWS[0]["text"])
    found = prepared().places()

    assert found[:3] == [
        (stage, f"corpus/{at}.txt", None) for at, stage in enumerate(STAGES[:3], start=1)
    ]
    assert {each[0] for each in found[3:]} == {"deduplicate"}


def test_a_file_of_another_name_makes_only_reading_work_again(corpus: Path):
    """The place stands beside the document: no document is another because its file moved."""
    (corpus / "pages.jsonl").write_bytes(LINES)
    before = prepared()
    (corpus / "pages.jsonl").rename(corpus / "moved.jsonl")
    after = prepared()

    assert after.worked == Counter({"read": 1}) | Counter(dict.fromkeys(before.worked, 0))
    assert after.build.sources != before.build.sources
    assert after.build.documents == before.build.documents
    assert after.build.chunks == before.build.chunks
    assert {each.file for each in after.located} == {"corpus/moved.jsonl"}


def test_an_id_that_reads_like_a_line_is_none(corpus: Path):
    """Ids are often made of a file's name and a number, and numbers may start at nought."""
    rows = [ROWS[0], {"id": "", "text": ""}, {"id": "corpus/a.jsonl:2", "text": "Too short."}]
    (corpus / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    assert prepared().places() == [("read", "corpus/a.jsonl", 2), ("clean", "corpus/a.jsonl", 3)]


def test_what_is_no_page_of_the_corpus_has_no_place():
    """A question is of a chunk, and its id is no document's."""
    asked = Rejection(stage="ask", item="c-1", reason="unparsable", raw="What?")

    assert list(locate([asked], [])) == [TurnedAway(**asked.model_dump())]
