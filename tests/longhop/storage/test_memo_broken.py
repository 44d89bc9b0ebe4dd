"""A broken, full, locked or foreign SQLite file: told in one line, and no entry is lost."""

import sqlite3
from pathlib import Path

import pytest

from longhop.errors import StorageError, TransientError
from longhop.storage.files import Files, LocalFiles
from longhop.storage.memo import Memo, database, flushing
from longhop.storage.memo import memo as memo_module


@pytest.fixture(autouse=True)
def listed_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo_module, "LISTED_SECONDS", 0.0)


def opened(folder: Path) -> Memo:
    return Memo(LocalFiles(folder / "store"), "answers", folder / "journals")


def left_behind(folder: Path, *, fresh: int, flushed: int = 300) -> Path:
    """The SQLite file of a process that was killed; all of its pages are in the file itself."""
    memo = opened(folder)
    memo._flusher.stop()
    memo.put_many({f"k{n}": [n] * 20 for n in range(flushed)})
    memo.flush()
    memo.put_many({f"f{n}": [n] * 200 for n in range(fresh)})
    memo._segments.close()
    memo._claims._file.close()
    memo._database.close()
    return memo._database.path


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]


def asides(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "journals").glob("*.broken-?"))


def test_a_file_that_is_no_database_is_set_aside_and_built_anew(
    files: Files, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    path = tmp_path / "journals" / "answers.sqlite"
    memo = Memo(files, "answers", path.parent)
    memo.put_many({f"k{n}": n for n in range(300)})
    memo.close()
    path.write_bytes(b"not a database" * 1000)

    memo = Memo(files, "answers", path.parent)
    assert memo.get_many(["k0", "k299"]) == {"k0": 0, "k299": 299}
    memo.close()
    path.write_bytes(b"not a database" * 1000)
    assert Memo(files, "answers", path.parent).get("k7") == 7
    assert asides(tmp_path) == ["answers.sqlite.broken-0", "answers.sqlite.broken-1"]
    (told, _) = warnings(caplog)
    assert "not a database" in told
    assert "answers.sqlite.broken-0" in told


def test_what_was_fresh_is_saved_from_a_broken_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """A page in the middle is gone; what lies before and after it is read."""
    path = left_behind(tmp_path, fresh=150)
    data = bytearray(path.read_bytes())
    page = data.index(b'{"key":"f75"') // 4096 * 4096
    data[page : page + 4096] = bytes(4096)
    path.write_bytes(data)

    memo = opened(tmp_path)
    memo.flush()
    found = memo.get_many([f"f{n}" for n in range(150)])
    known = memo.get_many([f"k{n}" for n in range(300)])

    assert asides(tmp_path) == ["answers.sqlite.broken-0"]
    assert "malformed" in caplog.text
    assert len(known) == 300
    assert 130 <= len(found) < 150
    assert all(found[key] == [int(key[1:])] * 200 for key in found)
    assert {"f0", "f149"} <= found.keys()


def test_a_file_that_breaks_in_use_is_replaced_under_two_memos(tmp_path: Path):
    """Both go on with the new file; what is put meanwhile by the one is seen by the other."""
    first, second = opened(tmp_path), opened(tmp_path)
    first.put("a", 1)
    second.flush()
    first.put("b", 2)
    first._database.set_aside("a test breaks it")

    second.put("c", 3)
    assert first.get_many("abc") == second.get_many("abc") == {"a": 1, "b": 2, "c": 3}
    assert asides(tmp_path) == ["answers.sqlite.broken-0"]
    first.close()
    second.close()
    assert opened(tmp_path).get_many("abc") == {"a": 1, "b": 2, "c": 3}


def test_a_new_index_is_filled_before_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """However short ago the store was listed: else what is known would be asked again."""
    memo = opened(tmp_path)
    memo.put("k", 1)
    memo.flush()
    monkeypatch.setattr(memo_module, "LISTED_SECONDS", 60.0)
    memo.get("not there")
    memo._database.set_aside("a test breaks it")

    assert memo.get("k") == 1


def test_a_put_is_made_again_if_the_file_is_set_aside_before_its_commit(tmp_path: Path):
    """It would be in a file that nobody reads any more, and yet acknowledged."""
    first, second = opened(tmp_path), opened(tmp_path)

    class Rows:
        def __iter__(self):
            if not asides(tmp_path):
                second._database.set_aside("a test breaks it")
            yield b"k", b'{"key":"k","value":1}'

    first._index.put(Rows())

    assert first.get("k") == second.get("k") == 1


def test_a_wrong_place_in_the_index_is_found_out(tmp_path: Path):
    """The segment is whole, so it is the index that lies, and it is built anew."""
    memo = opened(tmp_path)
    memo.put_many({"a": "first", "b": "second"})
    memo.flush()
    connection = sqlite3.connect(memo._database.path)
    connection.execute("UPDATE entries SET start = start + 1")
    connection.commit()
    connection.close()

    assert memo.get_many("ab") == {"a": "first", "b": "second"}
    assert asides(tmp_path) == ["answers.sqlite.broken-0"]


def test_tables_of_another_release_are_set_aside(tmp_path: Path):
    path = left_behind(tmp_path, fresh=3)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 7")
    connection.close()

    assert len(opened(tmp_path).get_many(["k1", "f1", "f2"])) == 3
    assert asides(tmp_path) == ["answers.sqlite.broken-0"]


def test_a_full_disk_is_one_message(tmp_path: Path):
    memo = opened(tmp_path)
    memo._database._connection.execute("PRAGMA max_page_count = 20")

    with pytest.raises(StorageError, match=r"full.*LONGHOP_JOURNALS"):
        memo.put_many({f"k{n}": "x" * 4000 for n in range(100)})
    assert memo.get("k0") is None
    memo.put("k0", "small")
    assert memo.get("k0") == "small"


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path: Path):
    memo = opened(tmp_path)
    memo._database._connection.execute("PRAGMA query_only = 1")

    with pytest.raises(StorageError, match=r"readonly.*LONGHOP_JOURNALS"):
        memo.put("k", 1)
    assert asides(tmp_path) == []


