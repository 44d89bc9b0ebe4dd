"""A document on its way: its sections, where its evidence lies, and what can be cut off it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np

from longhop.contexts.residue import cut_residue
from longhop.corpus.languages.sentences import split_sentences
from longhop.corpus.shingles import shingle_hashes
from longhop.questions.locating import locate
from longhop.records.replies import WrittenSection

BETWEEN = "\n\n"
# A section of which so much stands in the others says what they say.
_REPEATED, _WIDTH = 0.5, 5
# A quote that stands in more places says nothing by the others.
_MOST_PLACES = 20
# What a sentence ends with, and whatever closes behind it.
_SENTENCE_ENDS = re.compile(r"[.!?…:;。！？：；۔؟।][\W_]*\Z")


class Place(NamedTuple):
    """Characters [start, end) of a section, by its number."""

    section: int
    start: int
    end: int


@dataclass
class Draft:
    """Sections in order; `asked` are the words that they were asked for.

    `lengths` has the length of the whole after each request.
    """

    title: str
    language: str
    sections: list[str]
    evidence: tuple[str, ...]
    asked: int
    lengths: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole document."""
        return BETWEEN.join(self.sections)

    @property
    def places(self) -> list[Place]:
        """All places of the evidence, in the order of the text, none within another."""
        found = {
            Place(number, *place)
            for number, section in enumerate(self.sections)
            for quote in self.evidence
            for place in islice(locate(quote, section), _MOST_PLACES)
        }
        return [
            each
            for each in sorted(found)
            if not any(_is_within(each, other) for other in found if other != each)
        ]

    def quoted(self, place: Place) -> str:
        """The text of a place."""
        return self.sections[place.section][place.start : place.end]

    def add(self, sections: Sequence[str], *, before: bool) -> None:
        """Put sections before the first one, or after the last, but for those that say it again."""
        new: list[str] = []
        for each in sections:
            if not _repeats(each, _joined([*self.sections, *new])):
                new.append(each)
        self.sections = [*new, *self.sections] if before else [*self.sections, *new]

    def trim(self, length: Callable[[str], int], wanted: float, least: float, most: float) -> None:
        """Cut off as few sentences as make the whole no longer than wanted.

        Where that leaves less than the least, no longer than the most. Sections without evidence
        are cut from their ends, the last ones first; then what stands after the evidence in others.
        """
        shorter = [list(self.sections), *self._shorter()]

        def first(limit: float) -> list[str]:
            low, high = 0, len(shorter) - 1
            while low < high:
                middle = (low + high) // 2
                if length(_joined(shorter[middle])) <= limit:
                    high = middle
                else:
                    low = middle + 1
            return shorter[low]

        cut = first(wanted)
        if length(_joined(cut)) < least:
            cut = first(most)
        self.sections = [each for each in cut if each]

    def _shorter(self) -> Iterator[list[str]]:
        """The sections with one sentence less each time, as far as the evidence lets them."""
        kept = list(self.sections)
        places = self.places
        held = {each.section for each in places}
        bare = [number for number in range(len(kept)) if number not in held]
        for number in (*reversed(bare), *sorted(held, reverse=True)):
            text = kept[number]
            needed = max((each.end for each in places if each.section == number), default=0)
            for start, _ in reversed(split_sentences(text, self.language)):
                if start < needed:
                    break
                left = text[:start].rstrip()
                kept[number] = "" if _is_heading(left) else left
                yield list(kept)


def read_sections(sections: Sequence[WrittenSection]) -> list[str]:
    """The texts of sections, each under its heading if it has one, without residue at the ends."""
    read = ((cut_residue(each.heading), cut_residue(each.text)) for each in sections)
    return [
        f"{' '.join(head.split())}{BETWEEN}{text}" if head else text for head, text in read if text
    ]


def _repeats(section: str, text: str) -> bool:
    own, told = (shingle_hashes(each, _WIDTH) for each in (section, text))
    return float(np.isin(own, told, assume_unique=True).mean()) >= _REPEATED


def _is_heading(text: str) -> bool:
    """Whether what is left of a section is one line that is no sentence."""
    return BETWEEN not in text and not _SENTENCE_ENDS.search(text)


def _joined(sections: Sequence[str]) -> str:
    return BETWEEN.join(each for each in sections if each)


def _is_within(one: Place, other: Place) -> bool:
    return one.section == other.section and other.start <= one.start and one.end <= other.end
