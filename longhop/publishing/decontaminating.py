"""Keeping benchmarks out: runs of words that a benchmark item and a text share."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from longhop.corpus.reading import read_lines
from longhop.corpus.shingles import shingle_hashes, words_of
from longhop.errors import ConfigError
from longhop.records.accounts import Reason, Rejection

# A shorter text is no benchmark item but a word that any text may hold.
_SHORTEST = 5


@dataclass(frozen=True)
class Benchmarks:
    """The runs of words of all items, by their width. Items shorter than `ngram` count whole."""

    by_width: dict[int, frozenset[int]]

    def touch(self, text: str) -> bool:
        """Whether a text holds a run of words of any item."""
        return any(runs & shingle_hashes(text, width) for width, runs in self.by_width.items())


def read_benchmarks(paths: Iterable[str], *, ngram: int) -> Benchmarks:
    """Every text in the files, however deep it lies in its line.

    Raises:
        ConfigError: A line is not JSON: what must be kept out has to be known.
    """
    by_width: dict[int, set[int]] = {}
    for path in paths:
        for number, line in read_lines(path):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ConfigError(f"benchmark {path}:{number} is not JSON: {error}") from error
            for text in _texts(row):
                width = min(ngram, len(words_of(text)))
                if width >= _SHORTEST:
                    by_width.setdefault(width, set()).update(shingle_hashes(text, width))
        if not by_width:
            raise ConfigError(f"benchmark {path} holds no text of {_SHORTEST} words or more")
    return Benchmarks({width: frozenset(runs) for width, runs in sorted(by_width.items())})


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


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
