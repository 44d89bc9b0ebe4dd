"""Nothing is paid twice: what the memo was given, it has; what it reads is what was put."""

import fcntl
import hashlib
import threading
import time
from pathlib import Path

import pytest

from longhop.errors import StorageError, TransientError
from longhop.storage.files import Files, LocalFiles
from longhop.storage.memo import Memo, flushing
from longhop.storage.memo import memo as memo_module


class FaultyFiles:
    """Files that raise what they are told to, by the name of what is asked of them."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.faults: dict[str, Exception] = {}

    def __getattr__(self, name: str) -> object:
        if name in self.faults:
            raise self.faults[name]
        return getattr(self.files, name)


@pytest.fixture(autouse=True)
def listed_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A miss lists the store at once, so that no test waits."""
    monkeypatch.setattr(memo_module, "LISTED_SECONDS", 0.0)


def wait_for(condition) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def flush_threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name == "memo-flush"}


def test_what_is_put_is_there_after_a_close(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", {"text": "Orlin 云川"})
    memo.close()

    assert Memo(files, "answers", tmp_path / "journals").get("k") == {"text": "Orlin 云川"}
    assert Memo(files, "answers", tmp_path / "elsewhere").get("k") == {"text": "Orlin 云川"}


def test_many_are_put_and_found_at_once(files: Files, tmp_path: Path):
    memo = Memo(files, "vectors", tmp_path / "journals")
    memo.put("k7", "first")
    memo.put_many({f"k{n}": n for n in range(1200)})
    memo.flush()
    memo.put("fresh", None)

    found = memo.get_many([f"k{n}" for n in range(1300)] + ["fresh", "k1"])

    assert found == {f"k{n}": n for n in range(1200)} | {"k7": "first", "fresh": None}
    assert "k1199" in memo
    assert "fresh" in memo
    assert "k1200" not in memo
    memo.close()


def test_none_of_several_is_kept_if_one_cannot_be(tmp_path: Path):
    memo = Memo(LocalFiles(tmp_path / "store"), "answers", tmp_path / "journals")
    with pytest.raises(TypeError):
        memo.put_many({"a": 1, "b": object()})

    assert memo.get("a") is None


def test_the_first_value_of_a_key_stays(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", "first")
    memo.put("k", "second")
    memo.flush()
    memo.put("k", "third")
    memo.close()

    assert Memo(files, "answers", tmp_path / "journals").get("k") == "first"
    assert len(files.list("memo/answers")) == 1


def test_two_memos_of_one_process_see_each_other(files: Files, tmp_path: Path):
    first = Memo(files, "answers", tmp_path / "journals")
    second = Memo(files, "answers", tmp_path / "journals")
    first.put("a", 1)
    second.put("b", 2)

    assert (second.get("a"), first.get("b")) == (1, 2)
    first.close()
    assert (second.get("a"), second.get("b")) == (1, 2)
    second.close()


def test_another_machines_entries_are_seen_by_listing_the_store(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    here = Memo(files, "answers", tmp_path / "here")
    there = Memo(files, "answers", tmp_path / "there")
    there.put("k", 1)
    there.flush()
    monkeypatch.setattr(memo_module, "LISTED_SECONDS", 60.0)

    assert here.get("k") is None
    monkeypatch.setattr(memo_module, "LISTED_SECONDS", 0.0)
    assert here.get("k") == 1
    assert here.get_many(["k"]) == {"k": 1}


def test_a_store_that_cannot_be_listed_is_told_on_a_miss_alone(tmp_path: Path):
    files = FaultyFiles(LocalFiles(tmp_path / "store"))
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", 1)
    memo.flush()
    files.faults["list"] = TransientError("store: cannot be reached")

    assert memo.get("k") == 1
    with pytest.raises(TransientError):
        memo.get("other")


def test_two_segments_with_one_key_agree_whatever_their_order(files: Files, tmp_path: Path):
    """Two machines at once may both have asked: every later reader takes the same answer."""
    memos = [Memo(files, "answers", tmp_path / name) for name in ("one", "other", "third")]
    for number, memo in enumerate(memos):
        memo.put("k", number)
    for memo in memos:
        memo.flush()
    here = memos[0].get("k"), memos[0].get("not there"), memos[0].get("k")
    late = [Memo(files, "answers", tmp_path / f"reader{n}").get("k") for n in range(2)]
    for memo in memos:
        memo.get("not there")

    assert len(files.list("memo/answers")) == 3
    assert {here[2], *late, *(memo.get("k") for memo in memos)} == {late[0]}


def test_a_quiet_stretch_is_flushed_too(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """While requests are slow nothing else is put, and a machine may be lost all the same."""
    monkeypatch.setattr(flushing, "SECONDS", 0.05)
    before = flush_threads()
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", 1)

    wait_for(lambda: files.list("memo/answers"))
    wait_for(lambda: flush_threads() <= before)
    memo.put("l", 2)
    wait_for(lambda: len(files.list("memo/answers")) == 2)
    elsewhere = Memo(files, "answers", tmp_path / "another machine")

    assert elsewhere.get_many(["k", "l"]) == {"k": 1, "l": 2}
    elsewhere.close()
    memo.close()


def test_many_answers_are_packed_into_few_segments(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    for number in range(450):
        memo.put(f"k{number}", number)
    memo.close()

    assert 1 <= len(files.list("memo/answers")) <= 3


def test_a_closed_memo_leaves_nothing_fresh_no_thread_and_no_claim(files: Files, tmp_path: Path):
    before = flush_threads()
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", 1)
    memo.claim("l", "me")
    memo.close()
    memo.close()

    assert flush_threads() <= before
    assert list((tmp_path / "journals" / "answers" / "live").iterdir()) == []
    with pytest.raises(StorageError, match="closed"):
        memo.get("k")


def test_the_index_may_be_deleted_once_nothing_is_fresh(files: Files, tmp_path: Path):
    journals = tmp_path / "journals"
    memo = Memo(files, "answers", journals)
    memo.put("k", 1)
    memo.flush()
    for path in journals.glob("answers.sqlite*"):
        path.unlink()
    memo.put("l", 2)

    assert (memo.get("k"), memo.get("l")) == (1, 2)
    memo.close()
    assert Memo(files, "answers", journals).get_many(["k", "l"]) == {"k": 1, "l": 2}


def test_a_known_index_reads_no_segment_again(tmp_path: Path):
    files = FaultyFiles(LocalFiles(tmp_path / "store"))
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", 1)
    memo.close()
    files.faults["read"] = StorageError("read")

    assert Memo(files, "answers", tmp_path / "journals").get("k") == 1


def test_a_segment_deleted_on_purpose_is_noticed_when_a_memo_is_opened(
    files: Files, tmp_path: Path
):
    memo = Memo(files, "answers", tmp_path / "journals")
    for key in ("a", "b"):
        memo.put(key, key)
        memo.flush()
    memo.close()
    gone = next(path for path in files.list("memo/answers") if b'"a"' in files.read(path))
    files.delete(gone)
    memo = Memo(files, "answers", tmp_path / "journals")

    assert memo.get_many(["a", "b"]) == {"b": "b"}
    memo.put("a", "again")
    memo.close()
    assert Memo(files, "answers", tmp_path / "journals").get("a") == "again"


def test_a_segment_that_goes_while_it_is_in_use_is_named(tmp_path: Path):
    files = LocalFiles(tmp_path / "store")
    writer = Memo(files, "answers", tmp_path / "journals")
    writer.put("k", 1)
    writer.close()
    memo = Memo(files, "answers", tmp_path / "journals")
    (path,) = files.list("memo/answers")
    files.delete(path)

    for _ in range(2):
        with pytest.raises(StorageError, match=f"{path}.*build again"):
            memo.get("k")
    memo.close()
    assert Memo(files, "answers", tmp_path / "journals").get("k") is None


def test_of_two_segments_with_one_key_the_one_that_stays_is_read(tmp_path: Path):
    files = LocalFiles(tmp_path / "store")
    memos = [Memo(files, "answers", tmp_path / name) for name in ("one", "other")]
    for number, memo in enumerate(memos):
        memo.put("k", number)
    for memo in memos:
        memo.flush()
    reader = Memo(files, "answers", tmp_path / "reader")
    held = Memo(files, "answers", tmp_path / "another").get("k")
    for path in files.list("memo/answers"):
        if files.read(path) == b'{"key":"k","value":%d}\n' % held:
            files.delete(path)

    assert reader.get("k") == 1 - held


def test_a_damaged_segment_is_named_and_never_read(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", "Orlin")
    memo.close()
    (path,) = files.list("memo/answers")
    files.write(path, files.read(path).replace(b"Orlin", b"Tasby"))

    with pytest.raises(StorageError, match="memo/answers"):
        Memo(files, "answers", tmp_path / "elsewhere")
    memo = Memo(files, "answers", tmp_path / "journals")
    if isinstance(files, LocalFiles):
        with pytest.raises(StorageError, match=f"{path}.*asked for again"):
            memo.get("k")
    else:
        assert memo.get("k") == "Orlin"  # from the mirror's copy, which is whole


@pytest.mark.parametrize("damage", [b"", b'{"key":"k","value":"Tasby"}\n'])
def test_a_damaged_copy_in_the_mirror_is_fetched_again(bucket: Files, tmp_path: Path, damage):
    memo = Memo(bucket, "answers", tmp_path / "journals")
    memo.put("k", "Orlin")
    memo.close()
    (copy,) = (tmp_path / "journals" / "answers" / "segments").iterdir()
    copy.write_bytes(damage)

    assert Memo(bucket, "answers", tmp_path / "journals").get("k") == "Orlin"


def test_a_mirror_keeps_no_copy_of_what_has_gone(bucket: Files, tmp_path: Path):
    memo = Memo(bucket, "answers", tmp_path / "journals")
    memo.put("k", "Orlin")
    memo.close()
    bucket.delete(bucket.list("memo/answers")[0])

    assert Memo(bucket, "answers", tmp_path / "journals").get("k") is None
    assert list((tmp_path / "journals" / "answers" / "segments").iterdir()) == []


def test_other_files_among_the_segments_are_passed_over(tmp_path: Path):
    files = LocalFiles(tmp_path / "store")
    files.write("memo/answers/.DS_Store", b"?")
    files.write("memo/answers/notes.jsonl", b"?")

    assert Memo(files, "answers", tmp_path / "journals").get("k") is None


def test_a_store_of_an_earlier_release_stays_readable(files: Files, tmp_path: Path):
    line = '{"key":"1f","value":{"text":"云川","usage":null}}\n'.encode()
    name = "197a83d44f2b7034c976501226f66fc106c23dfcc86cb68ef29517050b792130"
    files.write(f"memo/answers/{name}.jsonl", line)

    memo = Memo(files, "answers", tmp_path / "journals")

    assert memo.get("1f") == {"text": "云川", "usage": None}


def test_a_journal_of_an_earlier_release_is_adopted_once(files: Files, tmp_path: Path):
    journals = tmp_path / "journals" / "answers"
    journals.mkdir(parents=True)
    (journals / "left.jsonl").write_bytes(
        b'{"key":"a"}\n[1]\n{"key":"b","value":"\xed\xa0\xbd"}\n{"key":"c","value":1}\n{"key":"d","v'
    )
    memo = Memo(files, "answers", tmp_path / "journals")

    assert memo.get_many(list("abcd")) == {"b": "\ud83d", "c": 1}
    assert not list(journals.glob("*.jsonl"))
    memo.close()
    assert Memo(files, "answers", tmp_path / "elsewhere").get("b") == "\ud83d"


def test_a_journal_that_a_process_of_an_earlier_release_writes_is_left_alone(tmp_path: Path):
    journal = tmp_path / "journals" / "answers" / "living.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_bytes(b'{"key":"a","value":1}\n')
    with journal.open("ab") as living:
        fcntl.flock(living, fcntl.LOCK_EX)
        memo = Memo(LocalFiles(tmp_path / "store"), "answers", tmp_path / "journals")

        assert memo.get("a") is None
        assert journal.exists()


def test_a_large_flush_makes_several_segments(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(flushing, "_BYTES", 1000)
    memo = Memo(files, "answers", tmp_path / "journals")
    values = {f"k{number}": "x" * 90 for number in range(30)}
    memo.put_many(values)
    memo.close()

    assert len(files.list("memo/answers")) == 4
    assert Memo(files, "answers", tmp_path / "elsewhere").get_many(list(values)) == values


def test_whatever_json_can_say_comes_back(tmp_path: Path):
    memo = Memo(LocalFiles(tmp_path / "store"), "answers", tmp_path / "journals")
    values = {"\udc80": "\ud83d", "": [], "k\n": {"a\n": None}, "云": 1e300, "n": None}
    memo.put_many(values)
    memo.flush()

    assert memo.get_many(list(values)) == values
    memo.close()


def test_threads_share_a_memo(tmp_path: Path):
    memo = Memo(LocalFiles(tmp_path / "store"), "answers", tmp_path / "journals")
    wrong: list[object] = []

    def work(me: int) -> None:
        for number in range(150):
            memo.put(f"{me}-{number}", [me, number])
            if memo.get(f"{me}-{number // 2}") != [me, number // 2]:
                wrong.append((me, number))

    threads = [threading.Thread(target=work, args=(me,)) for me in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    memo.close()

    assert wrong == []
    again = Memo(LocalFiles(tmp_path / "store"), "answers", tmp_path / "journals")
    asked = [f"{me}-{number}" for me in range(4) for number in range(150)]
    assert len(again.get_many(asked)) == 600


def test_segments_are_lines_sorted_by_key_and_named_by_their_hash(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put_many({"b": 1, "a": "云", "c": [2]})
    memo.close()
    (path,) = files.list("memo/answers")
    data = files.read(path)

    assert path == f"memo/answers/{hashlib.sha256(data).hexdigest()}.jsonl"
    assert data.decode() == (
        '{"key":"a","value":"云"}\n{"key":"b","value":1}\n{"key":"c","value":[2]}\n'
    )
