"""Files of a version as they are written: the same bytes as from memory, gone if not published."""

import hashlib
import json
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from longhop.errors import StorageError
from longhop.publishing import drafting
from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.rendered import Renderings
from longhop.publishing.turns import forms_of, to_chat, turns_of
from longhop.records.corpus import Split
from longhop.records.examples import Example
from longhop.spec.sections import Publishing
from longhop.storage.columns import from_parquet, to_parquet
from longhop.storage.files import Files, LocalFiles
from tests.longhop.publishing.test_publishing import example

ROWS = [
    example().model_copy(
        update={"id": f"m-{n:02}", "split": Split.TEST if n % 5 == 0 else Split.TRAIN}
    )
    for n in range(12)
]
FORMS = forms_of(turns_of)
PATHS = ("data/test.parquet", "data/train.parquet", "messages/test.jsonl", "messages/train.jsonl")


def render(files: Files) -> tuple[dict[str, bytes], Drafts, dict[str, int]]:
    with Drafts(files.draft) as drafts:
        rendering, lines = Rendering(drafts, Example), Renderings(drafts, Publishing(), FORMS)
        for row in ROWS:
            rendering.add(row)
            lines.add(row)
        rows = rendering.finish()
        assert lines.finish() is None, "nothing was counted"
        return {path: at.read_bytes() for path, at in drafts.contents.items()}, drafts, rows


def of(split: str) -> list[Example]:
    return [row for row in ROWS if row.split == split]


def test_a_small_version_has_the_bytes_of_one_that_was_in_memory(files: Files):
    """Row by row and in one piece are one and the same."""
    contents, drafts, rows = render(files)

    assert rows == {"train": 9, "test": 3} and list(rows) == ["train", "test"]
    for split in rows:
        assert contents[f"data/{split}.parquet"] == to_parquet(of(split), Example)
        turns = [{"id": row.id, **to_chat(turns_of(row))} for row in of(split)]
        lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in turns).encode()
        assert contents[f"messages/{split}.jsonl"] == lines
    assert tuple(each.path for each in drafts.files) == PATHS


def test_files_are_described_as_they_are(tmp_path: Path):
    contents, drafts, rows = render(LocalFiles(tmp_path))

    for each in drafts.files:
        assert each.sha256 == hashlib.sha256(contents[each.path]).hexdigest()
        assert each.bytes == len(contents[each.path])
        assert each.rows == rows[Path(each.path).stem]


def test_a_large_split_is_several_row_groups_of_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(drafting, "GROUP_ROWS", 4)
    table = render(LocalFiles(tmp_path))[0]["data/train.parquet"]

    assert pq.ParquetFile(BytesIO(table)).num_row_groups == 3
    assert from_parquet(table, Example) == of("train")


def test_what_is_not_published_is_gone(tmp_path: Path):
    """A version that says nothing new, or one that an error stopped, leaves no file."""
    render(LocalFiles(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_rows_out_of_order_are_a_fault(tmp_path: Path):
    with Drafts(LocalFiles(tmp_path).draft) as drafts:
        rendering = Rendering(drafts, Example)
        rendering.add(ROWS[1])
        with pytest.raises(AssertionError, match="m-00 comes after m-01"):
            rendering.add(ROWS[0])


def test_a_full_disk_is_one_message(tmp_path: Path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no device that is full")
    long = ROWS[0].model_copy(update={"context": random_text(1_000_000)})
    with (
        pytest.raises(StorageError, match=r"/dev/full: No space left"),
        Drafts(lambda: nullcontext(full)) as drafts,
    ):
        table = drafts.parquet("data/train.parquet", Example)
        table.add(long)
        table.close()


def random_text(length: int) -> str:
    """A text that cannot be made smaller."""
    rng = Random(0)
    return "".join(chr(rng.randrange(0x4E00, 0x9FFF)) for _ in range(length))
