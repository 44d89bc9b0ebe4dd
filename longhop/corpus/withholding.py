"""Documents that were taken down, known again by their ids and by their words."""

from collections.abc import Callable

import xxhash

from longhop.corpus.shingles import hash_words
from longhop.records.corpus import Document
from longhop.records.takedowns import Takedowns, mark_of


def hash_of_words(text: str) -> str:
    """A hash of a text's words in order, as sketches have it.

    Case, white space and punctuation do not count, so that the text of another file is known too.
    """
    return xxhash.xxh3_128_hexdigest(hash_words(text).tobytes())


def withholder(takedowns: Takedowns) -> Callable[[Document], bool]:
    """Whether a document is one that was taken down, or has the words of one."""
    marks = frozenset(takedowns.marks)
    words = frozenset(each for one in takedowns.documents for each in one.texts)

    def is_withheld(document: Document) -> bool:
        if not marks:
            return False
        if mark_of(document.id) in marks:
            return True
        return bool(words) and hash_of_words(document.text) in words

    return is_withheld
