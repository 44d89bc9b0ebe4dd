"""Files beside the data that tell trainers where the rows are and how to read them."""

import json
from pathlib import PurePosixPath
from typing import Any

import yaml

from longhop.publishing.configs import Files, list_configs
from longhop.records.manifest import Manifest
from longhop.records.renderings import Format

_ROLES = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}
# What LLaMA-Factory has to know of each format; it cannot read turns of prompt and completion.
_FACTORY: dict[str, dict[str, Any]] = {
    Format.SHAREGPT: {"formatting": "sharegpt", "columns": {"messages": "conversations"}},
    Format.MESSAGES: {
        "formatting": "sharegpt",
        "columns": {"messages": "messages"},
        "tags": _ROLES,
    },
    Format.LONGMIT: {
        "formatting": "alpaca",
        "columns": {"prompt": "prompt", "response": "output"},
    },
}
_TYPES = {".jsonl": "json", ".parquet": "parquet"}
_AXOLOTL = {
    "split": "train",
    "type": "chat_template",
    "field_messages": "conversations",
    "message_property_mappings": {"role": "from", "content": "value"},
    "roles": {"user": ["human"], "assistant": ["gpt"]},
    "roles_to_train": ["assistant"],
    "train_on_eos": "turn",
}


def write_trainer_files(manifest: Manifest) -> dict[str, bytes]:
    """The files of LLaMA-Factory and Axolotl, where rows are rendered as they read them."""
    configs = list_configs(each.path for each in manifest.files)
    if Format.SHAREGPT not in configs:
        return {}
    return {
        "dataset_info.json": _factory(configs),
        "axolotl.yaml": _axolotl(configs[Format.SHAREGPT], manifest),
    }


def _factory(configs: dict[str, Files]) -> bytes:
    """An entry for each file, named by its path: sharegpt_train, or sharegpt_train_8192."""
    entries = {
        "_".join(PurePosixPath(path).with_suffix("").parts): {"file_name": path, **_FACTORY[name]}
        for name, splits in configs.items()
        if name in _FACTORY
        for paths in splits.values()
        for path in paths
    }
    return json.dumps(entries, indent=1).encode()


def _axolotl(splits: Files, manifest: Manifest) -> bytes:
    """Its sections of data; paths are from this folder."""
    told: dict[str, Any] = {}
    if manifest.sizes:
        mine = [e for e in manifest.sizes.files if e.path in splits.get("train", ())]
        told["sequence_len"] = max((max(e.cut_off.values()) for e in mine), default=None)
    for section, split in (("datasets", "train"), ("test_datasets", "validation")):
        if split in splits:
            told[section] = [
                {"path": path, "ds_type": _TYPES[PurePosixPath(path).suffix], **_AXOLOTL}
                for path in splits[split]
            ]
    plain = json.loads(json.dumps(told))
    return yaml.safe_dump(plain, sort_keys=False).encode()
