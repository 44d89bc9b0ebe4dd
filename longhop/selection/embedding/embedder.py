"""The embedder: texts to directions, each window computed once."""

import base64
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from longhop.errors import ConfigError
from longhop.identity import digest
from longhop.memory import give_back
from longhop.ports import Remembrance
from longhop.selection.embedding.weights import at_hub, folder_of, hash_of
from longhop.selection.embedding.windows import windows_of
from longhop.selection.vectors import Steps, pool, to_steps

Precision = Literal["full", "half"]

# Small batches are as fast on a processor as large ones, and take far less memory. A card is kept
# waiting by them.
_BATCH, _BATCH_OF_A_CARD = 8, 128


class SentenceEmbedder:
    """An embedder whose vectors are remembered by text and weights.

    A batch is always made of the same windows of the texts it is given, and computed whole if one
    of its windows is not remembered: so a build that was killed gets the vectors it would have
    got.

    The name is the packaged model's, a folder, or one of a hub, `name` or `name@revision`. In half
    precision products of matrices are computed in 16 bits (bfloat16) and summed up in 32: two to
    three times as fast on processors and cards with units for it, slower on others. Its vectors
    differ from full ones in the fourth digit, so its weights have another name.
    """

    def __init__(self, name: str, memo: Remembrance, *, precision: Precision = "full") -> None:
        self.name = name
        self.memo = memo
        self.precision = precision
        self.computed = 0
        self._one_at_a_time = Lock()  # the model uses all processors itself

    @cached_property
    def folder(self) -> Path | None:
        """The folder of the weights, or None for a name that a hub resolves."""
        return folder_of(self.name)

    @cached_property
    def weights(self) -> str:
        """The hash of the weights: of their files, or of the name of a model from a hub."""
        weights = digest("weights", self.name) if self.folder is None else hash_of(self.folder)
        return weights if self.precision == "full" else digest(self.precision, weights)

    def load(self) -> Any:
        """The model as sentence-transformers has it, anew: on a card where there is one.

        Raises:
            ConfigError: It cannot be loaded, or a hub does not have it.
        """
        if self.folder is not None:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        # A plan for each length of a batch is kept for good: a quarter of what embedding takes.
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8")
        import transformers
        from sentence_transformers import SentenceTransformer

        quiet: Any = transformers.utils.logging
        quiet.disable_progress_bar()  # progress is told by stages
        place, revision = (str(self.folder), None) if self.folder else at_hub(self.name)
        try:
            return SentenceTransformer(place, revision=revision, device=None)
        except (OSError, ValueError) as error:
            raise ConfigError(f"embedding.model {self.name!r} cannot be loaded: {error}") from error

    @cached_property
    def _model(self) -> Any:
        return self.load()

    @cached_property
    def _batch_size(self) -> int:
        import torch

        return _BATCH_OF_A_CARD if torch.accelerator.is_available() else _BATCH

    def embed(self, texts: Sequence[str]) -> NDArray[np.int16]:
        """One vector a text, pooled over its windows, in the order of the texts."""
        windows = {text: windows_of(text) for text in texts}
        distinct = sorted({each for parts in windows.values() for each in parts}, key=_by_length)
        vectors: dict[str, Steps] = {}
        for start in range(0, len(distinct), self._batch_size):
            vectors |= self._batch(distinct[start : start + self._batch_size])
        return np.stack(
            [pool(np.stack([vectors[each] for each in windows[text]])) for text in texts]
        )

    def _batch(self, windows: Sequence[str]) -> dict[str, Steps]:
        keys = {each: digest("vector", self.weights, each) for each in windows}
        kept = self.memo.get_many(list(keys.values()))
        if len(kept) < len(keys):
            fresh = {
                key: value
                for key, value in zip(keys.values(), self._values(windows), strict=True)
                if key not in kept
            }
            self.memo.put_many(fresh)
            kept = {**kept, **fresh}
        return {
            each: np.frombuffer(base64.b64decode(str(kept[key])), "<i2").astype(np.int16)
            for each, key in keys.items()
        }

    def _values(self, windows: Sequence[str]) -> list[str]:
        """The vector of each window, as it is remembered."""
        with self._one_at_a_time:
            raw = self._computed(list(windows))
            give_back()
        self.computed += len(windows)
        return [
            base64.b64encode(vector.astype("<i2").tobytes()).decode() for vector in to_steps(raw)
        ]

    def _computed(self, windows: list[str]) -> NDArray[np.float32]:
        import torch

        model = self._model
        half = self.precision == "half"
        with torch.autocast(model.device.type, dtype=torch.bfloat16, enabled=half):
            raw = model.encode(windows, batch_size=len(windows), show_progress_bar=False)
        return np.asarray(raw, np.float32)


def _by_length(text: str) -> tuple[int, str]:
    return len(text), text
