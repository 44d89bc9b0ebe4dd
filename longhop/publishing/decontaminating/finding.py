"""Which items of benchmarks stand in a text."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from longhop.corpus.shingles import hash_words, runs_in_order
from longhop.publishing.decontaminating.items import Benchmarks, Item, Runs
from longhop.publishing.decontaminating.plain import plain
from longhop.records.accounts import Reason, Rejection

# So much of an item, in runs that may stand apart, is the item; of shorter ones all has to be.
_SHARE = 0.55


class Touch(NamedTuple):
    """An item that stands in a text: how many of its words do, and how many in a row."""

    item: Item
    covered: int
    longest: int

    @property
    def told(self) -> str:
        """In words, for whoever looks it up."""
        return f"{self.covered} of {self.item.words} words of {self.item.place}"


def touches(text: str, known: Benchmarks) -> list[Touch]:
    """The items that a text holds: `ngram` of their words in a row, or more than half in runs.

    The one of which most is there comes first. Runs of words propose an item, and all its words
    that stand in such runs, wherever in the text, confirm it.
    """
    if not known.items:
        return []
    words = hash_words(plain(text))
    covered: dict[int, NDArray[np.bool_]] = {}
    for width, runs in known.by_width.items():
        if len(words) >= width:
            _cover(runs_in_order(words, width), runs, width, known, covered)
    found = []
    for number, mask in covered.items():
        item = known.items[number]
        touch = Touch(item, int(mask.sum()), _longest(mask))
        if _is_held(touch, known.ngram):
            found.append(touch)
    return sorted(found, key=lambda each: (-each.covered, each.item.place))


def find_contamination(stage: str, item: str, text: str, known: Benchmarks) -> Rejection | None:
    """A rejection where the text holds an item of a benchmark, with the one it holds most of."""
    found = touches(text, known)
    if not found:
        return None
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return Rejection(
        stage=stage,
        item=item,
        reason=Reason.CONTAMINATED,
        detail=found[0].told + more,
        raw=text[:200],
    )


def _cover(
    hashed: NDArray[np.uint64],
    runs: Runs,
    width: int,
    known: Benchmarks,
    covered: dict[int, NDArray[np.bool_]],
) -> None:
    """Mark the words of items that stand in runs of a text."""
    hashed = np.unique(hashed)
    first = np.searchsorted(runs.hashes, hashed, side="left")
    last = np.searchsorted(runs.hashes, hashed, side="right")
    for start, end in zip(first[last > first], last[last > first], strict=True):
        for at in range(start, end):
            number, place = int(runs.items[at]), int(runs.places[at])
            mask = covered.get(number)
            if mask is None:
                mask = covered[number] = np.zeros(known.items[number].words, bool)
            mask[place : place + width] = True


def _is_held(touch: Touch, ngram: int) -> bool:
    item = touch.item
    if item.width == item.words:
        return touch.covered == item.words
    return touch.longest >= ngram * item.factor or touch.covered >= _SHARE * item.words


def _longest(mask: NDArray[np.bool_]) -> int:
    """The longest stretch of words in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))
