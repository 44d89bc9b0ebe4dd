"""Each kind of file becomes documents, compressed or not, in an archive or not."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from longhop.corpus.reading import read_rows
from longhop.records.accounts import Reason, Rejection
from longhop.spec.sections import Columns
from tests.longhop.corpus.test_reading import SOURCES, documents, read_all, rejections

ROWS = [{"text": f"Text {n}.", "id": f"r{n}", "title": f"T{n}", "license": "MIT"} for n in range(3)]
TABLE = pa.Table.from_pylist(ROWS)
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
PAGE = b"""<!doctype html><html><head><title>The harbour</title></head><body>
<nav><a href="/">Home</a><a href="/about">About us</a></nav>
<article><h1>The harbour</h1>
<p>The harbour of Halden was dug in the spring of 1833 by two hundred men with spades.</p>
<p>It has been dredged every seven years since, and ships of four metres may enter it.</p>
</article><footer>Cookies and newsletters</footer></body></html>"""


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(TABLE, out)
    return out.getvalue()


def arrow(*, stream: bool) -> bytes:
    out = io.BytesIO()
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(out, TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=2)
    return out.getvalue()


def table(separator: str) -> bytes:
    rows = [separator.join(("text", "id", "title", "license"))]
    rows += [separator.join(row.values()) for row in ROWS]
    return "\r\n".join(rows).encode()


TABLES = {
    "a.jsonl": LINES,
    "a.ndjson": LINES,
    "a.json": LINES,
    "array.json": json.dumps(ROWS).encode(),
    "pretty.json": json.dumps(ROWS, indent=2).encode(),
    "array.jsonl": json.dumps(ROWS).encode(),
    "array-by-lines.jsonl": b"[\n" + b",\n".join(LINES.split(b"\n")[:3]) + b"\n]\n",
    "objects.json": b"\n".join(json.dumps(row, indent=1).encode() for row in ROWS),
    "a.csv": table(","),
    "semicolons.csv": table(";"),
    "a.tsv": table("\t"),
    "a.parquet": parquet(),
    "stream.arrow": arrow(stream=True),
    "file.arrow": arrow(stream=False),
    "unknown-ending.data": LINES,
    "lines-named-otherwise.parquet.bak": parquet(),
}


def tar_of(files: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def pack(data: bytes, how: str) -> bytes:
    if how == "gz":
        return gzip.compress(data)
    return zstandard.ZstdCompressor().compress(data) if how == "zst" else data


@pytest.mark.parametrize("how", ["plain", "gz", "zst"])
@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_any_kind_gives_the_same_documents(tmp_path: Path, name: str, how: str):
    """Whether it is compressed is told by its bytes, so its name may say so or not."""
    path = tmp_path / name
    path.write_bytes(pack(TABLES[name], how))

    reads = read_all(path)

    assert [each.found.model_dump(exclude={"language", "domain"}) for each in reads] == ROWS
    assert {each.place.file for each in reads} == {str(path)}
    assert {(each.encoding, each.doubt) for each in reads} == {("utf-8", 0.0)}


def test_a_name_that_promises_compression_is_not_believed(tmp_path: Path):
    (tmp_path / "a.jsonl.gz").write_bytes(LINES)
    (tmp_path / "b.jsonl.zst").write_bytes(gzip.compress(LINES))

    assert len(documents(tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.zst")) == 6


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.zst"])
def test_the_members_of_an_archive_are_read_as_files(tmp_path: Path, name: str):
    """Those that a folder would pass over are passed over, and a name goes nowhere."""
    inside = tmp_path / "inside"
    inside.mkdir()
    files = {
        "../../../outside.jsonl": LINES,
        "/absolute.csv": table(","),
        "deep/folder/a.parquet": parquet(),
        "deep/b.jsonl.gz": gzip.compress(LINES),
        "notes/page.txt": b"A page of its own.",
        "README.md": b"# About these tables",
        "__MACOSX/._a.jsonl": b"\x00\x05",
        ".git/x.jsonl": LINES,
        "picture.png": b"\x89PNG",
    }
    how = "gz" if name.endswith("gz") else name.rpartition(".")[2]
    data = zip_of(files) if name.endswith(".zip") else pack(tar_of(files), how)
    (inside / name).write_bytes(data)

    reads = read_all(inside)

    members = [str(each.place).removeprefix(f"{inside}/{name}!") for each in reads]
    assert len(members) == 13
    assert members[:2] == ["../../../outside.jsonl:1", "../../../outside.jsonl:2"]
    assert members[-1] == "notes/page.txt"
    assert reads[-1].found.title == "page"
    assert [each.name for each in tmp_path.rglob("*")] == ["inside", name]


def test_the_pages_of_an_archive_without_tables_are_documents(tmp_path: Path):
    files = {"README.md": b"# One\n\nText.", "b/two.md": b"# Two\n\nText."}
    for name, data in (("a.zip", zip_of(files)), ("a.tar", tar_of(files))):
        (tmp_path / name).write_bytes(data)

        assert [each.title for each in documents(tmp_path / name)] == ["One", "Two"]


def test_an_archive_without_anything_to_read_says_so(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(zip_of({"x.png": b"1"}))
    (tmp_path / "b.tar").write_bytes(tar_of({}))

    assert [each.reason for each in rejections(tmp_path)] == [Reason.MISSING_TEXT] * 2


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a note.txt", "# no heading in a text\nBody.", "a note"),
        ("page.md", "Before.\n\n## The *heading* ##\n\nBody.\n# Later", "The *heading*"),
        (
            "page.md",
            "---\ntitle: x\n# comment\n---\n# After the front matter",
            "After the front matter",
        ),
        ("page.markdown", "Underlined\n==========\nBody.", "Underlined"),
        ("page.rst", "=====\nFramed\n=====\n\nBody.", "Framed"),
        ("plain.md", "No heading at all.", "plain"),
        ("long.md", "x" * 200_000 + " " * 200_000, "long"),
    ],
)
def test_a_text_is_one_document_under_its_heading_or_its_name(
    tmp_path: Path, name: str, text: str, title: str
):
    (tmp_path / name).write_text(text)
    (read,) = read_all(tmp_path / name, license="CC0-1.0")

    assert read.place == (str(tmp_path / name), None)
    assert (read.found.text, read.found.title, read.found.license) == (text, title, "CC0-1.0")


def test_a_web_page_is_its_main_text(tmp_path: Path):
    (tmp_path / "a.html").write_bytes(PAGE)
    (document,) = documents(tmp_path)

    assert document.title == "The harbour"
    assert "two hundred men" in document.text
    assert "Cookies" not in document.text
    assert "<p>" not in document.text


@pytest.mark.parametrize(
    "page",
    [b"", b"   ", b"<html><body></body></html>", b"<" * 5000, b"<div>" * 20_000, b"\x00<html>"],
)
def test_a_web_page_without_text_is_turned_away(tmp_path: Path, page: bytes):
    (tmp_path / "a.html").write_bytes(page)
    (read,) = read_all(tmp_path)

    assert isinstance(read.found, Rejection)
    assert read.found.reason in (Reason.MISSING_TEXT, Reason.BROKEN_FILE)


def test_a_web_page_names_its_own_encoding(tmp_path: Path):
    page = PAGE.replace(b"<head>", b'<head><meta charset="windows-1251">')
    page = page.replace(b"dug", "вырыта".encode("cp1251"))
    (tmp_path / "a.html").write_bytes(page)
    (read,) = read_all(tmp_path)

    assert "вырыта" in read.found.text
    assert (read.encoding, read.doubt) == ("windows-1251", 0.0)


@pytest.mark.parametrize("named", ["utf-16", "unicode_escape", "utf-7", "cp037", "rot13", "x-x"])
def test_a_web_page_is_not_believed_to_be_what_it_cannot_be(tmp_path: Path, named: str):
    """A declaration that can be read as ASCII is in no UTF-16; and escapes are no text."""
    page = PAGE.replace(b"<head>", f'<head><meta charset="{named}">'.encode())
    page = page.replace(b"dug", rb"dug at C:\new +AGE-").replace(b"hundred", b"f\xfcr")
    (tmp_path / "a.html").write_bytes(page)
    (read,) = read_all(tmp_path)

    assert r"dug at C:\new +AGE- in" in read.found.text
    assert "two für men" in read.found.text
    assert read.encoding == "cp1252"


def test_a_web_page_beyond_its_limit_is_turned_away(tmp_path: Path):
    """The time that finding the text takes grows with the square of the page."""
    page = PAGE.replace(b"<p>", b"<p>" + b"word " * 400_000)
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(page))
    (rejection,) = rejections(tmp_path)

    assert rejection.reason is Reason.TOO_LONG
    assert "3.8 MiB" in rejection.detail
    assert "1.5 MiB" in rejection.detail


def test_two_columns_of_one_name_break_no_file(tmp_path: Path):
    data = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    pq.write_table(data, tmp_path / "a.parquet")
    with pa.ipc.new_file(tmp_path / "a.arrow", data.schema) as writer:
        writer.write_table(data)

    for name in ("a.parquet", "a.arrow"):
        assert [each.text for each in documents(tmp_path / name)] == ["b"]
        assert [each["text"] for _, each in read_rows(f"{tmp_path}/{name}", SOURCES)] == ["b"]


def test_a_frame_that_says_nothing_may_stand_first(tmp_path: Path):
    """What pzstd and seekable writers put before, between and after."""
    nothing = b"\x5a\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"12345"
    (tmp_path / "a.jsonl.zst").write_bytes(nothing + pack(LINES, "zst") + nothing)

    assert len(documents(tmp_path)) == 3


def test_rows_of_a_table_may_span_lines_and_are_numbered_by_their_first(tmp_path: Path):
    (tmp_path / "a.csv").write_text('text,id\n"one\ntwo",a\n\n"say ""yes""",b\nx\ny,c,d\n,e\n')

    reads = read_all(tmp_path)

    assert [each.place.line for each in reads] == [2, 4, 5, 6, 7, 8]
    assert [each.found.text for each in (reads[0], reads[2])] == ["one\ntwo", 'say "yes"']
    assert reads[1].found is None
    assert [each.found.reason for each in reads[3:]] == [
        Reason.BROKEN_LINE,
        Reason.BROKEN_LINE,
        Reason.MISSING_TEXT,
    ]


