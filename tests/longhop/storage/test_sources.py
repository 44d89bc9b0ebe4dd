"""Input files are found by the names that specs give, on this machine and in buckets alike."""

import hashlib
import io
import os
import socket
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from longhop.corpus.reading import list_files, list_passed_over, read_documents
from longhop.errors import ConfigError, StorageError, TransientError
from longhop.spec.sections import Corpus
from longhop.storage.buckets import told
from longhop.storage.sources import FileSources

Place = tuple[FileSources, str, Callable[[str, bytes], None]]


@pytest.fixture(params=["local", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Sources, the name of an empty folder, and a way to put files there."""
    if request.param == "local":

        def put(name: str, data: bytes) -> None:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data)

        return FileSources(), str(tmp_path), put
    import boto3

    server: str = request.getfixturevalue("bucket_server")
    bucket = f"test-{uuid.uuid4().hex[:12]}"
    client = boto3.client("s3", endpoint_url=server)
    client.create_bucket(Bucket=bucket)

    def send(name: str, data: bytes) -> None:
        client.put_object(Bucket=bucket, Key=f"in/{name}", Body=data)

    return FileSources(endpoint_url=server), f"s3://{bucket}/in", send


NAMES = (
    "a.jsonl",
    "b.txt",
    "deep/c.jsonl",
    "deep/er/d.jsonl",
    ".git/x.jsonl",
    "_tmp/y.jsonl",
    "deep/.z",
)


EVERY = ["a.jsonl", "b.txt", "deep/c.jsonl", "deep/er/d.jsonl"]
FOUND = {
    "": EVERY,
    "/": EVERY,
    "/a.jsonl": ["a.jsonl"],
    "/deep": ["deep/c.jsonl", "deep/er/d.jsonl"],
    "/*.jsonl": ["a.jsonl"],
    "/[ab].*": ["a.jsonl", "b.txt"],
    "/?.txt": ["b.txt"],
    "/*": EVERY,
    "/d*": ["deep/c.jsonl", "deep/er/d.jsonl"],
    "/*/*.jsonl": ["deep/c.jsonl"],
    "/*/er": ["deep/er/d.jsonl"],
    "/**": EVERY,
    "/**/*.jsonl": ["a.jsonl", "deep/c.jsonl", "deep/er/d.jsonl"],
    "/**/er/*.jsonl": ["deep/er/d.jsonl"],
    "/.git/x.jsonl": [".git/x.jsonl"],
    "/_*/*.jsonl": ["_tmp/y.jsonl"],
}


def test_a_path_stands_for_a_file_a_folder_or_a_glob(place: Place):
    """Hidden names are found only where the path says them."""
    sources, folder, put = place
    for name in NAMES:
        put(name, b"x")

    found = {
        path: [each.removeprefix(f"{folder}/") for each in sources.find(folder + path)]
        for path in FOUND
    }
    assert found == FOUND


def test_a_path_that_stands_for_nothing_is_told(place: Place):
    sources, folder, put = place
    put("a.jsonl", b"x")
    put("deep/c.jsonl", b"x")

    for path in ("nothing", "no*", "deep/*.csv", "empty/**", "a.jsonl/x"):
        with pytest.raises(ConfigError, match="no file is found there") as told:
            sources.find(f"{folder}/{path}")
        assert ("looked from /" in str(told.value)) is (not folder.startswith("s3://"))
    for use in (sources.open, sources.size, sources.fingerprint):
        with pytest.raises(ConfigError, match="nothing"):
            use(f"{folder}/nothing")


def test_a_store_of_ours_is_no_corpus(place: Place):
    """It lies where the first build was started, and the second would read its own rows."""
    sources, folder, put = place
    store = ("artifacts/chunks/x.jsonl", "receipts/read/k.json", "memo/answers/x.jsonl")
    data = ["a.jsonl", "corpus/artifacts/b.jsonl", "corpus/c.jsonl"]
    for name in data:
        put(name, b"x")
    for name in (*store, "datasets/tiny/v1/data.jsonl"):
        put(f"longhop-store/{name}", b"x")
        put(f"corpus/deep/{name}", b"x")

    def found(path: str) -> list[str]:
        return [each.removeprefix(f"{folder}/") for each in sources.find(f"{folder}/{path}")]

    ours = [f"longhop-store/{each}/" for each in ("artifacts", "datasets", "memo", "receipts")]
    assert found("longhop-store") == ours
    assert found("longhop-store/memo") == ["longhop-store/memo/answers/x.jsonl"]
    assert found("**/*.jsonl") == data
    assert list_files(Corpus(paths=(folder,)), sources) == [f"{folder}/{each}" for each in data]
    passed = list_passed_over(Corpus(paths=(folder,)), sources)
    assert {f"{folder}/{each}" for each in ours} < set(passed)


def test_journals_are_no_corpus(tmp_path: Path):
    """They may lie apart from their store, and hold copies of its segments."""
    for name in ("j/answers.sqlite", "j/answers/live/1", "j/answers/segments/x.jsonl", "a.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")

    for path in (f"{tmp_path}", f"{tmp_path}/**/*.jsonl"):
        assert list_files(Corpus(paths=(path,)), FileSources()) == [f"{tmp_path}/a.jsonl"]
    assert FileSources().find(f"{tmp_path}/j/*") == [
        f"{tmp_path}/j/answers.sqlite",
        f"{tmp_path}/j/answers/",
    ]


def test_what_is_there_wins_over_a_glob(place: Place):
    """Brackets are common in the names of downloads."""
    sources, folder, put = place
    for name in ("data[1].jsonl", "data1.jsonl", "set[2]/x.jsonl"):
        put(name, b"x")

    assert sources.find(f"{folder}/data[1].jsonl") == [f"{folder}/data[1].jsonl"]
    assert sources.find(f"{folder}/set[2]") == [f"{folder}/set[2]/x.jsonl"]


def test_a_file_is_read_and_its_hash_follows_its_bytes(place: Place):
    sources, folder, put = place
    put("a.bin", b"some bytes")
    name = f"{folder}/a.bin"
    before = sources.fingerprint(name)

    with sources.open(name) as file:
        assert (file.read(4), file.seek(-5, io.SEEK_END), file.read()) == (b"some", 5, b"bytes")
    assert sources.size(name) == 10
    assert sources.fingerprint(name) == before

    put("a.bin", b"same bytes")
    assert sources.fingerprint(name) != before


def test_a_corpus_is_read_where_it_lies(place: Place):
    """A zip archive needs seeking, which a bucket's file must give too."""
    sources, folder, put = place
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.jsonl", '{"text": "in the archive"}\n')
    put("a.zip", packed.getvalue())
    put("b.jsonl", b'{"text": "plain"}\n')
    corpus = Corpus(paths=(f"{folder}/",))

    assert list_files(corpus, sources) == [f"{folder}/a.zip", f"{folder}/b.jsonl"]
    assert [each.found.text for each in read_documents(corpus, sources)] == [
        "in the archive",
        "plain",
    ]


def test_a_local_hash_is_that_of_the_content(tmp_path: Path):
    """So that anybody can check a manifest with `sha256sum`."""
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)

    wanted = hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert FileSources().fingerprint(str(tmp_path / "a")) == wanted


def test_names_stay_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A manifest with somebody's home folder in it helps nobody else."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.jsonl").touch()
    monkeypatch.chdir(tmp_path)

    for path in ("data", "data/", "data/*", "*/a.jsonl", "**/*.jsonl", "."):
        assert FileSources().find(path) == ["data/a.jsonl"], path
    assert FileSources().find("./data") == ["./data/a.jsonl"]


def test_links_in_a_circle_end(tmp_path: Path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/x.txt").touch()
    for n in range(4):
        (tmp_path / f"a/b/up{n}").symlink_to(tmp_path / "a")
        (tmp_path / f"a/on{n}").symlink_to(tmp_path / "a/b")
    (tmp_path / "a/self").symlink_to("self")
    (tmp_path / "a/nowhere.txt").symlink_to("gone")
    sources = FileSources()

    assert len(sources.find(str(tmp_path))) == 1
    assert len(sources.find(f"{tmp_path}/**/*.txt")) == 1
    with pytest.raises(ConfigError):
        sources.find(f"{tmp_path}/a/self")


def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path):
    """Opening a pipe that nobody writes to never ends."""
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "a.jsonl").touch()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s.jsonl"))
    sources = FileSources()

    assert sources.find(str(tmp_path)) == [f"{tmp_path}/a.jsonl"]
    assert sources.find(f"{tmp_path}/*.jsonl") == [f"{tmp_path}/a.jsonl"]
    for name in (f"{tmp_path}/pipe.jsonl", f"{tmp_path}/s.jsonl", "/dev/zero"):
        with pytest.raises(ConfigError, match="a pipe, a socket or a device"):
            sources.find(name)
        with pytest.raises(ConfigError, match="a pipe, a socket or a device"):
            sources.open(name)
    listener.close()


@pytest.mark.parametrize("path", ["a\x00b", "x" * 5000, "http://host/a.jsonl", "", "~nobody/x"])
def test_a_path_that_cannot_be_is_told(path: str):
    with pytest.raises(ConfigError):
        FileSources().find(path)


def test_a_bucket_that_is_not_there_is_told(bucket_server: str):
    with pytest.raises(ConfigError):
        FileSources(endpoint_url=bucket_server).find("s3://no-such-bucket-at-all/x")


def test_a_bucket_that_cannot_be_reached_is_a_matter_of_time():
    """The client itself tries for a quarter of a minute, so only what it says then is tested."""
    with pytest.raises(TransientError, match="s3://b/x: cannot be reached"), told("s3://b/x"):
        raise ConnectionRefusedError("no")


def test_a_bucket_without_a_key_is_told(bucket_server: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    with pytest.raises(StorageError, match="AWS_ACCESS_KEY_ID"):
        FileSources(endpoint_url=bucket_server).find("s3://bucket/x.jsonl")
