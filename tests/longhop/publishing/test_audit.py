"""An audit whole: what it says of made-up rows is what they were made to have."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lxml.html
import pyarrow.parquet as pq
import pytest

from longhop.auditing.plan import AuditPlan
from longhop.publishing.audited import pool
from longhop.publishing.audited.writing import FIGURES, PAGE, ROWS, write_audit
from longhop.publishing.drafting import Drafts
from longhop.records.audit import Audit
from longhop.storage.sources import FileSources
from tests.published import HOSTILE, publish
from tests.published import row as our_row

FILLER = [
    f"The harbour of Port {at} keeps its lamps until the tide has turned." for at in range(30)
]


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A row of twelve documents, of which two support it."""
    texts = [f"{each} It is page {number}-{at}." for at, each in enumerate(FILLER[:12])]
    texts[3] = f"In the year {number}, Brisa Holm{number} founded the town of Orlin{number}."
    texts[number % 3 + 5] = f"A painter, Ada{number}, was born in the town of Orlin{number}."
    told = {
        "id": f"r{number}",
        "question": f"Who founded the place where Ada{number} was born?",
        "answer": f"Brisa Holm{number}",
        "hops": 2,
        "split": "train",
        "license": "CC0-1.0",
        "paragraphs": [
            {"idx": at, "title": f"Page {at}", "text": text, "is_supporting": "Orlin" in text}
            for at, text in enumerate(texts)
        ],
    }
    return {**told, **changes}


def audit(folder: Path, rows: list[Any], name: str = "rows.jsonl", **changes: Any) -> Audit:
    """Audit some rows; the files lie in `folder/out`."""
    path = folder / name
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in rows))
    plan = AuditPlan(paths=(str(path),), **changes)
    return write(plan, folder / "out")


def write(plan: AuditPlan, out: Path) -> Audit:
    with Drafts(scratch) as drafts:
        told = write_audit(plan, FileSources(), drafts)
        for path, draft in drafts.contents.items():
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(draft, out / path)
    return told


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "draft"


def flags_of(folder: Path) -> dict[str, set[str]]:
    table = pq.read_table(folder / "out" / ROWS).to_pylist()
    return {each["id"]: set(each["flags"]) for each in table}


def test_rows_without_a_fault_have_no_flag(tmp_path: Path):
    told = audit(tmp_path, [row(at) for at in range(9)])

    assert not any(told.flags.values())
    assert told.hops["declared_and_supporting"] == [{"of": ["2", "2"], "rows": 9}]
    assert (told.hops["linked"], told.hops["several"]) == (9, 9)
    assert told.answers["name_verbatim"] == 9
    assert told.depth["stated"]["pieces"] == 18
    assert told.licenses == {"CC0-1.0": 9}


def test_every_fault_is_flagged_on_its_row_alone(tmp_path: Path):
    """Each row but the first has one fault, put there by hand."""
    base = row(0)
    paragraphs = base["paragraphs"]
    lonely = [dict(each, is_supporting=each["idx"] == 3) for each in row(3)["paragraphs"]]
    twice = row(4)["paragraphs"]
    sentence = "Brisa Holm8 founded the place where Ada8 was born."
    sentence = f"Who founded the place where Ada8 was born? {sentence}"
    rows = [
        base,
        row(1, question=base["question"] + "!"),
        row(2, paragraphs=paragraphs, answer="Brisa Holm0"),
        row(3, paragraphs=lonely),
        row(4, paragraphs=[*twice, {**twice[0], "idx": 12}]),
        row(5, answer="Kim Vey"),
        row(6, question="Who was Brisa Holm6 and which town did Ada6 leave?"),
        row(7, answer="", answerable=False),
        row(8, paragraphs=[*row(8)["paragraphs"], {"idx": 12, "title": "", "text": sentence}]),
        row(9, question="谁建立了阿达出生的地方？"),
        row(10, split="test", question=base["question"]),
    ]  # fmt: skip
    told = audit(tmp_path, rows)
    flags = flags_of(tmp_path)

    assert flags["r0"] == {"question_crosses"}
    assert flags["r1"] == {"same_question", "question_crosses"}
    assert flags["r2"] == {"same_context"}
    assert flags["r3"] == {"fewer_documents"}
    assert flags["r4"] == {"repeated_documents"}
    assert flags["r5"] == {"answer_missing"}
    assert flags["r6"] == {"answer_in_question"}
    assert flags["r7"] == {"unanswerable"}
    assert flags["r8"] == {"question_restated", "one_sentence", "answer_in_several"}
    assert flags["r9"] == {"other_language"}
    assert flags["r10"] == {"same_question", "question_crosses"}
    assert told.duplicates["same_questions"] == 2
    assert told.splits["questions_in_several"] == 3


