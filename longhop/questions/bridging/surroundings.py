"""What stands around a name in a question: whether it is a name of its own there."""

import re
from dataclasses import dataclass
from functools import cached_property

from longhop.questions.bridging.tokens import Token, tokens_of, words_in
from longhop.questions.bridging.vocabulary import (
    BODIES,
    DISTINGUISHING,
    FUNCTION_WORDS,
    HAN_KINDS,
    OF_A_RULER,
    TITLES,
)
from longhop.records.questions import SingleHop

PART_OF_A_NAME = "part of a longer name"

# What is left of a mention behind "of" in another name, as in Battle of Orlin; where capitals
# tell nothing; and there before a word that names often end with.
_BEHIND_OF, _NO_CAPITALS, _BEFORE_A_BODY = 0.8, 0.95, 0.6
# How much less a mention says with each other name in the question.
_OTHER_NAMES = 0.2

# Initials, and titles such as Mr. and Dr.
_SHORT = 3
_NEXT_TO = re.compile(r"[ \u00a0]*|[-‐‑–][ ]?")
_BUT_FOR_AN_ARTICLE = re.compile(r"[ ]+[Tt]he[ ]+")
_HYPHENS = ("-", "‐", "‑")
_DOTS = ("·", "・", "‧")
# As in St. John's University; what a person owns or made is no part of their name.
_POSSESSIVE = re.compile(r"['’`ʼ](?:s)?[ ]")
_OF = frozenset({"of", "de", "del", "di", "da"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A run of a question's words that are those of a name."""

    start: int
    end: int
    doubt: str
    share: float  # what the surroundings leave of a form's worth
    capital: bool


class Asked:
    """A question as a sequence of words, among which names are looked for."""

    def __init__(self, question: SingleHop) -> None:
        self.text = question.question
        self.tokens = tokens_of(question.question)
        self.words = tuple(token.word for token in self.tokens)
        self._longer = [*question.entities, *_if_a_name(question.subject)]

    def places_of(self, words: tuple[str, ...]) -> list[int]:
        """Where the words stand in a row."""
        width = len(words)
        return [
            at
            for at, word in enumerate(self.words)
            if words and word == words[0] and self.words[at : at + width] == words
        ]

    def spot(self, at: int, width: int) -> Spot:
        """The words from `at` on, and what stands around them."""
        end = at + width
        first, last = self.tokens[at], self.tokens[end - 1]
        if first.is_han:
            is_part, share = self._is_part_in_chinese(first.start, last.end), 1.0
        else:
            is_part, share = self._is_part(at, end), self._share(at, end)
        is_part = is_part or self._is_part_of_an_entity(at, end)
        capital = any(token.is_capital for token in self.tokens[at:end])
        return Spot(first.start, last.end, PART_OF_A_NAME if is_part else "", share, capital)

    @cached_property
    def _capitals_tell(self) -> bool:
        """Whether some words have a capital and others have none."""
        rest = [token for token in self.tokens[1:] if token.text[0].isalpha()]
        functions = [token.is_capital for token in rest if token.word in FUNCTION_WORDS]
        is_titled = len(functions) > 1 and all(functions)
        return not is_titled and any(token.is_capital for token in rest)

    @cached_property
    def _names(self) -> list[bool]:
        """For each word whether it belongs to a name, as far as capitals tell."""
        return [
            self._capitals_tell and token.is_capital and token.word not in FUNCTION_WORDS
            for token in self.tokens
        ]

    @cached_property
    def _entity_places(self) -> list[tuple[int, int]]:
        names = [words_in(name) for name in self._longer]
        return [(at, at + len(words)) for words in names for at in self.places_of(words)]

    def _is_part_of_an_entity(self, at: int, end: int) -> bool:
        """Whether it stands within a longer name that the question is said to have.

        "Who starred in Murder in Texas?" asks about no state.
        """
        return any(
            first <= at
            and end <= last
            and last - first > end - at
            and not (end == last and TITLES.issuperset(self.words[first:at]))
            for first, last in self._entity_places
        )

    def _share(self, at: int, end: int) -> float:
        if not self._capitals_tell:
            is_one, after = end - at == 1, self.words[end : end + 1]
            return _BEFORE_A_BODY if is_one and BODIES.intersection(after) else _NO_CAPITALS
        behind_of = at > 1 and self.words[at - 1] in _OF and self._names[at - 2]
        share = _BEHIND_OF if behind_of and self._names[at] else 1.0
        others = [named and not at <= place < end for place, named in enumerate(self._names)]
        runs = sum(one > before for before, one in zip([False, *others], others, strict=False))
        return share / (1 + _OTHER_NAMES * runs)

    def _is_part(self, at: int, end: int) -> bool:
        return (at > 0 and self._goes_on_before(at)) or (
            end < len(self.tokens) and self._goes_on_behind(end, is_one=end - at == 1)
        )

    def _goes_on_before(self, at: int) -> bool:
        before, gap = self.tokens[at - 1], self._gap(at)
        if gap in _HYPHENS:
            return True
        if not _NEXT_TO.fullmatch(gap):
            return False
        if before.text == "&" or not self._capitals_tell:
            return before.text == "&" or before.word in DISTINGUISHING
        return self._names[at - 1] and before.word not in TITLES

    def _goes_on_behind(self, end: int, *, is_one: bool) -> bool:
        after, gap = self.tokens[end], self._gap(end)
        if _BUT_FOR_AN_ARTICLE.fullmatch(gap):
            return self._names[end]
        if _POSSESSIVE.fullmatch(gap):
            return self._names[end] and after.word in BODIES
        if not _NEXT_TO.fullmatch(gap):
            return False
        if after.word[0].isdigit():
            return not _is_year(after)
        if OF_A_RULER.fullmatch(after.text):
            return True
        if is_one and after.word in _OF:
            return self._is_next_name(end + 1)
        return after.text == "&" or self._names[end]

    def _is_next_name(self, at: int) -> bool:
        """Whether a name begins there, without a sign before it."""
        return at < len(self.tokens) and self._names[at] and bool(_NEXT_TO.fullmatch(self._gap(at)))

    def _gap(self, at: int) -> str:
        """What stands between a word and the one before it, without the dot of what is short."""
        before = self.tokens[at - 1]
        gap = self.text[before.end : self.tokens[at].start]
        return gap.removeprefix(".") if len(before.word) <= _SHORT else gap

    def _is_part_in_chinese(self, start: int, end: int) -> bool:
        """Whether it is within a title or a name of several parts, or names something's kind."""
        before, after = self.text[:start], self.text[end:]
        in_title = before.rfind("《") > before.rfind("》")
        is_title = before.endswith("《") and after.startswith("》")
        dotted = before.endswith(_DOTS) or after.startswith(_DOTS)
        return dotted or (in_title and not is_title) or after.startswith(HAN_KINDS)


def _if_a_name(subject: str) -> tuple[str, ...]:
    """The subject, where it is a name as a whole: "University of Orlin", not "capital of Orlin"."""
    tokens = tokens_of(subject)
    if any(token.is_han for token in tokens):
        return () if "的" in subject else (subject,)
    named = [token.is_capital or token.word in FUNCTION_WORDS for token in tokens]
    return (subject,) if tokens and all(named) and tokens[0].is_capital else ()


def _is_year(token: Token) -> bool:
    return token.text.isdigit() and len(token.text) == 4
