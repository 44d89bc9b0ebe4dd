"""Whatever two machines do, in whatever order: what was acknowledged is there, and they agree."""

import tempfile
from pathlib import Path
from unittest import mock

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from longhop.errors import TransientError
from longhop.storage.files import Files, LocalFiles
from longhop.storage.memo import Memo, compacting, flushing
from longhop.storage.memo import memo as memo_module

KEYS = st.sampled_from("abcdefgh")
HERE = st.sampled_from([0, 1, 2])


class Mirrored:
    """A folder that does not look like one, so that its segments are mirrored; it may fail."""

    def __init__(self, folder: Path) -> None:
        self.files: Files = LocalFiles(folder)
        self.failing = False

    def __getattr__(self, name: str):
        if self.failing and name in {"write", "delete"}:
            raise TransientError("store: cannot be reached")
        return getattr(self.files, name)


class Histories(RuleBasedStateMachine):
    """Three processes: two on one machine, with a local store, one on another, which mirrors it."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = [
            mock.patch.object(memo_module, "LISTED_SECONDS", 0.0),
            mock.patch.object(compacting, "SMALL_SEGMENTS", 2),
            mock.patch.object(flushing, "SECONDS", 1e6),
        ]
        for each in self.patches:
            each.start()
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        self.files = [LocalFiles(self.folder / "s")] * 2 + [Mirrored(self.folder / "s")]
        self.said: dict[str, set[int]] = {}
        self.known: list[set[str]] = [set(), set(), set()]
        self.next = 0
        self.memos = [self.opened(number) for number in range(3)]

    def opened(self, number: int) -> Memo:
        return Memo(self.files[number], "a", self.folder / ("here" if number < 2 else "there"))

    @rule(number=HERE, keys=st.lists(KEYS, min_size=1, max_size=3, unique=True))
    def put(self, number: int, keys: list[str]) -> None:
        self.next += 1
        self.memos[number].put_many(dict.fromkeys(keys, self.next))
        for key in keys:
            self.said.setdefault(key, set()).add(self.next)
        self.known[number] |= set(keys)

    @rule(number=HERE)
    def flush(self, number: int) -> None:
        self.attempt(self.memos[number].flush)

    @rule(number=HERE)
    def compact(self, number: int) -> None:
        self.attempt(self.memos[number].compact)

    @rule(number=HERE)
    def close_and_open(self, number: int) -> None:
        self.attempt(self.memos[number].close)
        self.memos[number] = self.opened(number)

    @rule()
    def fail(self) -> None:
        self.files[2].failing = not self.files[2].failing

    @precondition(lambda self: self.said)
    @rule(number=HERE, data=st.data())
    def get(self, number: int, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.said)))
        value = self.memos[number].get(key)
        assert value in self.said[key] or value is None
        assert (value is None) <= (key not in self.known[number])

    @invariant()
    def what_was_acknowledged_is_there(self) -> None:
        for memo, known in zip(self.memos, self.known, strict=True):
            found = memo.get_many(sorted(known))
            assert found.keys() == known
            assert all(found[key] in self.said[key] for key in known)

    def attempt(self, work) -> None:
        try:
            work()
        except TransientError:
            assert self.files[2].failing

    def teardown(self) -> None:
        self.files[2].failing = False
        try:
            for memo in self.memos:
                memo.close()
            views = []
            for number in range(3):
                memo = self.opened(number)
                views.append(memo.get_many(list(self.said)))
                memo.close()
            assert views[0] == views[1] == views[2]
            assert views[0].keys() == self.said.keys()
        finally:
            for each in self.patches:
                each.stop()
            self.scratch.cleanup()


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
