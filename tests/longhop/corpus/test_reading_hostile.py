"""A file that breaks costs what is behind the break, and one rejection; never the other files."""

import gzip
import io
import json
import tarfile
import time
import tracemalloc
import zipfile
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from longhop.corpus.reading import read_documents
from longhop.corpus.reading.quoting import Lines, RecordReader
from longhop.errors import TransientError
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document
from longhop.spec.sections import Corpus
from longhop.storage.sources import FileSources
from tests.longhop.corpus.test_reading import documents, read_all, rejections
from tests.longhop.corpus.test_reading_kinds import TABLES, tar_of, zip_of

MIB = 1 << 20
# Some words that do not compress, so that half of the bytes holds some of the lines.
WORDS = Random(0).randbytes(400_000).hex()
LINES = b"".join(
    json.dumps({"text": WORDS[at : at + 800]}).encode() + b"\n" for at in range(0, len(WORDS), 800)
)


def parquet_of_many() -> bytes:
    out = io.BytesIO()
    rows = [{"text": WORDS[at : at + 800]} for at in range(0, len(WORDS), 800)]
    pq.write_table(pa.Table.from_pylist(rows), out, row_group_size=100)
    return out.getvalue()


def arrow_of_many() -> bytes:
    out = io.BytesIO()
    rows = [{"text": WORDS[at : at + 800]} for at in range(0, len(WORDS), 800)]
    table = pa.Table.from_pylist(rows)
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=100)
    return out.getvalue()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


CUT = {
    "a.jsonl.gz": gzip.compress(LINES),
    "a.jsonl.zst": zstd(LINES),
    "a.tar": tar_of({"x.jsonl": LINES}),
    "a.tar.gz": gzip.compress(tar_of({"x.jsonl": LINES})),
    "a.tar.zst": zstd(tar_of({"x.jsonl": LINES})),
    "a.arrow": arrow_of_many(),
    "a.json": b"[" + LINES.strip().replace(b"\n", b",") + b"]",
}


