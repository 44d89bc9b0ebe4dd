"""Entries leave the memo for good."""

from pathlib import Path

import pytest

from longhop.errors import StorageError
from longhop.storage.files import Files, LocalFiles
from longhop.storage.memo import Memo

SECRET = "the mill at Varn was built by Ole Brandt"


def bytes_below(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())


def test_an_erased_entry_is_in_no_file_of_store_or_journal(tmp_path: Path):
    """Neither in a segment, nor on a free page of the database or in its log."""
    files = LocalFiles(tmp_path / "store")
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put_many({f"k{n}": f"answer {n}" for n in range(50)})
    memo.put("doomed", SECRET)
    memo.flush()
    memo.put("fresh", f"{SECRET} as well")
    memo.put("k50", "answer 50")
    assert SECRET.encode() in bytes_below(tmp_path)
    erased = memo.erase(lambda key, line: key == "fresh" or SECRET.encode() in line)

    assert erased == 2
    assert memo.get("doomed") is None and memo.get("fresh") is None
    assert [memo.get(f"k{n}") for n in range(51)] == [f"answer {n}" for n in range(51)]
    assert SECRET.encode() not in bytes_below(tmp_path)
    memo.close()
    again = Memo(files, "answers", tmp_path / "other")
    assert again.get("doomed") is None and again.get("k7") == "answer 7"
    again.close()


def test_of_a_bucket_the_mirror_forgets_it_too(tmp_path: Path, bucket: Files):
    memo = Memo(bucket, "answers", tmp_path)
    memo.put_many({"doomed": SECRET, "kept": "1640"})
    memo.flush()
    assert SECRET.encode() in bytes_below(tmp_path)
    memo.erase(lambda key, _: key == "doomed")

    assert memo.get("kept") == "1640" and memo.get("doomed") is None
    assert SECRET.encode() not in bytes_below(tmp_path)
    assert all(SECRET.encode() not in bucket.read(path) for path in bucket.list("memo"))
    memo.close()


def test_killed_between_segments_nothing_else_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    files = LocalFiles(tmp_path / "store")
    memo = Memo(files, "answers", tmp_path / "journals")
    for part in range(3):
        memo.put_many({f"doomed{part}": SECRET, f"kept{part}": f"{part}"})
        memo.flush()

    class Killed(BaseException):
        pass

    def cut(self: LocalFiles, path: str) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(LocalFiles, "delete", cut)
        with pytest.raises(Killed):
            memo.erase(lambda key, _: key.startswith("doomed"))
    assert [memo.get(f"kept{part}") for part in range(3)] == ["0", "1", "2"]
    memo.erase(lambda key, _: key.startswith("doomed"))

    assert [memo.get(f"kept{part}") for part in range(3)] == ["0", "1", "2"]
    assert SECRET.encode() not in bytes_below(tmp_path)
    memo.close()


def test_what_another_process_has_open_is_not_erased(tmp_path: Path):
    files = LocalFiles(tmp_path / "store")
    memo = Memo(files, "answers", tmp_path / "journals")
    other = Memo(files, "answers", tmp_path / "journals")
    with pytest.raises(StorageError, match="1 other processes"):
        memo.erase(lambda *_: True)
    other.close()
    assert memo.erase(lambda *_: True) == 0
    memo.close()
