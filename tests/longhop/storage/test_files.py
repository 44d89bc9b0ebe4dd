"""Whole files, in a folder and in a bucket alike."""

from pathlib import Path

import pytest

from longhop.errors import ConfigError, LongHopError
from longhop.storage.files import Files, LocalFiles, open_files


def test_what_is_written_is_read_back(files: Files):
    files.write("a/b.bin", b"123456")

    assert files.read("a/b.bin") == b"123456"


def test_a_write_replaces_a_file_whole(files: Files):
    files.write("a", b"long content")
    files.write("a", b"short")

    assert files.read("a") == b"short"


def test_a_create_refuses_where_a_file_is(files: Files):
    """Receipts are created once: the first that is written holds."""
    assert files.create("receipt", b"first")
    assert not files.create("receipt", b"second")
    assert files.read("receipt") == b"first"


def test_a_missing_file_is_told_apart_from_an_error(files: Files):
    with pytest.raises(FileNotFoundError):
        files.read("nowhere")
    assert not files.exists("nowhere")
    files.delete("nowhere")


def test_a_listing_is_sorted_and_relative(files: Files):
    for name in ("x/2", "x/1", "x/y/3", "z"):
        files.write(name, b"")

    assert files.list("x") == ["x/1", "x/2", "x/y/3"]
    assert files.list("empty") == []


def test_a_deleted_file_is_gone(files: Files):
    files.write("a", b"1")
    files.delete("a")

    assert not files.exists("a")


def test_a_local_write_leaves_no_temporary_file(tmp_path: Path):
    files = LocalFiles(tmp_path)
    files.write("a", b"1")
    files.create("a", b"2")

    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_a_store_that_cannot_be_reached_is_one_message(tmp_path: Path):
    """Nobody listens on port 9 of this machine."""
    files = open_files("s3://nobody/here", endpoint_url="http://127.0.0.1:9")

    with pytest.raises(LongHopError, match="s3://nobody/here"):
        files.write("probe", b"")


def test_a_bucket_that_is_not_there_is_one_message(bucket_server: str):
    files = open_files("s3://no-such-bucket", endpoint_url=bucket_server)

    with pytest.raises(LongHopError, match="no-such-bucket"):
        files.write("probe", b"")


def test_another_kind_of_address_is_refused():
    with pytest.raises(ConfigError, match="gs://"):
        open_files("gs://bucket")


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(LongHopError, match="file"):
        LocalFiles(tmp_path / "file").write("a", b"1")
