"""Which files a corpus is made of: the data in a folder, and not what is about it."""

import gzip
import json
from pathlib import Path

import pytest

from longhop.corpus.reading import list_files, list_passed_over
from longhop.errors import ConfigError
from longhop.spec.sections import Corpus
from tests.longhop.corpus.test_reading import SOURCES, documents

LINE = b'{"text": "x"}\n'


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(LINE)


def listed(folder: Path, *paths: str) -> tuple[list[str], list[str]]:
    corpus = Corpus(paths=tuple(f"{folder}/{each}" for each in paths))
    lists = (list_files(corpus, SOURCES), list_passed_over(corpus, SOURCES))
    data, others = ([str(Path(each).relative_to(folder)) for each in part] for part in lists)
    return data, others


def test_what_describes_tables_is_passed_over(tmp_path: Path):
    """A card beside the data, or above it, is no document of the data set."""
    data = ["data/a.jsonl", "data/more/b.parquet"]
    about = ["LICENSE.txt", "README.md", "data/NOTES.md", "data/dataset_infos.json"]
    pages = ["notes/page.md", "data/page.txt"]
    fill(tmp_path, *data, *about, *pages, "data/x.png")

    assert listed(tmp_path, "") == (sorted(data + pages), sorted([*about, "data/x.png"]))


def test_pages_without_tables_are_documents(tmp_path: Path):
    """There the README is as good a page as any."""
    fill(tmp_path, "README.md", "a/page.md", "a/page.html", "b.rst")

    assert listed(tmp_path, "")[0] == ["README.md", "a/page.html", "a/page.md", "b.rst"]


def test_what_is_named_is_read_whatever_it_is(tmp_path: Path):
    """A name, or a glob that says more than 'anything', is meant."""
    fill(tmp_path, "README.md", "a.jsonl", "b.log", "c.log", "d.bin")

    assert listed(tmp_path, "b.log", "README.md")[0] == ["README.md", "b.log"]
    assert listed(tmp_path, "*.log")[0] == ["b.log", "c.log"]
    assert listed(tmp_path, "*.md") == (["README.md"], [])
    assert listed(tmp_path, "*") == (["a.jsonl"], ["README.md", "b.log", "c.log", "d.bin"])
    assert listed(tmp_path, "", "b.log") == (["a.jsonl", "b.log"], ["README.md", "c.log", "d.bin"])


def test_each_file_is_read_once_however_often_it_is_named(tmp_path: Path):
    fill(tmp_path, "a.jsonl", "b/c.jsonl")

    assert listed(tmp_path, "", "a.jsonl", "./a.jsonl", "b/../a.jsonl", "**/*.jsonl")[0] == [
        "a.jsonl",
        "b/c.jsonl",
    ]


def test_a_link_on_the_way_up_leads_where_the_system_says(tmp_path: Path):
    """`link/../x.jsonl` lies beside what the link leads to, not beside the link."""
    fill(tmp_path, "x.jsonl", "far/x.jsonl", "far/in/y.jsonl")
    (tmp_path / "link").symlink_to(tmp_path / "far/in")

    found = list_files(
        Corpus(paths=(f"{tmp_path}/x.jsonl", f"{tmp_path}/link/../x.jsonl")), SOURCES
    )
    assert found == [f"{tmp_path}/link/../x.jsonl", f"{tmp_path}/x.jsonl"]


def test_a_file_of_several_names_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Read twice, all of its documents would be duplicates, which max_rejected counts."""
    fill(tmp_path, "a.jsonl")
    (tmp_path / "b.jsonl").symlink_to("a.jsonl")
    monkeypatch.chdir(tmp_path)

    assert list_files(Corpus(paths=("a.jsonl", f"{tmp_path}/a.jsonl", ".")), SOURCES) == ["a.jsonl"]
    assert listed(tmp_path, "") == (["a.jsonl"], [])


def test_a_path_that_stands_for_nothing_is_told(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"nothing/\*\.jsonl"):
        listed(tmp_path, "nothing/*.jsonl")


def test_a_strange_file_that_is_named_is_looked_into(tmp_path: Path):
    """Lines of JSON are told from texts by the first of them."""
    (tmp_path / "lines.dump").write_bytes(LINE * 3)
    (tmp_path / "pretty.dump").write_text(json.dumps([{"text": "y"}], indent=1))
    (tmp_path / "packed").write_bytes(gzip.compress(LINE))
    (tmp_path / "page").write_text("<!DOCTYPE html>\n<p>Too short to be found")
    (tmp_path / "text.log").write_text("{not json\nbut a text")

    def count(name: str) -> list[str]:
        return [each.text for each in documents(tmp_path / name)]

    assert count("lines.dump") == ["x", "x", "x"]
    assert count("pretty.dump") == ["y"]
    assert count("packed") == ["x"]
    assert "<p>" not in "".join(count("page"))
    assert count("text.log") == ["{not json\nbut a text"]
