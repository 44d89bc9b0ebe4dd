"""Small segments become few, and nobody misses an entry meanwhile."""

from pathlib import Path

import pytest

from longhop.errors import StorageError, TransientError
from longhop.storage.files import Files, LocalFiles
from longhop.storage.memo import Memo, compacting
from longhop.storage.memo import memo as memo_module


class KilledFiles:
    """Files whose process dies at the n-th change of the store: before it, or right after."""

    def __init__(self, files: Files, *, at: int, after: bool) -> None:
        self.files = files
        self.left = at
        self.after = after

    def __getattr__(self, name: str):
        made = getattr(self.files, name)
        if name not in {"write", "delete"}:
            return made

        def change(*arguments):
            self.left -= 1
            if self.left < 0 and not self.after:
                raise TransientError("killed")
            made(*arguments)
            if self.left < 0:
                raise TransientError("killed")

        return change


@pytest.fixture(autouse=True)
def small_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo_module, "LISTED_SECONDS", 0.0)
    monkeypatch.setattr(compacting, "SMALL_SEGMENTS", 4)


def fill(memo: Memo, keys: str, value: object = None) -> None:
    """A segment a key."""
    for key in keys:
        memo.put(key, value or key)
        memo.flush()


def test_many_small_segments_are_merged_at_a_close(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    fill(memo, "abcdef")
    assert len(files.list("memo/answers")) == 6
    memo.close()

    assert len(files.list("memo/answers")) == 1
    for journals in ("journals", "elsewhere"):
        memo = Memo(files, "answers", tmp_path / journals)
        assert memo.get_many("abcdefg") == {key: key for key in "abcdef"}


def test_few_segments_and_large_ones_are_left_alone(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(compacting, "SMALL", 40)
    memo = Memo(files, "answers", tmp_path / "journals")
    fill(memo, "abcd")
    fill(memo, "efg", "x" * 40)
    before = files.list("memo/answers")
    memo.close()

    assert files.list("memo/answers") == before


def test_a_merged_segment_has_a_size_of_its_own(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(compacting, "LARGE", 60)
    memo = Memo(files, "answers", tmp_path / "journals")
    fill(memo, "abcdef")
    memo.close()

    assert len(files.list("memo/answers")) == 3
    assert all(len(files.read(path)) <= 60 for path in files.list("memo/answers"))


def test_a_reader_on_another_machine_finds_the_entry_in_the_merged_segment(
    files: Files, tmp_path: Path
):
    here = Memo(files, "answers", tmp_path / "here")
    fill(here, "abcdef")
    there = Memo(files, "answers", tmp_path / "there")
    same = Memo(files, "answers", tmp_path / "here")
    assert there.get("a") == "a"
    here.close()

    assert [there.get(key) for key in "abcdef"] == list("abcdef")
    assert [same.get(key) for key in "abcdef"] == list("abcdef")
    assert there.get_many("abcdef") == {key: key for key in "abcdef"}


def test_of_a_key_that_lies_twice_the_value_that_holds_is_kept(files: Files, tmp_path: Path):
    memos = [Memo(files, "answers", tmp_path / name) for name in ("one", "other")]
    for number, memo in enumerate(memos):
        memo.put("k", number)
    for memo in memos:
        memo.flush()
    before = Memo(files, "answers", tmp_path / "reader").get("k")
    assert memos[0].get("a") is None  # and so the other's segment is known
    fill(memos[0], "abcdef")
    for memo in memos:
        memo.close()

    assert len(files.list("memo/answers")) == 1
    assert Memo(files, "answers", tmp_path / "late").get("k") == before


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(5))
def test_killed_at_any_point_it_leaves_every_entry(tmp_path: Path, at: int, after: bool):
    """Another machine, which sees the store alone, and the same one, which has the index too."""
    files = LocalFiles(tmp_path / "store")
    memo = Memo(files, "answers", tmp_path / "journals")
    fill(memo, "abcdef")
    compacting_memo = Memo(KilledFiles(files, at=at, after=after), "answers", tmp_path / "journals")
    with pytest.raises(TransientError):
        compacting_memo.compact()

    for journals in ("journals", "elsewhere"):
        late = Memo(files, "answers", tmp_path / journals)
        assert late.get_many("abcdef") == {key: key for key in "abcdef"}
        late.close()
    assert [memo.get(key) for key in "abcdef"] == list("abcdef")


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_it_flushes_it_loses_nothing(tmp_path: Path, after: bool):
    """The segment is written, or not, and the journal's rows are still there."""
    files = LocalFiles(tmp_path / "store")
    memo = Memo(KilledFiles(files, at=0, after=after), "answers", tmp_path / "journals")
    memo.put_many({"a": 1, "b": 2})
    with pytest.raises(TransientError):
        memo.flush()

    late = Memo(files, "answers", tmp_path / "journals")
    assert late.get_many("ab") == {"a": 1, "b": 2}
    late.close()
    assert len(files.list("memo/answers")) == 1
    assert Memo(files, "answers", tmp_path / "elsewhere").get_many("ab") == {"a": 1, "b": 2}


def test_a_compaction_that_fails_fails_no_close(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """A bucket may let us write and not delete; the build is done all the same."""
    files = LocalFiles(tmp_path / "store")
    memo = Memo(KilledFiles(files, at=7, after=False), "answers", tmp_path / "journals")
    fill(memo, "abcdef")
    memo.close()

    assert "many small segments" in caplog.text
    assert Memo(files, "answers", tmp_path / "journals").get("a") == "a"


def test_a_damaged_segment_is_not_merged(tmp_path: Path):
    files = LocalFiles(tmp_path / "store")
    memo = Memo(files, "answers", tmp_path / "journals")
    fill(memo, "abcdef")
    damaged = next(path for path in files.list("memo/answers") if b'"a"' in files.read(path))
    files.write(damaged, files.read(damaged).replace(b'"a"', b'"z"'))
    memo.close()

    assert len(files.list("memo/answers")) == 2
    assert damaged in files.list("memo/answers")
    memo = Memo(files, "answers", tmp_path / "journals")
    assert memo.get("f") == "f"
    with pytest.raises(StorageError, match=damaged):
        memo.get("a")


def test_a_segment_deleted_on_purpose_is_not_brought_back(bucket: Files, tmp_path: Path):
    """Its copy lies in the mirror still."""
    memo = Memo(bucket, "answers", tmp_path / "journals")
    fill(memo, "abcdefg")
    bucket.delete(next(path for path in bucket.list("memo/answers") if b'"a"' in bucket.read(path)))
    memo.close()

    assert len(bucket.list("memo/answers")) == 1
    assert Memo(bucket, "answers", tmp_path / "journals").get("a") is None