def test_a_file_locked_for_long_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    memo = opened(tmp_path)
    other = sqlite3.connect(memo._database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert memo.get("k") is None
    with pytest.raises(StorageError, match=r"locked.*LONGHOP_JOURNALS"):
        memo.put("k", 1)
    other.close()
    memo.put("k", 1)


@pytest.mark.parametrize("name", ["journals", "journals/answers", "journals/answers.sqlite"])
def test_journals_that_cannot_be_kept_are_one_message(tmp_path: Path, name: str):
    in_the_way = tmp_path / name
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    if in_the_way.suffix:
        in_the_way.mkdir()
    else:
        in_the_way.write_text("")

    with pytest.raises(StorageError, match="LONGHOP_JOURNALS"):
        opened(tmp_path)


class Refusing:
    """Files that cannot be written for a while."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.error: Exception | None = None

    def __getattr__(self, name: str):
        if name == "write" and self.error is not None:
            raise self.error
        return getattr(self.files, name)


def settled(memo: Memo) -> None:
    while memo._flusher._thread is not None:
        memo._flusher._thread.join(0.02)


def test_a_store_that_refuses_is_told_by_the_next_put_and_forgotten_once_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The entry is in the journal all the same: nothing is paid twice for a full store."""
    monkeypatch.setattr(flushing, "SECONDS", 0.02)
    files = Refusing(LocalFiles(tmp_path / "store"))
    memo = Memo(files, "answers", tmp_path / "journals")
    files.error = StorageError("store: No space left on device")
    memo.put("a", 1)
    while memo._flusher._failure is None:
        pass
    with pytest.raises(StorageError, match=r"No space left.*kept in the journal"):
        memo.put("b", 2)
    files.error = None
    settled(memo)
    memo.put("c", 3)

    assert memo.get_many("abc") == {"a": 1, "b": 2, "c": 3}
    memo.close()


def test_a_store_that_cannot_be_reached_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(flushing, "SECONDS", 0.02)
    files = Refusing(LocalFiles(tmp_path / "store"))
    memo = Memo(files, "answers", tmp_path / "journals")
    files.error = TransientError("store: cannot be reached")
    memo.put("a", 1)
    while not warnings(caplog):
        pass
    memo.put("b", 2)
    with pytest.raises(TransientError):
        memo.flush()
    files.error = None
    settled(memo)

    assert warnings(caplog) == [
        "store: cannot be reached; entries stay in the journal until it can"
    ]
    assert files.list("memo/answers")
    memo.close()


def test_a_close_that_cannot_flush_lets_go_and_leaves_the_journal(tmp_path: Path):
    files = Refusing(LocalFiles(tmp_path / "store"))
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("a", 1)
    files.error = StorageError("refused")
    with pytest.raises(StorageError, match="refused"):
        memo.close()
    memo.close()

    assert list((tmp_path / "journals" / "answers" / "live").iterdir()) == []
    assert opened(tmp_path).get("a") == 1
