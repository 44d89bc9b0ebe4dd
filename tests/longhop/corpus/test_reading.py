"""Every line is read or turned away with its reason, in whatever order lines and files come."""

import gzip
import json
from pathlib import Path

import pytest

from longhop.corpus.reading import fingerprint_files, read_documents
from longhop.errors import ConfigError
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document
from longhop.spec.sections import Columns, Corpus


def corpus_of(path: Path, *lines: object, **options: object) -> Corpus:
    text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return Corpus(paths=(str(path),), **options)


def read(corpus: Corpus) -> tuple[list[Document], list[Rejection]]:
    rows = list(read_documents(corpus))
    documents = [each for each in rows if isinstance(each, Document)]
    return documents, [each for each in rows if isinstance(each, Rejection)]


def test_columns_are_mapped(tmp_path: Path):
    columns = Columns(text="body", id="key", title="name")
    row = {"body": "Some text.", "key": 7, "name": "A title", "license": "MIT"}

    (document,), _ = read(corpus_of(tmp_path / "a.jsonl", row, columns=columns))

    assert (document.id, document.title, document.license) == ("7", "A title", "MIT")


def test_a_document_without_an_id_is_named_by_its_text(tmp_path: Path):
    """Its place in the file must not name it: a line added above would rename it."""
    (first,), _ = read(corpus_of(tmp_path / "a.jsonl", {"text": "Some text."}))
    (_, second), _ = read(corpus_of(tmp_path / "b.jsonl", {"text": "x"}, {"text": "Some text."}))

    assert first.id == second.id


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "cut', Reason.BROKEN_LINE),
        ("[1, 2]", Reason.BROKEN_LINE),
        ("[" * 100_000, Reason.BROKEN_LINE),
        ('{"id": "a"}', Reason.MISSING_TEXT),
        ('{"text": "  "}', Reason.MISSING_TEXT),
        ('{"text": 5}', Reason.MISSING_TEXT),
    ],
)
def test_a_bad_line_is_turned_away_with_file_and_line(tmp_path: Path, line: str, reason: Reason):
    good = {"text": "A document that is fine."}
    documents, (rejection,) = read(corpus_of(tmp_path / "a.jsonl", good, line))

    assert len(documents) == 1
    assert rejection.reason is reason
    assert rejection.item.endswith("a.jsonl:2")


def test_bytes_that_are_not_utf8_cost_one_line(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "caf\xe9"}\n{"text": "fine"}\n')

    documents, (rejection,) = read(Corpus(paths=(str(path),)))

    assert [each.text for each in documents] == ["fine"]
    assert rejection.reason is Reason.BROKEN_LINE


def test_of_two_texts_under_one_id_the_order_of_lines_does_not_decide(tmp_path: Path):
    rows = [{"id": "a", "text": "One text."}, {"id": "a", "text": "Another text."}]
    kept = {
        read(corpus_of(tmp_path / name, *order))[0][0].text
        for name, order in (("a.jsonl", rows), ("b.jsonl", rows[::-1]))
    }
    _, (rejection,) = read(corpus_of(tmp_path / "c.jsonl", *rows))

    assert len(kept) == 1
    assert rejection.reason is Reason.DUPLICATE_ID


def test_gzip_is_read_and_a_false_one_refused(tmp_path: Path):
    good = tmp_path / "a.jsonl.gz"
    good.write_bytes(gzip.compress(b'{"text": "Some text."}\n'))
    assert len(read(Corpus(paths=(str(good),)))[0]) == 1

    for name, data in (("b", b'{"text": "no"}'), ("c", gzip.compress(b"x" * 9999)[:30])):
        path = tmp_path / f"{name}.jsonl.gz"
        path.write_bytes(data)
        with pytest.raises(ConfigError, match="not a whole gzip file"):
            read(Corpus(paths=(str(path),)))


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"nowhere\.jsonl"):
        fingerprint_files((str(tmp_path / "nowhere.jsonl"),), what="corpus")


def test_the_language_is_given_or_told_by_script(tmp_path: Path):
    rows = [
        {"text": "云川是一个虚构的国度。"},
        {"text": "English."},
        {"text": "x", "language": "zh-CN"},
    ]
    documents, _ = read(corpus_of(tmp_path / "a.jsonl", *rows))

    assert sorted(each.language for each in documents) == ["en", "zh", "zh"]
