"""LLaMA-Factory and Axolotl find the rows by the files beside them, and read what is in them.

Their own code runs where it is there without what it takes to train: for LLaMA-Factory
`pip install --no-deps llamafactory peft`, for Axolotl `pip install --no-deps axolotl addict`.
What their documentation says of the files is tested either way.
"""

import importlib
import importlib.machinery
import importlib.util
import json
import sys
import types
from pathlib import Path
from typing import Any

import pytest
import yaml
from datasets import Dataset, load_dataset

from longhop.publishing.turns import turns_of
from longhop.records.corpus import Split
from longhop.records.renderings import Format
from tests.longhop.publishing.test_trl import Tokenizer
from tests.rendered import make_rows, publish

ROWS = make_rows(16)
KINDS = {".jsonl": "json", ".parquet": "parquet"}
SHAPES = [
    {"files": "jsonl"},
    {"files": "parquet", "sizes": True, "buckets": [512, 1024]},
]


@pytest.fixture(params=SHAPES, ids=["lines", "buckets"])
def version(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    publish(tmp_path / "v", ROWS, renderings=list(Format), **request.param)
    return tmp_path / "v"


def load(path: Path) -> Dataset:
    kind = KINDS[path.suffix]
    return load_dataset(kind, data_files=str(path), split="train", cache_dir=str(path.parent / "c"))


def said(split: str | None = None) -> dict[str, tuple[str, str]]:
    return {row.id: turns_of(row) for row in ROWS if split in (None, row.split)}


def entries(version: Path) -> dict[str, dict[str, Any]]:
    return json.loads((version / "dataset_info.json").read_text())


def test_every_entry_of_dataset_info_names_a_file_and_columns_that_are_there(version: Path):
    """As LLaMA-Factory documents it: `columns` name columns, `tags` the keys and roles of turns."""
    found: dict[str, set[str]] = {}
    for name, entry in entries(version).items():
        rows = load(version / entry["file_name"])
        assert name.startswith(("messages_", "sharegpt_", "longmit_"))
        assert set(entry["columns"].values()) <= set(rows.column_names)
        if entry["formatting"] == "sharegpt":
            tags = {
                "role_tag": "from", "content_tag": "value", "user_tag": "human",
                "assistant_tag": "gpt", **entry.get("tags", {}),
            }  # fmt: skip
            for row in rows:
                user, assistant = row[entry["columns"]["messages"]]
                assert user[tags["role_tag"]] == tags["user_tag"]
                assert assistant[tags["role_tag"]] == tags["assistant_tag"]
                spoken = user[tags["content_tag"]], assistant[tags["content_tag"]]
                assert spoken == said()[row["id"]]
        found.setdefault(name.split("_")[0], set()).update(rows["id"])

    assert found == {key: set(said()) for key in ("messages", "sharegpt", "longmit")}


def test_the_stanza_of_axolotl_names_all_rows_of_a_split(version: Path):
    """As Axolotl documents it: files of `ds_type`, turns under `field_messages`, roles mapped."""
    told = yaml.safe_load((version / "axolotl.yaml").read_text())
    for section, split in (("datasets", Split.TRAIN), ("test_datasets", Split.VALIDATION)):
        found = {}
        for stanza in told[section]:
            assert stanza["type"] == "chat_template" and stanza["split"] == "train"
            assert stanza["ds_type"] == KINDS[Path(stanza["path"]).suffix]
            keys = stanza["message_property_mappings"]
            for row in load(version / stanza["path"]):
                user, assistant = row[stanza["field_messages"]]
                assert user[keys["role"]] in stanza["roles"]["user"]
                assert assistant[keys["role"]] in stanza["roles"]["assistant"]
                found[row["id"]] = user[keys["content"]], assistant[keys["content"]]
        assert found == said(split)
    counted = "tokens" in load(version / told["datasets"][0]["path"]).column_names
    assert ("sequence_len" in told) is counted


def test_without_sharegpt_there_are_no_files_of_trainers(tmp_path: Path):
    publish(tmp_path / "v", ROWS)

    assert not (tmp_path / "v" / "dataset_info.json").exists()
    assert not (tmp_path / "v" / "axolotl.yaml").exists()


def factory() -> tuple[Any, Any]:
    """LLaMA-Factory's parser and converters, without what its package loads around them."""
    spec = importlib.util.find_spec("llamafactory")
    if spec is None or not importlib.util.find_spec("peft"):
        pytest.skip("needs pip install --no-deps llamafactory peft")
    name = "llamafactory.data"
    if name not in sys.modules:
        bare = types.ModuleType(name)
        bare.__spec__ = importlib.machinery.ModuleSpec(name, None, is_package=True)
        bare.__path__ = [str(Path(spec.submodule_search_locations[0]) / "data")]
        sys.modules[name] = bare
    parser = importlib.import_module(f"{name}.parser")
    return parser, importlib.import_module(f"{name}.converter")


def test_llama_factory_converts_every_row(version: Path):
    parser, converter = factory()
    names = list(entries(version))
    for attributes in parser.get_dataset_list(names, str(version)):
        convert = converter.get_dataset_converter(attributes.formatting, attributes, None)
        for row in load(version / attributes.dataset_name):
            made = convert(row)
            prompt, answer = made["_prompt"][0], made["_response"][0]
            assert (prompt["role"], answer["role"]) == ("user", "assistant")
            expected = said()[row["id"]]
            if "longmit" in attributes.dataset_name:
                expected = row["prompt"], row["output"]
            assert (prompt["content"], answer["content"]) == expected


def test_axolotl_trains_on_the_answer_alone_and_loses_no_token(tmp_path: Path):
    """At its own `sequence_len`, with a template's very allowance, and the whole of each row."""
    if not (importlib.util.find_spec("axolotl") and importlib.util.find_spec("addict")):
        pytest.skip("needs pip install --no-deps axolotl addict")
    strategies = importlib.import_module("axolotl.prompt_strategies.chat_template")
    settings = importlib.import_module("axolotl.utils.dict").DictDefault
    tokenizer = Tokenizer("qwen3_instruct_2507")
    version = tmp_path / "v"
    publish(version, ROWS, renderings=["sharegpt"], sizes=True, template_tokens=tokenizer.added)
    told = yaml.safe_load((version / "axolotl.yaml").read_text())
    longest = 0
    for stanza in told["datasets"]:
        config = settings(
            {"sequence_len": told["sequence_len"], "chat_template": "tokenizer_default"}
        )
        strategy = strategies.load(tokenizer.inner, config, ds_cfg=dict(stanza))
        for row in load(version / stanza["path"]):
            made = strategy.tokenize_prompt(row)
            assert len(made["input_ids"]) == row["tokens"]["tekken"] + tokenizer.added
            longest = max(longest, len(made["input_ids"]))
            learned = [each for each in made["labels"] if each != -100]
            text = tokenizer.inner.decode(learned)
            assert text.strip().removesuffix("<|im_end|>") == said()[row["id"]][1]
    assert longest == told["sequence_len"]