def test_a_field_may_be_longer_than_the_library_likes(tmp_path: Path):
    """Its own limit is 128 KiB, which an ordinary article passes."""
    (tmp_path / "a.csv").write_text("text\n" + "word " * 100_000 + "\n")

    assert len(documents(tmp_path)[0].text) == 500_000


def test_only_mapped_columns_of_a_table_are_read(tmp_path: Path):
    """A column that cannot be said in Python must not cost rows that do not need it."""
    far = pa.array([2**62] * 2, pa.timestamp("ms"))
    nested = pa.array([{"license": "MIT", "x": 1}, {"license": "BSD", "x": 2}])
    data = pa.table({"text": ["a", "b"], "far": far, "meta": nested, "id": [1, 2]})
    pq.write_table(data, tmp_path / "a.parquet")

    read = documents(tmp_path, columns=Columns(license="meta.license"))

    assert [(each.text, each.license, each.id) for each in read] == [
        ("a", "MIT", "1"),
        ("b", "BSD", "2"),
    ]
    found = [each for _, each in read_rows(str(tmp_path), SOURCES)]
    assert [each.reason for each in found] == [Reason.BROKEN_LINE] * 2


def test_bytes_in_a_table_are_text_if_they_can_be(tmp_path: Path):
    """Old writers of Parquet leave strings as bytes, and few check that strings are UTF-8."""
    raw = pa.array([b"fine", "Él está aquí mañana".encode("cp1252"), b"\x00\x01\x02\xff" * 9])
    bad = pa.StringArray.from_buffers(3, *raw.buffers()[1:])
    for name, column in (("bytes", raw), ("strings", bad)):
        pq.write_table(pa.table({"text": column}), tmp_path / f"{name}.parquet")
        first, second, third = read_all(tmp_path / f"{name}.parquet")

        assert (first.found.text, first.doubt) == ("fine", 0.0)
        assert (second.found.text, second.encoding) == ("Él está aquí mañana", "cp1252")
        assert second.doubt > 0
        assert third.found.reason is Reason.NOT_PROSE


