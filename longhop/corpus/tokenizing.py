"""Tokenizers of the models that will be trained, by name or file, without a network."""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from longhop.errors import ConfigError
from longhop.ports import Tokenizer

_TEKKEN = "tekken_240911.json"


@cache
def open_tokenizer(name: str) -> Tokenizer:
    """The tokenizer of a spec.

    Raises:
        ConfigError: It is neither `tekken` nor a tokenizer file that can be read.
    """
    if name == "tekken":
        return _Tekken()
    path = Path(name)
    if len(name) > 1000 or not path.is_file():
        raise ConfigError(
            f"tokenizer {name[:200]!r} is neither tekken nor a tokenizer.json that exists"
        )
    return _TokenizerFile(path)


def vocabulary_of(name: str) -> str:
    """The hash of a tokenizer file, so that another file of the same name counts anew."""
    open_tokenizer(name)
    if name == "tekken":
        return _TEKKEN
    return hashlib.sha256(Path(name).read_bytes()).hexdigest()


class _Tekken:
    """Mistral's tekken vocabulary, as its own package carries it."""

    name = "tekken"

    def __init__(self) -> None:
        import mistral_common
        from mistral_common.tokens.tokenizers.tekken import Tekkenizer

        data = Path(mistral_common.__path__[0]) / "data" / _TEKKEN
        self._model: Any = Tekkenizer.from_file(data)

    def encode(self, text: str) -> list[int]:
        """The token ids of the text; special tokens written in it are plain text."""
        tokens: list[int] = self._model.encode(text, bos=False, eos=False)
        return tokens

    def count(self, text: str) -> int:
        """The tokens of the whole text."""
        return len(self.encode(text))

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of token ids."""
        return str(self._model.decode(list(tokens)))


class _TokenizerFile:
    """A Hugging Face tokenizer.json."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer as HubTokenizer

        self.name = str(path)
        try:
            self._model: Any = HubTokenizer.from_file(str(path))
        except Exception as error:  # the library raises plain Exception for a bad file
            raise ConfigError(f"tokenizer {path} cannot be read: {error}") from error

    def encode(self, text: str) -> list[int]:
        """The token ids of the text."""
        tokens: list[int] = self._model.encode(text, add_special_tokens=False).ids
        return tokens

    def count(self, text: str) -> int:
        """The tokens of the whole text."""
        return len(self.encode(text))

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of token ids."""
        return str(self._model.decode(list(tokens)))
