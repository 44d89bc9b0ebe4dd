"""Which items of benchmarks stand in a text."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from longhop.corpus.shingles import Hashes, hash_words, runs_in_order
from longhop.publishing.decontaminating.items import Benchmarks, Item
from longhop.publishing.decontaminating.plain import plain
from longhop.records.accounts import Reason, Rejection
from longhop.records.contamination import Contamination

# So much of an item, in runs that may stand apart, is the item; of shorter ones all has to be.
_SHARE = 0.55


class Touch(NamedTuple):
    """An item that stands in a text: how many of its words do, and how many in a row."""

    item: Item
    covered: int
    longest: int


def touches(text: str, known: Benchmarks) -> list[Touch]:
    """The items that a text holds: `ngram` of their words in a row, or more than half in runs.

    The one of which most is there comes first. Runs of words propose an item, and all its words
    that stand in such runs, wherever in the text, confirm it.
    """
    if not known.items:
        return []
    words = hash_words(plain(text))
    runs = _RunsOf(words)
    found = []
    for number in _proposed(runs, known):
        item = known.items[number]
        mask = _covered(item, runs)
        touch = Touch(item, int(mask.sum()), _longest(mask))
        if _is_held(touch, known.ngram):
            found.append(touch)
    return sorted(found, key=lambda each: (-each.covered, each.item.place))


def find_contaminations(stage: str, item: str, text: str, known: Benchmarks) -> list[Contamination]:
    """What the text of an item holds of benchmarks; the one of which it holds most comes first."""
    return [
        Contamination(
            stage=stage,
            item=item,
            benchmark=each.item.benchmark,
            place=each.item.place,
            words=each.item.words,
            covered=each.covered,
            in_a_row=each.longest,
        )
        for each in touches(text, known)
    ]


def to_rejection(found: Sequence[Contamination], text: str) -> Rejection:
    """The rejection of an item whose text holds these."""
    most = found[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return Rejection(
        stage=most.stage,
        item=most.item,
        reason=Reason.CONTAMINATED,
        detail=f"{most.covered} of {most.words} words of {most.place}{more}",
        raw=text[:200],
    )


class _RunsOf:
    """The runs of a text's words, ascending, by the widths that are asked for."""

    def __init__(self, words: Hashes) -> None:
        self._words = words
        self._known: dict[int, Hashes] = {}

    def of(self, width: int) -> Hashes:
        """Those of one width; none where the text has fewer words."""
        if width not in self._known:
            short = len(self._words) < width
            runs = self._words[:0] if short else runs_in_order(self._words, width)
            self._known[width] = np.unique(runs)
        return self._known[width]


def _proposed(runs: _RunsOf, known: Benchmarks) -> list[int]:
    """The items of which a run stands in the text that few others have, or all of it."""
    proposed: set[int] = set()
    for width, wanted in known.by_width.items():
        hashed = runs.of(width)
        first = np.searchsorted(wanted.hashes, hashed, side="left")
        last = np.searchsorted(wanted.hashes, hashed, side="right")
        for start, end in zip(first[last > first], last[last > first], strict=True):
            proposed.update(wanted.items[start:end].tolist())
    return sorted(proposed)


def _covered(item: Item, runs: _RunsOf) -> NDArray[np.bool_]:
    """Which words of an item stand in runs that the text has, common ones too."""
    there = np.isin(runs_in_order(item.hashed, item.width), runs.of(item.width))
    mask = np.zeros(item.words, bool)
    for place in np.flatnonzero(there):
        mask[place : place + item.width] = True
    return mask


def _is_held(touch: Touch, ngram: int) -> bool:
    item = touch.item
    if item.width == item.words:
        return touch.covered == item.words
    return touch.longest >= ngram * item.factor or touch.covered >= _SHARE * item.words


def _longest(mask: NDArray[np.bool_]) -> int:
    """The longest stretch of words in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))
