"""Shingles: the runs of words, or of Chinese characters, that two texts are compared by."""

import re

import xxhash

# A Chinese character is a word of its own; anything else runs to the next space or sign.
_WORD = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+")


def words_of(text: str) -> list[str]:
    """The words of a text, case folded, without punctuation."""
    return _WORD.findall(text.casefold())


def shingle_hashes(text: str, width: int) -> frozenset[int]:
    """The 64-bit hashes of all runs of `width` words; of the whole text where it has fewer."""
    words = words_of(text) or [text.strip()]  # signs alone are told apart as they are
    runs = max(1, len(words) - width + 1)
    joined = (" ".join(words[start : start + width]) for start in range(runs))
    return frozenset(xxhash.xxh3_64_intdigest(run.encode()) for run in joined)
