"""What the thinking rooms may ask for. Each has a real maker and, in tests, a fake."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from longhop.records.base import Record
from longhop.records.model import Prompt
from longhop.records.replies import Reply

P = TypeVar("P", bound=Reply)


class NoReply(Record):
    r"""What comes back instead of a reply: unparsable twice over, or refused by the endpoint.

    {"refused": false, "detail": "questions.0.kind: …", "raw": "{\\"questions\\": […"}
    """

    refused: bool
    detail: str
    raw: str


class ChatModel(Protocol):
    """A model that answers prompts with validated replies."""

    async def ask(
        self, prompt: Prompt, language: str, values: Mapping[str, object], reply: type[P]
    ) -> P | NoReply:
        """The validated reply to a prompt, asked once more where it was not valid.

        Raises:
            EndpointDown: The endpoint does not answer any more.
            EndpointError: The endpoint knows no such model, or accepts no such key.
        """


class Embedder(Protocol):
    """A model that turns texts into directions."""

    @property
    def weights(self) -> str:
        """The hash of its weights."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.int16]:
        """One unit vector a text, in steps of 1/2047, in the order of the texts."""


class Tokenizer(Protocol):
    """A tokenizer of the model that will be trained."""

    name: str

    def count(self, text: str) -> int:
        """The tokens of the whole text; counts of its parts do not add up to it."""

    def encode(self, text: str) -> list[int]:
        """The token ids of the text."""

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of token ids."""

    def boundaries(self, text: str) -> NDArray[np.int64]:
        """Where each token of the text ends, in code points, ascending.

        Slices can be estimated from it at no cost, but their own tokens may be others.
        """

    def settled(self, text: str, start: int, end: int, /) -> tuple[int, int]:
        """A part of [start, end) that has the tokens it has in the whole text also in the slice.

        The slice has then those of what is before the part, of the part, and of what is after it.
        Where nothing is sure the part is [start, start).
        """


class Sources(Protocol):
    """Where input files lie: local ones and those of a bucket alike, by the names specs give."""

    def find(self, path: str) -> list[str]:
        """The names of the files that a path stands for, sorted: itself, a folder's, a glob's.

        A name that ends in a slash is a folder that was not looked into: a store's.

        Raises:
            ConfigError: There is none, or it cannot be looked at.
        """

    def open(self, name: str) -> BinaryIO:
        """A file, open for reading from its start, in bytes as they lie there.

        Raises:
            ConfigError: It cannot be opened.
        """

    def size(self, name: str) -> int:
        """The bytes of a file."""

    def fingerprint(self, name: str) -> str:
        """A hash that changes when the file's bytes do."""


class Remembrance(Protocol):
    """A store of dear values by key."""

    def get(self, key: str) -> object | None:
        """The value under a key, or None."""

    def put(self, key: str, value: object) -> None:
        """Keep a value, for good before this returns; the first value of a key stays."""

    def get_many(self, keys: Sequence[str]) -> dict[str, object]:
        """The values under those of the keys that there are."""

    def put_many(self, values: Mapping[str, object]) -> None:
        """Keep several values, as `put` does."""


class Progress(Protocol):
    """Somebody who watches."""

    def stage_done(self, stage: str, part: str, counts: str, *, reused: bool) -> None:
        """A task of a stage has ended, by its work or by its receipt."""
