"""The words of a long text as numbers, with where each stands, in milliseconds.

Words are those of `corpus.shingles`, but that a number is one, as in `matching`, and that letters
of scripts without spaces are words of their own. Their numbers are other ones.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from longhop.corpus.shingles import Hashes
from longhop.matching import ARTICLES

_APART, _LETTER, _ALONE = 0, 1, 2
# Scripts whose words are not written apart: Thai to Burmese, Khmer, kana, Han.
_UNSPACED = (
    (0x0E00, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_BACK = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Words:
    """The words of a text: a hash each, and the characters [start, end) that each takes."""

    hashes: Hashes
    starts: Places
    ends: Places

    def __len__(self) -> int:
        return len(self.hashes)

    def bare(self) -> "Words":
        """The same without articles."""
        kept = ~np.isin(self.hashes, _articles())
        return Words(self.hashes[kept], self.starts[kept], self.ends[kept])

    def places_of(self, run: Hashes) -> list[tuple[int, int]]:
        """Where the words of a run stand in a row, as characters [start, end)."""
        width = len(run)
        if not width or width > len(self):
            return []
        found = np.flatnonzero(self.hashes[: len(self) - width + 1] == run[0])
        for at in range(1, width):
            found = found[self.hashes[found + at] == run[at]]
        return [(int(self.starts[each]), int(self.ends[each + width - 1])) for each in found]


def words_of_text(text: str) -> Words:
    """The words of a text, in small letters.

    A word is hashed as a polynomial of its characters, taken from sums over the whole text, so that
    no word is touched one by one.
    """
    codes = np.frombuffer(_lower(text).encode("utf-32-le", "surrogatepass"), np.uint32)
    at = None
    dropped = _thousands(codes)
    if len(dropped):
        at = np.delete(np.arange(len(codes)), dropped)
        codes = codes[at]
    kinds = _kinds()[codes]
    kinds[_points(codes)] = _LETTER
    letter, alone = kinds == _LETTER, kinds == _ALONE
    apart = ~letter
    starts = np.flatnonzero(alone | (letter & np.concatenate([[True], apart[:-1]])))
    ends = np.flatnonzero(alone | (letter & np.concatenate([apart[1:], [True]])))
    powers, inverse = _powers(len(codes))
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * powers, out=sums[1:])
    hashes = (sums[ends + 1] - sums[starts]) * inverse[starts]
    hashes ^= hashes >> np.uint64(32)
    hashes *= _SPREAD
    hashes ^= hashes >> np.uint64(29)
    if at is not None:
        starts, ends = at[starts], at[ends]
    return Words(hashes, starts, ends + 1)


def find_words(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where the words of one text stand in a row in another."""
    return words_of_text(text).places_of(words_of_text(wanted).hashes)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a part of a text is no part of a longer word or number."""
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, at: int) -> bool:
    """Whether what is before a place and what is behind it are of one word."""
    if not 0 < at < len(text):
        return False
    kinds, before, after = _kinds(), text[at - 1], text[at]
    if kinds[ord(before)] == _LETTER and kinds[ord(after)] == _LETTER:
        return True
    left, right = text[at - 2 : at - 1], text[at + 1 : at + 2]
    return (before in ".," and left.isdigit() and after.isdigit()) or (
        after in ".," and before.isdigit() and right.isdigit()
    )


def _lower(text: str) -> str:
    """The text in small letters, none of which takes more places than before."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := each.lower()) == 1 else each for each in text)


def _thousands(codes: NDArray[np.uint32]) -> Places:
    """Where a comma stands within a number: 1,000 is 1000."""
    found = np.flatnonzero(codes == ord(","))
    found = found[(found > 0) & (found + 3 < len(codes))]
    digit = _is_digit(codes)
    for away in (-1, 1, 2, 3):
        found = found[digit[found + away]]
    ended = np.concatenate([digit, [False]])
    within: Places = found[~ended[found + 4]]
    return within


def _points(codes: NDArray[np.uint32]) -> Places:
    """Where a point or a comma stands between digits: 3.5 is one word."""
    found = np.flatnonzero((codes == ord(".")) | (codes == ord(",")))
    found = found[(found > 0) & (found + 1 < len(codes))]
    digit = _is_digit(codes)
    joining: Places = found[digit[found - 1] & digit[found + 1]]
    return joining


def _is_digit(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return (codes >= ord("0")) & (codes <= ord("9"))


@cache
def _kinds() -> NDArray[np.uint8]:
    """By code point: apart, a letter of a word, or a word of its own."""
    kinds = np.zeros(0x110000, np.uint8)
    for code in range(0x32400):
        if chr(code).isalnum():
            kinds[code] = _LETTER
    kinds[ord("_")] = _LETTER
    for first, last in _UNSPACED:
        part = kinds[first : last + 1]
        part[part == _LETTER] = _ALONE
    return kinds


@cache
def _articles() -> Hashes:
    return np.concatenate([words_of_text(each).hashes for each in sorted(ARTICLES)])


class _Powers:
    """The powers of the factor and of its inverse, as many as the longest text needed so far."""

    def __init__(self) -> None:
        self.up = self.down = np.ones(0, np.uint64)

    def take(self, count: int) -> tuple[Hashes, Hashes]:
        if count > len(self.up):
            size = 1 << max(12, (count - 1).bit_length())
            ones = np.ones(1, np.uint64)
            self.up, self.down = (
                np.multiply.accumulate(np.concatenate([ones, np.full(size - 1, each, np.uint64)]))
                for each in (_FACTOR, _BACK)
            )
        return self.up[:count], self.down[:count]


_KEPT = _Powers()


def _powers(count: int) -> tuple[Hashes, Hashes]:
    return _KEPT.take(count)
