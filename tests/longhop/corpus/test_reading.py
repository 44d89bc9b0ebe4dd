"""Every line is read or turned away with its reason, in whatever order lines and files come."""

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longhop.corpus.reading import (
    Read,
    explain_unread,
    fingerprint_files,
    look_at_corpus,
    read_documents,
)
from longhop.corpus.reading.rows import reject
from longhop.errors import ConfigError
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document
from longhop.spec.sections import Columns, Corpus
from longhop.storage.sources import FileSources

SOURCES = FileSources()


def read_all(*paths: Path | str, **options: object) -> list[Read]:
    corpus = Corpus(paths=tuple(str(each) for each in paths), **options)
    return list(read_documents(corpus, SOURCES))


def documents(*paths: Path | str, **options: object) -> list[Document]:
    return [each.found for each in read_all(*paths, **options) if isinstance(each.found, Document)]


def rejections(*paths: Path | str, **options: object) -> list[Rejection]:
    return [each.found for each in read_all(*paths, **options) if isinstance(each.found, Rejection)]


def lines_file(path: Path, *lines: object) -> Path:
    text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def test_columns_are_mapped(tmp_path: Path):
    row = {"body": "Some text.", "key": 7, "name": "A title", "license": "MIT"}
    path = lines_file(tmp_path / "a.jsonl", row)

    (document,) = documents(path, columns=Columns(text="body", id="key", title="name"))

    assert (document.id, document.title, document.license) == ("7", "A title", "MIT")


def test_a_dot_reaches_into_what_is_nested_unless_the_name_is_there_as_it_is(tmp_path: Path):
    """A flattened table has `meta.license` as one name, a raw one has it as two."""
    columns = Columns(text="page.body.text", license="meta.license")
    rows = [
        {"page": {"body": {"text": "Deep."}}, "meta": {"license": "MIT"}},
        {"page.body.text": "Flat.", "meta": {"license": "no"}, "meta.license": "BSD"},
        {"page": "no object", "meta": ["MIT"]},
    ]
    reads = read_all(lines_file(tmp_path / "a.jsonl", *rows), columns=columns)

    deep, flat, neither = (each.found for each in reads)
    assert (deep.text, deep.license) == ("Deep.", "MIT")
    assert (flat.text, flat.license) == ("Flat.", "BSD")
    assert neither.reason is Reason.MISSING_TEXT


def test_a_document_without_an_id_is_named_by_its_text(tmp_path: Path):
    """Its place in the file must not name it: a line added above would rename it."""
    (first,) = documents(lines_file(tmp_path / "a.jsonl", {"text": "Some text."}))
    _, second = documents(lines_file(tmp_path / "b.jsonl", {"text": "x"}, {"text": "Some text."}))

    assert first.id == second.id
    assert first.id.startswith("d-")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "cut', Reason.BROKEN_LINE),
        ("[1, 2]", Reason.BROKEN_LINE),
        ("5", Reason.BROKEN_LINE),
        ("null", Reason.BROKEN_LINE),
        ("[" * 100_000, Reason.BROKEN_LINE),
        ('{"a":' * 100_000, Reason.BROKEN_LINE),
        ('{"text": ' + "9" * 5000 + "}", Reason.BROKEN_LINE),
        ('{"text": "a raw \x00 NUL"}', Reason.BROKEN_LINE),
        ('{"id": "a"}', Reason.MISSING_TEXT),
        ('{"text": "  "}', Reason.MISSING_TEXT),
        ('{"text": 5}', Reason.MISSING_TEXT),
        ('{"text": null}', Reason.MISSING_TEXT),
        ('{"text": ["a"]}', Reason.MISSING_TEXT),
    ],
)
def test_a_bad_line_is_turned_away_with_file_and_line(tmp_path: Path, line: str, reason: Reason):
    good = {"text": "A document that is fine."}
    kept, blank, bad, last = read_all(lines_file(tmp_path / "a.jsonl", good, " ", line, good))

    assert isinstance(kept.found, Document)
    assert blank.found is None
    assert isinstance(last.found, Document)
    assert isinstance(bad.found, Rejection)
    assert bad.found.reason is reason
    assert bad.found.stage == "read"
    assert bad.found.item == str(bad.place) == f"{tmp_path}/a.jsonl:3"
    assert bad.found.detail
    assert len(bad.found.raw) <= 200


def test_lines_end_where_files_say_and_nowhere_else(tmp_path: Path):
    """Web text is full of U+2028 and U+0085; splitting there would break two lines for one."""
    text = "a\u2028b\u2029c\u0085d\u000be\u000cf"
    row = json.dumps({"text": text}, ensure_ascii=False)
    for name, end in (("unix", "\n"), ("dos", "\r\n"), ("mac", "\r")):
        path = tmp_path / f"{name}.jsonl"
        path.write_bytes(f"{row}{end}{row}".encode())

        assert [each.text for each in documents(path)] == [text, text], name


