"""Documents that may not be in a dataset any more."""

import re

from longhop.identity import digest
from longhop.records.base import Record

_WORD = re.compile(r"\w+")


class Takedown(Record):
    """A document that was taken down, as it is remembered.

    {"mark": "t-5f0c1f1be6bd0a55", "texts": ["91ab…"], "id": "mq_806e6a21b3ba", "erased": false}

    `mark` is a hash of its id, and stands for it wherever a version speaks of it; `texts` are
    hashes of its words, by which the same text under another id is known. `id` is there for people
    until its text is erased.
    """

    mark: str
    texts: tuple[str, ...] = ()
    id: str = ""
    erased: bool = False


class Takedowns(Record):
    """All that was taken down of a dataset: `takedowns.json`, the operator's list.

    {"documents": [{"mark": "t-5f0c…", …}]}
    """

    documents: tuple[Takedown, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks, sorted."""
        return tuple(sorted(each.mark for each in self.documents))

    def hold(self, document_id: str, text: str) -> bool:
        """Whether a document is one of them, by its id or by its words."""
        if not self.documents:
            return False
        known = {each.mark for each in self.documents}
        words = {each for one in self.documents for each in one.texts}
        return mark_of(document_id) in known or hash_of_words(text) in words


def mark_of(document_id: str) -> str:
    """What stands for a document that was taken down: a hash of its id."""
    return f"t-{digest('takedown', document_id)[:16]}"


def hash_of_words(text: str) -> str:
    """A hash of a text's words in order, whatever their case and what stands between them."""
    return digest("words", _WORD.findall(text.casefold()))
