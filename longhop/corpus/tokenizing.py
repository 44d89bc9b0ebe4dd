"""Tokenizers of the models that will be trained, by name or file, without a network.

A text of any length is encoded in windows. Where they meet is chosen such that the tokens are those
of the whole text; only a text that holds no place of that kind for a whole window, as a megabyte
without a letter before white space, is cut where the window ends.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.errors import ConfigError
from longhop.ports import Tokenizer

_TEKKEN = "tekken_240911.json"
# No vocabulary that splits at white space before it merges lets a token reach over this place.
_SEAM = re.compile(r"[^\W\d_](?=\s)")
_LAST_SEAM = re.compile(rf"(?s:.*){_SEAM.pattern}")
# Above some 250,000 blanks in a row tekken's expression overflows its stack.
_TEKKEN_WINDOW = 1 << 17
# So far back from a window's end, and from a slice's, a seam is looked for.
_TEKKEN_REACH, _REACH = _TEKKEN_WINDOW // 16, 64
# Those of a file may know white space in other ways: only texts that are out of reach are cut.
_FILE_WINDOW = 1 << 20
_FILE_ESTIMATE_WINDOW = 1 << 16


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
    """Mistral's tekken vocabulary, as its own package carries it.

    Its inner encoding is asked directly, which takes half the time and gives the same ids.
    """

    name = "tekken"

    def __init__(self) -> None:
        import mistral_common
        from mistral_common.tokens.tokenizers.tekken import Tekkenizer

        data = Path(mistral_common.__path__[0]) / "data" / _TEKKEN
        self._model: Any = Tekkenizer.from_file(data)
        self._inner: Any = self._model._model
        self._first: int = self._model.num_special_tokens
        vocabulary = (self._inner.decode_single_token_bytes(n) for n in range(self._inner.n_vocab))
        self._characters = np.array([_count_characters(each) for each in vocabulary], np.int64)

    def encode(self, text: str) -> list[int]:
        """The token ids of the text; special tokens written in it are plain text."""
        return [token + self._first for token in self._tokens(text)]

    def count(self, text: str) -> int:
        """The tokens of the whole text."""
        return len(self._tokens(text))

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of token ids."""
        return str(self._model.decode(list(tokens)))

    def boundaries(self, text: str) -> NDArray[np.int64]:
        """Where each token of the text ends; one inside a character ends with it."""
        return self._characters[np.array(self._tokens(text), np.int64)].cumsum()

    def settled(self, text: str, start: int, end: int) -> tuple[int, int]:
        """From the first seam of the slice to its last.

        No match of tekken's expression goes over a seam or looks behind one, so that what is
        between two of them is always divided alike. Only in a long text a window may end elsewhere.
        """
        is_sure = len(text) <= _TEKKEN_WINDOW or end - start <= _TEKKEN_REACH
        first = _SEAM.search(text, start, end) if is_sure else None
        if first is None:
            return start, start
        last = _LAST_SEAM.match(text, max(start, end - _REACH), end) or first
        return first.end(), last.end()

    def _tokens(self, text: str) -> list[int]:
        if len(text) <= _TEKKEN_WINDOW:
            return self._inner.encode_ordinary(text)  # type: ignore[no-any-return]
        windows = _windows(text, _TEKKEN_WINDOW)
        return [token for each in windows for token in self._inner.encode_ordinary(each)]


class _TokenizerFile:
    """A Hugging Face tokenizer.json.

    A file may say that texts are cut to a length or filled up to one; that would be no count.
    """

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer as HubTokenizer

        self.name = str(path)
        try:
            self._model: Any = HubTokenizer.from_file(str(path))
        except Exception as error:  # the library raises plain Exception for a bad file
            raise ConfigError(f"tokenizer {path} cannot be read: {error}") from error
        self._model.no_truncation()
        self._model.no_padding()

    def encode(self, text: str) -> list[int]:
        """The token ids of the text; one above a million characters is encoded in parts."""
        return [
            token
            for window in _windows(text, _FILE_WINDOW)
            for token in self._model.encode(window, add_special_tokens=False).ids
        ]

    def count(self, text: str) -> int:
        """The tokens of the whole text."""
        return len(self.encode(text))

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of token ids."""
        return str(self._model.decode(list(tokens)))

    def boundaries(self, text: str) -> NDArray[np.int64]:
        """Where each token of the text ends."""
        ends: list[int] = []
        at = 0
        for window in _windows(text, _FILE_ESTIMATE_WINDOW):
            encoded = self._model.encode(window, add_special_tokens=False)
            ends += [at + end for _, end in encoded.offsets]
            at += len(window)
        return np.maximum.accumulate(np.array(ends, np.int64)) if ends else np.zeros(0, np.int64)

    def settled(self, _text: str, start: int, _end: int) -> tuple[int, int]:
        """Nothing: a file may divide texts in any way, and count a word by what is beside it."""
        return start, start


def _windows(text: str, most: int) -> Iterator[str]:
    """The text in parts of at most so many characters, the seams between a letter and a space."""
    at = 0
    while len(text) - at > most:
        seams = _SEAM.finditer(text, at + most - most // 16, at + most)
        end = max((seam.end() for seam in seams), default=at + most)
        yield text[at:end]
        at = end
    yield text[at:] if at else text


def _count_characters(token: bytes) -> int:
    """The characters that start in a token."""
    return sum(byte & 0xC0 != 0x80 for byte in token)