def test_a_text_is_handed_on_as_it_stands(tmp_path: Path):
    """Cleaning is another stage's; what must not be trusted is not touched here either."""
    texts = (
        "one\r\ntwo\x00\ttabs  and spaces ",
        "{{ 7 * 7 }} {% raw %} </document> <|im_end|> <|endoftext|> [/INST]",
        "مرحبا بالعالم \u202e reversed \u2066 👩🏽‍🚀 🇨🇭",
        "'; DROP TABLE documents; --",
    )
    path = lines_file(tmp_path / "a.jsonl", *({"text": text} for text in texts))

    assert tuple(each.text for each in documents(path)) == texts


def test_an_id_may_look_like_anything(tmp_path: Path):
    ids = ("../../etc/passwd", "a/b", "C:\\x", "{{id}}", "‮x", "<b>", "s3://bucket/key")
    path = lines_file(tmp_path / "a.jsonl", *({"id": each, "text": "x"} for each in ids))

    assert tuple(each.id for each in documents(path)) == ids


def test_half_a_surrogate_pair_becomes_a_question_mark(tmp_path: Path):
    """JSON can spell one, and no file of ours can hold it."""
    path = lines_file(
        tmp_path / "a.jsonl", '{"text": "x\\ud83d", "id": "\\udc00", "title": "\\ud800"}'
    )
    (document,) = documents(path)

    assert (document.text, document.id, document.title) == ("x?", "?", "?")


def test_the_language_is_the_head_of_what_is_given_and_else_nothing(tmp_path: Path):
    """Telling a language takes a cleaned text."""
    given_codes = ("zh-CN", "EN_us", "de", None, "")
    rows = [{"text": f"text {code}", "language": code} for code in given_codes]

    read = documents(lines_file(tmp_path / "a.jsonl", *rows))

    assert [each.language for each in read] == ["zh", "en", "de", "", ""]


def test_ids_may_come_twice(tmp_path: Path):
    """Which one is kept must not depend on the order of files, so it is not decided here."""
    rows = [{"id": "a", "text": "One text."}, {"id": "a", "text": "Another text."}]

    assert len(documents(lines_file(tmp_path / "a.jsonl", *rows))) == 2


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(["a.jsonl", "b.csv", "c.txt", "d.jsonl.gz", "broken.jsonl.gz"]))
def test_the_order_of_paths_changes_nothing(tmp_path_factory: pytest.TempPathFactory, order):
    folder = tmp_path_factory.mktemp("order")
    lines_file(folder / "a.jsonl", {"text": "one"}, "{broken", {"text": "two"})
    (folder / "b.csv").write_text("text,id\nthree,3\n")
    (folder / "c.txt").write_text("four")
    (folder / "d.jsonl.gz").write_bytes(gzip.compress(b'{"text": "five"}\n'))
    (folder / "broken.jsonl.gz").write_bytes(gzip.compress(b'{"text": "six"}\n')[:-9])

    assert read_all(*(folder / each for each in order)) == read_all(
        *(folder / each for each in sorted(order))
    )


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.binary(max_size=40).filter(lambda line: not set(line) & set(b"\r\n"))))
def test_every_line_of_any_bytes_is_read_blank_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
):
    """The counts of the funnel start here, so nothing may fall through."""
    path = tmp_path_factory.mktemp("bytes") / "a.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in (b'{"text": "first"}', *lines)))

    reads = read_all(path)

    assert [str(each.place) for each in reads] == [f"{path}:{n}" for n in range(1, len(lines) + 2)]


@settings(max_examples=60, deadline=None)
@given(text=st.text(min_size=1).filter(str.strip))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str):
    path = tmp_path_factory.mktemp("text") / "a.jsonl"
    path.write_text(
        json.dumps({"text": text}, ensure_ascii=False) + "\n", encoding="utf-8", newline=""
    )

    assert [each.text for each in documents(path)] == [text]


def test_a_wrong_mapping_is_told_with_the_fields_there_are(tmp_path: Path):
    path = lines_file(tmp_path / "a.jsonl", {"body": "x", "meta": {"license": "MIT"}})

    with pytest.raises(
        ConfigError, match=r"'text', of the first 200 .*\(missing_text 1\).*body, meta"
    ):
        look_at_corpus(Corpus(paths=(str(path),)), SOURCES)
    look_at_corpus(Corpus(paths=(str(path),), columns=Columns(text="body")), SOURCES)


