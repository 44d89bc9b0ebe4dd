"""Documents that may not be in a dataset any more."""

from collections.abc import Iterable

from longhop.identity import digest
from longhop.records.base import Record


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

    {"documents": [{"mark": "t-5f0c…", …}], "erasing": []}

    `erasing` names the versions, `<dataset>/<version>`, that an erasure which is not finished was
    to remove.
    """

    documents: tuple[Takedown, ...] = ()
    erasing: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks, sorted."""
        return tuple(sorted(each.mark for each in self.documents))

    @property
    def bare(self) -> "Takedowns":
        """The list as builds need it, without what is there for people alone."""
        known = (Takedown(mark=each.mark, texts=each.texts) for each in self.documents)
        return Takedowns(documents=tuple(known))

    def with_more(self, more: Iterable[Takedown]) -> "Takedowns":
        """The list with more of them; of one that is on it already, all that either knows."""
        known = {each.mark: each for each in self.documents}
        for each in more:
            before = known.get(each.mark, each)
            texts = tuple(sorted({*before.texts, *each.texts}))
            known[each.mark] = before.model_copy(update={"texts": texts})
        listed = tuple(known[mark] for mark in sorted(known))
        return self.model_copy(update={"documents": listed})

    def erased(self, marks: Iterable[str]) -> "Takedowns":
        """The list once the text of some of them is erased: their ids are not kept either."""
        gone = set(marks)
        listed = tuple(
            each.model_copy(update={"id": "", "erased": True}) if each.mark in gone else each
            for each in self.documents
        )
        return Takedowns(documents=listed)


def mark_of(document_id: str) -> str:
    """What stands for a document that was taken down: a hash of its id."""
    return f"t-{digest('takedown', document_id)[:16]}"