def test_a_table_without_the_column_loses_each_row_by_name(tmp_path: Path):
    for name, data in (("a.parquet", parquet()), ("a.arrow", arrow(stream=True))):
        (tmp_path / name).write_bytes(data)
        found = rejections(
            tmp_path / name,
            columns=Columns(text="body", id="no", title="no", license="no", language="no"),
        )

        assert [each.reason for each in found] == [Reason.MISSING_TEXT] * 3


def test_a_saved_dataset_is_read_without_its_card_and_state(tmp_path: Path):
    """What `datasets.save_to_disk` writes; files that `map` caches beside would come twice."""
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train"]}')
    (tmp_path / "README.md").write_text("# A card")
    (tmp_path / "LICENSE").write_text("MIT")
    for split in ("train", "test"):
        (tmp_path / split).mkdir()
        for name in ("data-00000-of-00001.arrow", "cache-1b2c.arrow"):
            (tmp_path / split / name).write_bytes(arrow(stream=True))
        for name in ("dataset_info.json", "state.json"):
            (tmp_path / split / name).write_text('{\n  "text": "no document"\n}')

    assert len(read_all(tmp_path)) == len(documents(tmp_path)) == 6


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        *(
            (name, [])
            for name in ("a.jsonl", "a.json", "a.csv", "a.parquet", "a.arrow", "a.jsonl.gz")
        ),
        *((name, [Reason.MISSING_TEXT]) for name in ("a.txt", "a.md", "a.html", "a.unknown")),
        *((name, [Reason.BROKEN_FILE]) for name in ("a.zip", "a.tar")),
    ],
)
def test_an_empty_file_has_no_rows_or_no_text(tmp_path: Path, name: str, reasons: list[Reason]):
    (tmp_path / name).touch()

    reads = read_all(tmp_path / name)

    assert [each.found.reason for each in reads] == reasons