def test_a_wrong_mapping_of_a_table_is_told_too(tmp_path: Path):
    """Only mapped columns are read, but the message must name the others."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"content": ["x"], "url": ["y"]}), tmp_path / "a.parquet")

    with pytest.raises(ConfigError, match="content, url"):
        look_at_corpus(Corpus(paths=(str(tmp_path),)), SOURCES)


def test_what_nobody_asked_for_is_not_looked_at(tmp_path: Path):
    """A nanosecond, or a time zone that this machine does not know, is no reason to refuse."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    nanoseconds = pa.array([1], pa.timestamp("ns"))
    zoned = pa.array([1], pa.timestamp("us", "Mars/Olympus"))
    data = {"text": ["x"], "at": nanoseconds, "zoned": zoned, "meta": [{"a": 1}]}
    pq.write_table(pa.table(data), tmp_path / "a.parquet")
    with pa.ipc.new_file(tmp_path / "a.arrow", pa.table(data).schema) as writer:
        writer.write_table(pa.table(data))

    look_at_corpus(Corpus(paths=(str(tmp_path),)), SOURCES)
    for name in ("a.parquet", "a.arrow"):
        corpus = Corpus(paths=(f"{tmp_path}/{name}",), columns=Columns(text="zoned"))
        with pytest.raises(ConfigError, match=r"broken_line 1\).*Olympus.*at, meta\.a, text"):
            look_at_corpus(corpus, SOURCES)


def test_a_large_column_beside_the_text_takes_no_memory(tmp_path: Path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    large = pa.array([b"x" * (1 << 20)] * 100)
    pq.write_table(pa.table({"body": ["x"] * 100, "image": large}), tmp_path / "a.parquet")
    del large

    tracemalloc.start()
    with pytest.raises(ConfigError, match="body, image"):
        look_at_corpus(Corpus(paths=(str(tmp_path),)), SOURCES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 30 << 20


def test_the_refusal_of_a_corpus_tells_the_first_detail(tmp_path: Path):
    path = lines_file(tmp_path / "a.jsonl", *['{"text": "cut'] * 3)

    with pytest.raises(ConfigError, match=r"first 2 lines of each.*\.jsonl:1: Invalid control"):
        look_at_corpus(Corpus(paths=(str(path),)), SOURCES, lines=2)


def test_no_name_makes_a_message_long(tmp_path: Path):
    fields = {f"{n:02}{'x' * 100_000}\udcff": "y" for n in range(40)}
    path = lines_file(tmp_path / "a.jsonl", fields)
    (tmp_path / f"b.{'z' * 200}").touch()

    with pytest.raises(ConfigError) as told:
        look_at_corpus(Corpus(paths=(str(tmp_path),)), SOURCES)

    message = str(told.value)
    assert f"00{'x' * 37}…, 01" in message
    assert "12xx" not in message
    assert len(message.replace(str(path), "").replace(str(tmp_path), "")) < 1000


def test_details_are_bounded():
    found = reject("p", Reason.BROKEN_LINE, "d" * 1000, "r" * 1000)

    assert (len(found.detail), found.detail[-1], len(found.raw)) == (300, "…", 200)


def test_a_folder_of_nothing_but_strange_files_is_told(tmp_path: Path):
    for name in ("a.pdf", "b.pdf", "c.docx"):
        (tmp_path / name).write_bytes(b"%PDF")

    with pytest.raises(ConfigError, match=r"3 files were passed over \(\.pdf 2, \.docx 1\)"):
        look_at_corpus(Corpus(paths=(str(tmp_path),)), SOURCES)


def test_the_explanation_needs_no_files():
    message = explain_unread(Corpus(paths=("a", "b")), {}, ())

    assert (
        message
        == "corpus a, b: not one of its lines is a document with a text in 'text' (there are none)"
    )


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"corpus .*nowhere\.jsonl"):
        fingerprint_files([str(tmp_path / "nowhere.jsonl")], SOURCES, what="corpus")


def test_a_fingerprint_is_of_every_data_file_of_a_folder(tmp_path: Path):
    lines_file(tmp_path / "a.jsonl", {"text": "x"})
    before = fingerprint_files([str(tmp_path)], SOURCES, what="corpus")
    (tmp_path / "README.md").write_text("about")
    assert fingerprint_files([str(tmp_path)], SOURCES, what="corpus") == before

    lines_file(tmp_path / "a.jsonl", {"text": "y"})
    after = fingerprint_files([str(tmp_path)], SOURCES, what="corpus")
    assert list(after) == list(before) == [f"{tmp_path}/a.jsonl"]
    assert after != before
