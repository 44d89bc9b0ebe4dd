"""Stopped at any write of publishing, the older version is whole and `latest` points at it."""

from pathlib import Path

import pytest

from longhop.storage.files import LocalFiles
from tests.flows.test_build_dataset import build
from tests.world import WorldResources, make_live, make_spec, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


class PowerCut(Exception):
    """The end of a process, as a store sees it."""


class DyingFiles(LocalFiles):
    """Files of which only so many more of a dataset's are written; the next one ends it all."""

    left = 10**6
    written: list[str]

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.written = []

    def write(self, path: str, data: bytes) -> None:
        self._count(path)
        super().write(path, data)

    def adopt(self, path: str, draft: Path) -> None:
        self._count(path)
        super().adopt(path, draft)

    def _count(self, path: str) -> None:
        if not path.startswith("datasets/"):
            return
        if self.left == 0:
            raise PowerCut(path)
        self.left -= 1
        self.written.append(path)


def dying(live: WorldResources) -> DyingFiles:
    files = DyingFiles(Path(live.files.root))
    live.files = live.datasets.files = files
    return files


async def test_the_older_version_stays_until_all_is_there(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl")
    before, _ = await build(live, make_spec(corpus))
    spec = make_spec(write_corpus(tmp_path / "c.jsonl", fillers=30))
    files = dying(live)
    cut = 0
    while True:
        files.left, files.written = cut, []
        try:
            after, _ = await build(live, spec)
            break
        except PowerCut:
            cut += 1
        assert live.datasets.latest("world") == before.version
        assert live.datasets.is_whole(before)

    published = [each for each in files.written if "/runs/" not in each]
    assert published[-1] == "datasets/world/latest.json"
    assert published[-2].endswith("/manifest.json")
    assert cut >= len(published), "each write was the last one once"
    assert live.datasets.latest("world") == after.version != before.version
    assert live.datasets.is_whole(after)
    assert live.datasets.is_whole(before)
