"""Which version a command is about, whatever `latest` points to."""

from pathlib import Path

import pytest

from flows.finding import find_version
from longhop.errors import ConfigError, StorageError
from longhop.storage.datasets import DatasetStore
from longhop.storage.files import LocalFiles
from tests.longhop.storage.test_artifacts import manifest


@pytest.fixture
def datasets(tmp_path: Path) -> DatasetStore:
    store = DatasetStore(LocalFiles(tmp_path))
    store.publish(manifest("1"), {})
    store.publish(manifest("2"), {})
    return store


def test_latest_and_any_other_are_found_by_name(datasets: DatasetStore):
    first, second = manifest("1"), manifest("2")

    assert find_version(datasets, "almanac", "latest") == second
    assert find_version(datasets, "almanac", first.version) == first


def test_a_named_version_needs_no_latest(datasets: DatasetStore):
    datasets.files.write("datasets/almanac/latest.json", b"x")

    assert find_version(datasets, "almanac", manifest("1").version) == manifest("1")
    with pytest.raises(StorageError, match="names no version"):
        find_version(datasets, "almanac", "latest")


def test_what_there_is_is_told_where_the_wanted_one_is_not(datasets: DatasetStore):
    with pytest.raises(ConfigError, match=r"no dataset 'almanack'.*there is almanac"):
        find_version(datasets, "almanack", "latest")
    with pytest.raises(
        ConfigError, match=rf"has no version 'v-0'.*{manifest('2').version} \(latest"
    ):
        find_version(datasets, "almanac", "v-0")