@pytest.mark.parametrize("name", CUT)
def test_what_came_before_a_break_stays(tmp_path: Path, name: str):
    """A download that stopped is common; what came of it is whole."""
    (tmp_path / name).write_bytes(CUT[name][: len(CUT[name]) * 2 // 3])
    (tmp_path / "z.jsonl").write_text('{"text": "another file"}\n')

    *before, broken, other = read_all(tmp_path)

    assert len(before) > 200
    assert all(isinstance(each.found, Document) for each in before)
    assert isinstance(broken.found, Rejection)
    assert broken.found.reason is Reason.BROKEN_FILE
    assert broken.found.item.startswith(str(tmp_path / name))
    assert f"after {len(before)} rows" in broken.found.detail
    assert other.found.text == "another file"


@pytest.mark.parametrize("name", ["a.parquet", "a.zip"])
def test_what_needs_its_end_is_lost_whole_but_told(tmp_path: Path, name: str):
    data = parquet_of_many() if name == "a.parquet" else zip_of({"x.jsonl": LINES})
    (tmp_path / name).write_bytes(data[: len(data) // 2])

    (rejection,) = rejections(tmp_path)

    assert rejection.reason is Reason.BROKEN_FILE
    assert "at its start" in rejection.detail


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl.gz", "a.jsonl.zst"])
def test_damage_in_the_middle_costs_what_is_behind_it(tmp_path: Path, name: str):
    whole = {**CUT, "a.parquet": parquet_of_many()}[name]
    middle = len(whole) // 2
    damaged = whole[:middle] + bytes(5000) + whole[middle + 5000 :]
    (tmp_path / name).write_bytes(damaged)

    reads = read_all(tmp_path)

    assert sum(isinstance(each.found, Document) for each in reads) > 100
    broken = [each for each in reads if isinstance(each.found, Rejection)]
    assert broken, "damage must not pass for text"


def test_a_damaged_member_of_a_zip_leaves_the_others(tmp_path: Path):
    data = bytearray(zip_of({"a.jsonl": LINES, "b.jsonl": b'{"text": "whole"}\n'}))
    data[20_000:20_100] = bytes(100)
    (tmp_path / "a.zip").write_bytes(bytes(data))

    assert documents(tmp_path)[-1].text == "whole"
    assert [each.reason for each in rejections(tmp_path)][-1:] == [Reason.BROKEN_FILE]
    assert rejections(tmp_path)[-1].item == f"{tmp_path}/a.zip!a.jsonl"


def test_a_broken_file_in_a_tar_leaves_the_others(tmp_path: Path):
    files = {"a.jsonl.gz": gzip.compress(LINES)[:9000], "b.jsonl": b'{"text": "whole"}\n'}
    (tmp_path / "a.tar").write_bytes(tar_of(files))

    assert documents(tmp_path)[-1].text == "whole"
    assert [each.item for each in rejections(tmp_path)] == [f"{tmp_path}/a.tar!a.jsonl.gz"]


def test_damage_between_members_does_not_pass_for_the_end(tmp_path: Path):
    """Python's tarfile would stop there and say nothing."""
    data = bytearray(tar_of({"a.jsonl": b'{"text": "x"}\n', "b.jsonl": b'{"text": "y"}\n'}))
    data[1024:1124] = b"\xff" * 100
    (tmp_path / "a.tar").write_bytes(bytes(data))
    (tmp_path / "b.tar").write_bytes(tar_of({"a.jsonl": b'{"text": "x"}\n'})[:1024])

    first, broken, second, cut = read_all(tmp_path)

    assert first.found.text == second.found.text == "x"
    assert [each.found.reason for each in (broken, cut)] == [Reason.BROKEN_FILE] * 2


def test_a_locked_member_is_told(tmp_path: Path):
    data = bytearray(zip_of({"a.jsonl": LINES, "b.jsonl": b'{"text": "open"}\n'}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        entry = archive.getinfo("a.jsonl")
    data[entry.header_offset + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(data))

    (rejection,) = rejections(tmp_path)

    assert "password" in rejection.detail
    assert documents(tmp_path)[0].text == "open"


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.zip", "a.tar.gz"])
def test_a_bomb_is_left_alone_in_time(tmp_path: Path, name: str):
    """300 MiB of zeros in some KiB; four times as many would be no other."""
    zeros = io.BytesIO()
    if name == "a.zip":
        with zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as archive:
            for member in range(6):
                archive.writestr(f"{member}.jsonl", b"\n" + bytes(50 * MIB))
        data = zeros.getvalue()
    elif name == "a.tar.gz":
        tar = tar_of({f"{n}.jsonl": b"\n" + bytes(50 * MIB) for n in range(6)})
        data = gzip.compress(tar, 1)
    else:
        pack = zstd if name.endswith("zst") else lambda part: gzip.compress(part, 1)
        data = b"".join([pack(b'{"text": "x"}\n'), *[pack(b"\n" + bytes(50 * MIB))] * 6])
    (tmp_path / name).write_bytes(data)

    last = read_all(tmp_path)[-1]

    assert last.found.reason is Reason.BROKEN_FILE
    assert "more than 200 times is not read" in last.found.detail
    assert last.found.item == str(tmp_path / name)


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path):
    """Two levels are a bomb's way in, and nobody packs a corpus so."""
    inner = zip_of({"x.jsonl": LINES})
    (tmp_path / "a.zip").write_bytes(zip_of({"inner.zip": inner, "y.jsonl": b'{"text": "y"}\n'}))
    (tmp_path / "b.tar").write_bytes(tar_of({"inner.tar.gz": gzip.compress(tar_of({"x": b""}))}))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(gzip.compress(LINES)))

    assert [each.reason for each in rejections(tmp_path)] == [Reason.BROKEN_FILE] * 3
    assert len(documents(tmp_path)) == 1


def test_a_line_without_end_is_passed_over_without_being_held(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "before"}\n{"text": "')
        for _ in range(100):
            file.write(b"x" * MIB)
        file.write(b'"}\n{"text": "after"}\n')

    tracemalloc.start()
    before, overlong, after = read_all(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (before.found.text, after.found.text) == ("before", "after")
    assert overlong.found.reason is Reason.TOO_LONG
    assert overlong.found.item == f"{path}:2"
    assert "100.0 MiB" in overlong.found.detail
    assert peak < 140 * MIB


def test_a_quotation_that_is_never_closed_costs_its_row(tmp_path: Path):
    (tmp_path / "a.csv").write_text('text,id\nfine,1\n"never closed,2\nmore,3\n')
    (tmp_path / "b.csv").write_bytes(b'text\nfine\n"' + (b"word " * 4000 + b"\n") * 4000)

    first, broken, more, *rest = read_all(tmp_path)

    assert (first.found.text, more.found.text) == ("fine", "more")
    assert broken.found.reason is Reason.BROKEN_LINE
    assert str(broken.place) == f"{tmp_path}/a.csv:3"
    assert "opens on line 3 " in broken.found.detail
    assert rest[0].found.text == "fine"
    assert rest[1].found.reason is Reason.BROKEN_LINE
    assert len(rest) == 4001, "what it took is read again"


def test_a_lone_quote_takes_no_rows_with_it(tmp_path: Path):
    """It is closed by the next quotation, in the middle of what that says."""
    rows = [f"{n},row {n}" for n in range(20)]
    rows[3] = '3,"an inch'
    rows[15] = '15,"quoted, and whole"'
    rows[17] = '17,"two\nlines"'
    (tmp_path / "a.csv").write_text("\n".join(["id,text", *rows]))
    reads = read_all(tmp_path)

    assert [each.found.id for each in reads if isinstance(each.found, Document)] == [
        str(n) for n in range(20) if n != 3
    ]
    assert [str(each.place) for each in reads if isinstance(each.found, Rejection)] == [
        f"{tmp_path}/a.csv:5"
    ]
    assert reads[17].found.text == "two\nlines"


def test_the_quote_that_is_open_is_told_by_its_own_line(tmp_path: Path):
    (tmp_path / "a.csv").write_text('a,text\n"x\ny","z\n1,one\n2,two')
    broken, *others = read_all(tmp_path)

    assert broken.place.line == 2
    assert "opens on line 3 " in broken.found.detail
    assert [each.found.text for each in others] == ["one", "two"]


def test_a_quote_in_a_tab_separated_file_is_often_only_a_sign(tmp_path: Path):
    """Most writers of such files never quote; some do, and then newlines too."""
    (tmp_path / "a.tsv").write_text(
        'text\tid\n"open\t1\nplain\t2\n"so" it goes\t3\n"tab\there"\t4\n"two\nlines"\t5\n'
        'x "y" z\t6\n"a ""b"" c"\t7\nend"\t8\n"last\t9'
    )
    assert [(each.text, each.id) for each in documents(tmp_path)] == [
        ('"open', "1"),
        ("plain", "2"),
        ('"so" it goes', "3"),
        ("tab\there", "4"),
        ("two\nlines", "5"),
        ('x "y" z', "6"),
        ('a "b" c', "7"),
        ('end"', "8"),
        ('"last', "9"),
    ]


LINES_WITH_QUOTES = ['"a', 'a"', '"a"', 'a","b', '"a,b"', '"""', '""a', "a,b", "", "x", '"a"b,"c']


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(st.sampled_from(LINES_WITH_QUOTES), max_size=12),
    name=st.sampled_from(["a.csv", "a.tsv"]),
)
def test_every_line_of_a_table_is_in_one_row(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], name: str
):
    """In order, and each only once, however the quotes stand."""
    text = "".join(f"{line}\n" for line in ["text", *lines])
    text = text.replace(",", "\t") if name.endswith("tsv") else text
    read = RecordReader(
        Lines(io.BufferedReader(io.BytesIO(text.encode())), "utf-8"),
        "\t" if name.endswith("tsv") else ",",
        strict=name.endswith("tsv"),
    )
    assert [each.number for record in read for each in record.lines] == list(
        range(1, len(lines) + 2)
    )
    path = tmp_path_factory.mktemp("quotes") / name
    path.write_text(text)
    read_all(path)


@pytest.mark.parametrize("line", ['"x', 'a","b', '"""', '""a', '"a"b,"c', "x", '"' * 99])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_no_quotes_take_more_than_their_time(tmp_path: Path, line: str, name: str):
    line = line.replace(",", "\t") if name.endswith("tsv") else line
    (tmp_path / name).write_text('text\n"\n' + f"{line}\n" * 60_000)
    start = time.perf_counter()

    assert read_all(tmp_path)
    assert time.perf_counter() - start < 10


def test_a_text_beyond_all_measure_is_too_long(tmp_path: Path):
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(65 * MIB)
    (rejection,) = rejections(tmp_path)

    assert rejection.reason is Reason.TOO_LONG


def test_a_value_beyond_all_measure_breaks_its_array(tmp_path: Path):
    with (tmp_path / "a.json").open("wb") as file:
        file.write(b'[{"text": "x"}, {"text": "')
        for _ in range(70):
            file.write(b"x" * MIB)
        file.write(b'"}]')
    first, broken = read_all(tmp_path)

    assert first.found.text == "x"
    assert broken.found.reason is Reason.BROKEN_FILE


def test_an_array_nested_beyond_all_measure_is_one_broken_value(tmp_path: Path):
    (tmp_path / "a.json").write_bytes(b'[{"text": "x"},' + b"[" * 200_000 + b"]" * 200_000 + b"]")
    (tmp_path / "b.json").write_bytes(b'[{"text": "y"}, 5, {"text": "z"}] and more')

    assert [each.text for each in documents(tmp_path)] == ["x", "y", "z"]
    assert Reason.BROKEN_FILE in {each.reason for each in rejections(tmp_path / "b.json")}


def test_a_member_may_claim_to_be_what_no_member_should_be(tmp_path: Path):
    """Links, devices and sparse files are passed over: none of them holds a document."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("a", tarfile.SYMTYPE), ("b", tarfile.LNKTYPE), ("c", tarfile.CHRTYPE)):
            entry = tarfile.TarInfo(f"{name}.jsonl")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
        entry = tarfile.TarInfo("d.jsonl")
        entry.size = 14
        archive.addfile(entry, io.BytesIO(b'{"text": "x"}\n'))
    (tmp_path / "a.tar").write_bytes(out.getvalue())

    assert [each.text for each in documents(tmp_path)] == ["x"]
    assert not rejections(tmp_path)


def test_a_name_that_is_no_text_can_still_be_told(tmp_path: Path):
    """File systems take any bytes for a name, and our files do not."""
    (tmp_path / "caf\udce9.jsonl").write_bytes(b"{broken\n")
    (rejection,) = rejections(tmp_path)

    assert rejection.item.encode("utf-8").endswith(b"/caf?.jsonl:1")


def test_a_lost_connection_is_no_broken_file(tmp_path: Path):
    """Else a night's weather would decide which documents there are."""

    class Weather(FileSources):
        def open(self, name: str) -> io.BytesIO:
            return Broken(gzip.compress(LINES)) if "a." in name else super().open(name)

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 100:
                raise TransientError("the connection is lost")
            return super().read(min(size or 0, 1000))

    for name in ("a.jsonl.gz", "a.parquet", "a.zip", "a.tar", "a.arrow", "a.json", "a.txt"):
        (tmp_path / name).touch()
        with pytest.raises(TransientError):
            list(read_documents(Corpus(paths=(str(tmp_path / name),)), Weather()))


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted({**TABLES, **CUT, "a.parquet": b"", "a.zip": b"", "x.html": b""})),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=30)), max_size=3),
    whole=st.booleans(),
)
def test_no_damage_is_a_traceback(tmp_path_factory: pytest.TempPathFactory, name, cuts, whole):
    """Whatever bytes lie there, reading ends, and each place is told once."""
    known = {**CUT, **TABLES, "a.zip": zip_of({"x.jsonl": LINES[:5000]}), "x.html": b"<html>"}
    data = bytearray(known[name][:60_000])
    for share, part in cuts:
        at = int(share * len(data))
        data[at : at + len(part) if whole else len(data)] = part
    path = tmp_path_factory.mktemp("damage") / name
    path.write_bytes(bytes(data))

    places = [str(each.place) for each in read_all(path)]

    assert len(places) == len(set(places))
