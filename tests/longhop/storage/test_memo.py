"""Nothing is paid twice: what the memo was given, it has, whatever happens to the process."""

import subprocess
import sys
from pathlib import Path

import pytest

from longhop.errors import StorageError
from longhop.storage.files import Files, LocalFiles
from longhop.storage.memo import Memo


def test_what_is_put_is_there_after_a_close(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", {"text": "Orlin 云川"})
    memo.close()

    assert Memo(files, "answers", tmp_path / "journals").get("k") == {"text": "Orlin 云川"}


def test_what_was_never_flushed_survives_a_kill(tmp_path: Path):
    """The process is killed outright: nothing is closed, nothing is flushed."""
    script = (
        "import os, signal, sys; from pathlib import Path;"
        "from longhop.storage.files import LocalFiles; from longhop.storage.memo import Memo;"
        "memo = Memo(LocalFiles(Path(sys.argv[1])), 'answers', Path(sys.argv[2]));"
        "[memo.put(f'k{n}', n) for n in range(50)]; os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "store"), str(tmp_path / "journals")],
        check=False,
    )
    assert done.returncode == -9

    memo = Memo(LocalFiles(tmp_path / "store"), "answers", tmp_path / "journals")

    assert [memo.get(f"k{n}") for n in range(50)] == list(range(50))


def test_a_torn_line_costs_only_itself(files: Files, tmp_path: Path):
    journals = tmp_path / "journals" / "answers"
    journals.mkdir(parents=True)
    (journals / "left.jsonl").write_bytes(b'{"key":"a","value":1}\n{"key":"b","va')

    memo = Memo(files, "answers", tmp_path / "journals")

    assert memo.get("a") == 1
    assert memo.get("b") is None


def test_a_damaged_segment_is_named_and_never_read(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", "Orlin")
    memo.close()
    (path,) = files.list("memo/answers")
    files.write(path, files.read(path).replace(b"Orlin", b"Tasby"))

    with pytest.raises(StorageError, match="memo/answers"):
        Memo(files, "answers", tmp_path / "journals")


def test_an_entry_without_a_value_is_none(files: Files, tmp_path: Path):
    journals = tmp_path / "journals" / "answers"
    journals.mkdir(parents=True)
    (journals / "left.jsonl").write_bytes(b'{"key":"a"}\n[1]\n{"key":"b","value":"\xed\xa0\xbd"}\n')
    memo = Memo(files, "answers", tmp_path / "journals")

    assert memo.get("a") is None
    assert memo.get("b") == "\ud83d"


def test_journals_that_cannot_be_kept_are_one_message(files: Files, tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="LONGHOP_JOURNALS"):
        Memo(files, "answers", tmp_path / "file")


def test_the_journal_of_a_living_process_is_left_alone(files: Files, tmp_path: Path):
    first = Memo(files, "answers", tmp_path / "journals")
    first.put("k", 1)

    second = Memo(files, "answers", tmp_path / "journals")

    assert second.get("k") is None
    first.close()
    assert Memo(files, "answers", tmp_path / "journals").get("k") == 1


def test_the_first_value_of_a_key_stays(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", "first")
    memo.put("k", "second")

    assert memo.get("k") == "first"


def test_two_segments_with_one_key_agree_whatever_their_order(files: Files, tmp_path: Path):
    """Two builds at once may both have asked: every later reader takes the same answer."""
    for name in ("one", "other"):
        memo = Memo(files, "answers", tmp_path / name)
        memo._index.clear()
        memo.put("k", name)
        memo.close()

    seen = {Memo(files, "answers", tmp_path / f"reader{n}").get("k") for n in range(3)}

    assert len(files.list("memo/answers")) == 2
    assert len(seen) == 1


def test_many_answers_are_packed_into_few_segments(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    for number in range(450):
        memo.put(f"k{number}", number)
    memo.close()

    assert len(files.list("memo/answers")) == 3


def test_a_closed_memo_leaves_no_journal(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    memo.put("k", 1)
    memo.close()
    memo.close()

    assert list((tmp_path / "journals" / "answers").iterdir()) == []
