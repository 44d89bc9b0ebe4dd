"""Keeping benchmarks out: runs of words that a benchmark item and a text share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from longhop.corpus.reading import read_rows
from longhop.corpus.shingles import Hashes, hash_runs, hash_words, shingle_hashes, words_of
from longhop.errors import ConfigError
from longhop.ports import Sources
from longhop.records.accounts import Reason, Rejection

# A shorter text is no benchmark item but a word that any text may hold.
_SHORTEST = 5


@dataclass(frozen=True)
class Benchmarks:
    """The runs of words of all items, by their width. Items shorter than `ngram` count whole."""

    by_width: dict[int, Hashes]

    def touch(self, text: str) -> bool:
        """Whether a text holds a run of words of any item."""
        words = hash_words(text) if self.by_width else None
        return words is not None and any(
            np.isin(hash_runs(words, width), runs, assume_unique=True).any()
            for width, runs in self.by_width.items()
        )


def read_benchmarks(paths: Iterable[str], sources: Sources, *, ngram: int) -> Benchmarks:
    """Every text in the tables that the paths stand for, however deep it lies in its row.

    Raises:
        ConfigError: A row cannot be read: what must be kept out has to be known.
    """
    by_width: dict[int, list[Hashes]] = {}
    for path in paths:
        for place, row in read_rows(path, sources):
            if isinstance(row, Rejection):
                raise ConfigError(f"benchmark {place} cannot be read: {row.detail}")
            for text in _texts(row):
                width = min(ngram, len(words_of(text)))
                if width >= _SHORTEST:
                    by_width.setdefault(width, []).append(shingle_hashes(text, width))
        if not by_width:
            raise ConfigError(f"benchmark {path} holds no text of {_SHORTEST} words or more")
    return Benchmarks(
        {width: np.unique(np.concatenate(runs)) for width, runs in sorted(by_width.items())}
    )


def find_contamination(stage: str, item: str, text: str, known: Benchmarks) -> Rejection | None:
    """A rejection where the text touches a benchmark."""
    if not known.touch(text):
        return None
    return Rejection(
        stage=stage,
        item=item,
        reason=Reason.CONTAMINATED,
        detail="shares a run of words with a benchmark item",
        raw=text[:200],
    )


def _texts(row: object) -> Iterator[str]:
    waiting = [row]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