def test_near_duplicates_of_contexts_are_found(tmp_path: Path):
    """One document of twelve is another."""
    other = row(0, id="other", question="What is the name of the town that Kim left?")
    other["paragraphs"] = [*other["paragraphs"][:-1], {"title": "Z", "text": "A page of its own."}]
    told = audit(tmp_path, [row(0), row(1), other])

    assert (told.duplicates["same_contexts"], told.duplicates["near_contexts"]) == (0, 1)
    assert "near_context" in flags_of(tmp_path)["other"]


def test_benchmarks_are_found_in_questions_and_contexts(tmp_path: Path):
    item = "Which harbour master of Luvane kept seven brass lamps lit through the longest winter?"
    bench = tmp_path / "bench.jsonl"
    bench.write_text(json.dumps({"question": item}))
    held = row(2)
    held["paragraphs"][0]["text"] += f" {item}"
    told = audit(tmp_path, [row(0), row(1, question=item), held], benchmarks=(str(bench),))
    flags = flags_of(tmp_path)

    assert "contaminated_question" in flags["r1"] and "contaminated_context" in flags["r2"]
    assert not flags["r0"]
    assert told.contamination["questions"] == told.contamination["rows_of_contexts"] == 1


def test_what_could_not_be_read_is_on_the_page(tmp_path: Path):
    told = audit(tmp_path, [row(0), '{"broken', {"question": "Who?"}])
    page = lxml.html.fromstring((tmp_path / "out" / PAGE).read_bytes())
    lost = json.loads(page.xpath("//script[@id='lost-rows']")[0].text)

    assert told.balance.rejected == {"broken_line": 1, "missing_text": 1}
    assert [each["place"].rsplit(":", 1)[1] for each in lost] == ["2", "3"]
    assert "2 could not be read" in page.text_content()


def test_the_same_rows_make_the_same_bytes(tmp_path: Path):
    rows = [row(at, question=f"Who is {at % 4}?") for at in range(12)]
    audit(tmp_path, rows)
    first = {each: each.read_bytes() for each in (tmp_path / "out").rglob("*") if each.is_file()}
    audit(tmp_path, rows)

    assert {each: each.read_bytes() for each in first} == first
    assert {each.name for each in first} >= {FIGURES, ROWS, PAGE}


def test_hostile_text_is_nobodys_markup(tmp_path: Path):
    """Whatever a row, a file's name or a field holds."""
    bad = row(1, question=f"Who? {HOSTILE}", answer=HOSTILE, id=HOSTILE, license=HOSTILE)
    bad["type"] = bad["split"] = HOSTILE
    for each in bad["paragraphs"]:
        each["title"] = each["text"] = HOSTILE + each["text"]
    audit(tmp_path, [row(0), bad, {"question": HOSTILE}, HOSTILE.replace("\n", " ")],
          name="a<b>&.jsonl")  # fmt: skip
    text = (tmp_path / "out" / PAGE).read_text()
    page = lxml.html.fromstring(text.encode())

    assert not page.xpath("//img | //iframe | //link | //svg[@onload] | //main//script")
    assert len(page.xpath("//script")) == 4
    assert "<img" not in text and "alert(1)</script" not in text


def test_a_page_shows_a_sample_of_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Which ones is decided by hash, and all of them are in the table."""
    monkeypatch.setattr(pool, "MOST_ROWS", 5)
    monkeypatch.setattr(pool.Pool.__init__, "__defaults__", (5,))
    told = audit(tmp_path, [row(at) for at in range(30)])
    page = lxml.html.fromstring((tmp_path / "out" / PAGE).read_bytes())
    about = json.loads(page.xpath("//script[@id='about']")[0].text)

    assert (about["shown"], about["total"], told.questions) == (5, 30, 30)
    assert len(pq.read_table(tmp_path / "out" / ROWS)) == 30


def test_a_version_of_ours_has_its_judges_and_its_proof(tmp_path: Path):
    """Named by its folder; of a version only the rows are read, and evidence is where they say."""
    rows = [our_row(at, hops=2 + at % 2) for at in range(10)]
    _, home = publish(tmp_path / "store", rows)
    told = write(AuditPlan(paths=(str(home),)), tmp_path / "out")
    page = lxml.html.fromstring((tmp_path / "out" / PAGE).read_bytes())

    assert set(told.files.values()) == {"longhop"} and len(told.files) == 2
    assert told.depth["stated"]["pieces"] == sum(each.hop_count for each in rows)
    assert told.depth["lost_evidence"] == 0
    assert told.proof["proofs"] == {
        "complete": sum(each.proof == "complete" for each in rows),
        "none": sum(each.proof == "none" for each in rows),
    }
    assert sum(each["judgements"] for each in told.proof["judgements"]) == 10
    assert {"proof", "judges", "rows"} <= {each.get("id") for each in page.xpath("//section")}
    shown = json.loads(page.xpath("//script[@id='first-rows']")[0].text)
    assert all(each["judged"] and each["steps"] for each in shown)
