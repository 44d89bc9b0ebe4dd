"""Several processes of a machine: killed at any point, putting at once, waiting for others."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from longhop.errors import StorageError
from longhop.storage.files import Files, LocalFiles
from longhop.storage.memo import Memo, locks
from longhop.storage.memo import memo as memo_module

PREAMBLE = """
import os, signal, sys, time
from pathlib import Path
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo
folder = Path(sys.argv[1])
memo = Memo(LocalFiles(folder / "store"), "answers", folder / sys.argv[2])
def wait(name):
    while not (folder / name).exists():
        time.sleep(0.002)
"""


@pytest.fixture(autouse=True)
def listed_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo_module, "LISTED_SECONDS", 0.0)


@pytest.fixture
def run(tmp_path: Path):
    """A process with a memo of its own; killed at the test's end if it still lives."""
    started: list[subprocess.Popen[str]] = []

    def start(script: str, journals: str = "journals") -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", PREAMBLE + script, str(tmp_path), journals],
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait()
        if each.stdout:
            each.stdout.close()


def opened(folder: Path, journals: str = "journals") -> Memo:
    return Memo(LocalFiles(folder / "store"), "answers", folder / journals)


@pytest.mark.parametrize("many", [1, 7])
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, run: Callable, many: int):
    """The process is killed outright in the middle of its puts, and of its flushes."""
    script = f"""
n = 0
while True:
    memo.put_many({{f"k{{each}}": [each] for each in range(n, n + {many})}})
    n += {many}
    os.write(1, b"%d\\n" % n)
"""
    writer = run(script)
    said = [writer.stdout.readline() for _ in range(700 // many)]
    os.kill(writer.pid, signal.SIGKILL)
    said += writer.stdout.readlines()
    assert writer.wait() == -signal.SIGKILL
    acknowledged = int([each for each in said if each.endswith("\n")][-1])

    memo = opened(tmp_path)

    assert acknowledged >= 700
    asked = {f"k{n}": [n] for n in range(acknowledged)}
    assert memo.get_many(list(asked)) == asked
    memo.close()
    assert opened(tmp_path, "elsewhere").get_many(list(asked)) == asked


def test_two_processes_put_the_same_at_once_and_keep_one_value(tmp_path: Path, run: Callable):
    script = """
for n in range(400):
    memo.put(f"k{n}", [sys.argv[0], os.getpid(), n])
print(all(memo.get(f"k{n}")[2] == n for n in range(400)))
values = [memo.get(f"k{n}")[1] for n in range(400)]
memo.close()
print(values)
"""
    both = [run(script), run(script)]
    said = [each.communicate(timeout=30)[0].splitlines() for each in both]

    assert [each[0] for each in said] == ["True", "True"]
    assert said[0][1] == said[1][1]
    memo = opened(tmp_path)
    assert [memo.get(f"k{n}")[1] for n in range(400)] == eval(said[0][1])
    lines = [
        line
        for path in memo._segments.files.list("memo/answers")
        for line in memo._segments.files.read(path).splitlines()
    ]
    assert len(lines) == 400


def test_an_entry_is_seen_by_another_process_at_once(tmp_path: Path, run: Callable):
    other = run('memo.put("k", 1); print("put", flush=True); wait("done")')
    memo = opened(tmp_path)
    assert other.stdout.readline() == "put\n"

    assert memo.get("k") == 1
    assert memo._segments.files.list("memo/answers") == []


def test_what_a_dead_process_left_fresh_is_flushed_by_a_living_one(tmp_path: Path, run: Callable):
    dead = run('memo.put("k", 1); os.kill(os.getpid(), signal.SIGKILL)')
    dead.wait()

    memo = opened(tmp_path)
    memo.close()

    assert opened(tmp_path, "elsewhere").get("k") == 1


def test_one_owner_claims_a_key_at_a_time(files: Files, tmp_path: Path):
    memo = Memo(files, "answers", tmp_path / "journals")
    other = Memo(files, "answers", tmp_path / "journals")

    assert memo.claim("k", "a")
    assert memo.claim("k", "a")
    assert not memo.claim("k", "b")
    assert not other.claim("k", "a")
    other.release("k")
    assert not other.claim("k", "a")
    memo.release("k")
    assert other.claim("k", "a")
    assert memo.claim("l", "a")
    memo.close()
    assert other.claim("l", "a")


def test_a_claim_of_a_dead_process_is_void(tmp_path: Path, run: Callable):
    other = run('print(memo.claim("k", "a"), memo.claim("l", "a"), flush=True); wait("done")')
    memo = opened(tmp_path)
    assert other.stdout.readline() == "True True\n"

    assert not memo.claim("k", "a")
    other.kill()
    other.wait()
    assert memo.claim("k", "a")
    late = opened(tmp_path)
    assert not late.claim("k", "a")
    assert late.claim("l", "a")
    assert len(list((tmp_path / "journals" / "answers" / "live").iterdir())) == 2


def test_a_key_is_asked_once_by_two_processes_that_poll(tmp_path: Path, run: Callable):
    """As the model's client does: whoever is refused a claim waits for value or claim."""
    script = """
wait("go")
asked = 0
for n in range(20):
    key = f"k{n}"
    while memo.get(key) is None:
        if not memo.claim(key, "client"):
            time.sleep(0.002)
            continue
        if memo.get(key) is None:
            asked += 1
            time.sleep(0.003)
            memo.put(key, n)
        memo.release(key)
print(asked)
"""
    both = [run(script), run(script)]
    (tmp_path / "go").touch()

    assert sum(int(each.communicate(timeout=30)[0]) for each in both) == 20


def test_two_processes_that_flush_and_compact_at_once_lose_nothing(tmp_path: Path, run: Callable):
    """One pair shares journals, the third is another machine."""
    script = """
from longhop.storage.memo import compacting
compacting.SMALL_SEGMENTS = 3
wait("go")
for n in range(40):
    memo.put(f"{os.getpid()}-{n}", n)
    memo.flush()
    if n % 8 == 7:
        memo.compact()
    assert all(memo.get(f"{os.getpid()}-{m}") == m for m in range(n + 1))
memo.close()
print(os.getpid())
"""
    several = [run(script), run(script), run(script, "elsewhere")]
    (tmp_path / "go").touch()
    names = [each.communicate(timeout=60)[0].strip() for each in several]

    assert [each.returncode for each in several] == [0, 0, 0]
    asked = {f"{name}-{n}": n for name in names for n in range(40)}
    for journals in ("journals", "elsewhere", "late"):
        memo = opened(tmp_path, journals)
        assert memo.get_many(list(asked)) == asked
        memo.close()


def test_a_flush_lock_held_for_long_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(locks, "PATIENCE", 0.05)
    memo = opened(tmp_path)
    memo.put("k", 1)
    with locks.locked(tmp_path / "journals" / "answers" / "flush.lock"):
        began = time.monotonic()
        with pytest.raises(StorageError, match=r"flush\.lock.*LONGHOP_JOURNALS"):
            memo.flush()
    assert time.monotonic() - began < 2

    memo.flush()
    assert opened(tmp_path, "elsewhere").get("k") == 1


def test_two_stores_do_not_share_a_journals_folder_at_once(tmp_path: Path):
    """What one has flushed the other would not find; one after the other they may."""
    memo = opened(tmp_path)
    memo.put("k", 1)
    memo.flush()
    with pytest.raises(StorageError, match=r"store is using them.*LONGHOP_JOURNALS"):
        Memo(LocalFiles(tmp_path / "other"), "answers", tmp_path / "journals")
    memo.put("l", 2)
    memo.close()

    other = Memo(LocalFiles(tmp_path / "other"), "answers", tmp_path / "journals")
    assert other.get("k") is None
    other.close()
    assert opened(tmp_path).get_many(["k", "l"]) == {"k": 1, "l": 2}
