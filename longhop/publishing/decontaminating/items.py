"""Benchmarks as what is looked for: the runs of words of their items."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from longhop.corpus.reading import read_rows
from longhop.corpus.shingles import Hashes, hash_words, runs_in_order
from longhop.errors import ConfigError
from longhop.ports import Sources
from longhop.publishing.decontaminating.plain import plain
from longhop.records.accounts import Rejection

# A shorter text is no benchmark item but a word that any text may hold.
_SHORTEST = 5
# Items are looked for by runs of half their words, so that both halves are found apart, but by no
# shorter and no longer ones than these; an item below `_WHOLE` words only as a whole.
_LEAST, _MOST, _WHOLE = 5, 8, 10
# Where nearly all is Chinese, words are characters, and two stand for one.
_HAN = 2
# A run that so many items share is their template, and says nothing of any.
_COMMON = 20


@dataclass(frozen=True)
class Item:
    """One text of a benchmark: where it stands, its hashed words, how it is looked for.

    `width` is that of the runs it is looked for by, `factor` how many words stand for one.
    """

    place: str
    benchmark: str
    hashed: Hashes
    width: int
    factor: int

    @property
    def words(self) -> int:
        """How many it has."""
        return len(self.hashed)


@dataclass(frozen=True)
class Runs:
    """Runs of one width that propose items: their hashes, ascending, and whose each is."""

    hashes: Hashes
    items: NDArray[np.int64]


@dataclass(frozen=True)
class Benchmarks:
    """The items of benchmarks, and by width the runs of words that propose them.

    An item is proposed by those of its runs that few others have, and by all of it. `ngram` words
    of an item in a row are too many in any text.
    """

    items: tuple[Item, ...]
    by_width: Mapping[int, Runs]
    ngram: int


def read_benchmarks(paths: Iterable[str], sources: Sources, *, ngram: int) -> Benchmarks:
    """Every text in the tables that the paths stand for, however deep it lies in its row.

    Raises:
        ConfigError: A row cannot be read: what must be kept out has to be known.
    """
    items: list[Item] = []
    seen: set[bytes] = set()
    for path in paths:
        texts = 0
        for place, row in read_rows(path, sources):
            if isinstance(row, Rejection):
                raise ConfigError(f"benchmark {place} cannot be read: {row.detail}")
            for text in _texts(row):
                form = plain(text)
                hashed = hash_words(form)
                factor = _HAN if _is_chinese(form) else 1
                if len(hashed) < _SHORTEST * factor:
                    continue
                texts += 1
                key = hashed.tobytes()
                if key not in seen:
                    seen.add(key)
                    width = _width(len(hashed), factor)
                    items.append(Item(str(place), path, hashed, width, factor))
        if not texts:
            raise ConfigError(f"benchmark {path} holds no text of {_SHORTEST} words or more")
    return Benchmarks(tuple(items), _runs(items), ngram)


def _width(words: int, factor: int) -> int:
    if words < _WHOLE * factor:
        return words
    return factor * min(_MOST, max(_LEAST, words // factor // 2))


def _runs(items: list[Item]) -> dict[int, Runs]:
    """The runs that propose items, by width; where all of an item's are common, the whole of it."""
    found = {}
    proposed: set[int] = set()
    for width, numbers in _by_width(items, [each.width for each in items]).items():
        runs = _sorted_runs(items, numbers, width)
        common = _common(runs.hashes, runs.items)
        found[width] = Runs(runs.hashes[~common], runs.items[~common])
        proposed |= set(found[width].items.tolist())
    rest = [number for number in range(len(items)) if number not in proposed]
    for width, numbers in _by_width(items, [each.words for each in items], rest).items():
        more = _sorted_runs(items, numbers, width)
        found[width] = _merged(found[width], more) if width in found else more
    return dict(sorted(found.items()))


def _by_width(
    items: list[Item], widths: list[int], numbers: Iterable[int] | None = None
) -> dict[int, list[int]]:
    by_width: dict[int, list[int]] = defaultdict(list)
    for number in range(len(items)) if numbers is None else numbers:
        by_width[widths[number]].append(number)
    return dict(sorted(by_width.items()))


def _sorted_runs(items: list[Item], numbers: list[int], width: int) -> Runs:
    runs = [runs_in_order(items[each].hashed, width) for each in numbers]
    hashes = np.concatenate(runs)
    owners = np.repeat(numbers, [len(each) for each in runs])
    order = np.argsort(hashes, kind="stable")
    return Runs(hashes[order], owners[order])


def _merged(one: Runs, other: Runs) -> Runs:
    hashes = np.concatenate([one.hashes, other.hashes])
    owners = np.concatenate([one.items, other.items])
    order = np.argsort(hashes, kind="stable")
    return Runs(hashes[order], owners[order])


def _common(hashes: Hashes, owners: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the sorted runs stand in so many items that they are none's."""
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))
    sizes = np.diff(np.append(starts, len(hashes)))
    common = [
        size > _COMMON and len(np.unique(owners[start : start + size])) > _COMMON
        for start, size in zip(starts, sizes, strict=True)
    ]
    return np.repeat(np.array(common, bool), sizes)


def _is_chinese(text: str) -> bool:
    han = sum("\u3400" <= each <= "\u9fff" for each in text)
    return han > len(text) // 2


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
