"""Which documents would be evidence too, and are no distractors."""

from collections.abc import Iterable

from longhop.matching import ARTICLES, normalise, words_in
from longhop.records.corpus import Document
from longhop.records.questions import SingleHop
from longhop.records.verification import MultiHop


class Rivals:
    """Tells for one row whether a text states a hop's answer with what that hop is about.

    What a hop is about are its subject, whatever else it names, and the words for an earlier
    answer that it rests on. Where nothing of that is known, its answer alone is too much. A text
    that quotes a hop's evidence is a rival, too.
    """

    def __init__(self, row: MultiHop) -> None:
        self._hops = [
            (
                joined(words_in(hop.quote)),
                _names((hop.answer, *hop.aliases)),
                _names(_about(row, hop)),
            )
            for hop in row.hops
        ]

    def has(self, words: str) -> bool:
        """Whether a text is a rival; `words` are its `joined` ones."""
        return any(
            quote in words
            or (
                any(each in words for each in answers)
                and (not about or any(each in words for each in about))
            )
            for quote, answers, about in self._hops
        )


def bare_words(document: Document) -> str:
    """The words of a document and its title, ready to be searched for whole names."""
    return joined(words_in(f"{document.title} {document.text}"))


def joined(words: Iterable[str]) -> str:
    """Words between spaces, without articles, so that a name can be searched for as a text."""
    return f" {' '.join(word for word in words if word not in ARTICLES)} "


def _about(row: MultiHop, hop: SingleHop) -> list[str]:
    place = row.hops.index(hop)
    mentions = [
        name
        for link in row.links
        if link.tail == place
        for name in (link.mention, row.hops[link.head].answer)
    ]
    return [each for each in (hop.subject, *hop.entities, *mentions) if each]


def _names(names: Iterable[str]) -> list[str]:
    found = dict.fromkeys(joined(normalise(each)) for each in names)
    return [each for each in found if each.strip()]
