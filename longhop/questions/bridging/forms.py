"""Forms of a name: in full, by its surname, by initials, as a country is called otherwise."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from longhop.questions.bridging.countries import other_names
from longhop.questions.bridging.tokens import Token, tokens_of
from longhop.questions.bridging.vocabulary import (
    BODIES,
    FIRST_NAMES,
    FUNCTION_WORDS,
    OF_A_RULER,
    PARTICLES,
    SUFFIXES,
    TITLES,
)
from longhop.records.questions import AnswerKind, SingleHop

_BRACKETS = re.compile(r"\s*[(（]([^()（）]*)[)）]\s*")
_PREPOSITION = re.compile(r"(?:in|at|on|by|from|near|of|to|for)\s+", re.IGNORECASE)
# The dots between the parts of a name that Chinese takes from elsewhere.
_DOTS = re.compile("[·・‧]")
_LONGEST = 12
# Of a name of one word without its capital: it may be any word then.
_A_WORD = 0.5


@dataclass(frozen=True, slots=True)
class Form:
    """One way of giving a name, and how surely it stands for it."""

    words: tuple[str, ...]
    worth: float
    why: str
    in_lower_case: float  # what is left of its worth without a capital


def forms_of(question: SingleHop) -> tuple[Form, ...]:
    """The forms of a question's answer, the surest first, none of them twice."""
    return _forms(question.answer, question.aliases, question.kind)


@lru_cache(maxsize=1 << 15)
def _forms(answer: str, aliases: tuple[str, ...], kind: AnswerKind) -> tuple[Form, ...]:
    found = list(_forms_of_name(answer, kind, 1.0, "named in full"))
    for alias in aliases:
        found += _forms_of_name(alias, kind, 0.95, "by another of its names")
    best: dict[tuple[str, ...], Form] = {}
    for form in sorted(found, key=lambda each: (-each.worth, each.words, each.why)):
        if _can_be_told(form.words):
            best.setdefault(form.words, form)
    return tuple(best.values())


def _can_be_told(words: tuple[str, ...]) -> bool:
    """Not one letter, digit or character, not digits alone, nor a word of every question."""
    if len(words) == 1:
        word = words[0]
        return len(word) > 1 and not word.isdigit() and (word not in FUNCTION_WORDS or word == "us")
    return 0 < len(words) <= _LONGEST


def _forms_of_name(name: str, kind: AnswerKind, worth: float, why: str) -> Iterator[Form]:
    bare = _BRACKETS.sub(" ", name).strip()
    tokens = tokens_of(bare) or tokens_of(name)
    yield _form(tokens, worth, why)
    for inside in _BRACKETS.findall(name):
        if inside.isupper():
            yield _form(tokens_of(inside), 0.8 * worth, "by its abbreviation")
    for other in other_names(_words(tokens)):
        yield _form(tokens_of(other), 0.85 * worth, "another form of a country's name")
    if not any(token.is_capital for token in tokens):
        yield from _behind_a_dot(bare, kind, worth)
        return
    yield from _without_surroundings(bare, worth)
    yield from _in_the_plural(tokens, worth)
    if is_of_a_person(tokens, kind):
        yield from _forms_of_person(tokens, worth)
    else:
        yield from _by_initials(tokens, worth)


def _without_surroundings(name: str, worth: float) -> Iterator[Form]:
    """A place without "in" before it, or without the larger one behind it."""
    if match := _PREPOSITION.match(name):
        yield _form(tokens_of(name[match.end() :]), 0.9 * worth, "without its preposition")
    first, comma, rest = name.partition(",")
    if comma and rest.strip()[:1].isupper():
        yield _form(tokens_of(first), 0.8 * worth, "without the larger place")


def _in_the_plural(tokens: list[Token], worth: float) -> Iterator[Form]:
    """The s of a possessive needs no form: it is no part of any word."""
    last = tokens[-1].word
    if last.isalpha() and not last.endswith("s") and len(last) > 2:
        plural = last[:-1] + "ies" if last.endswith("y") else last + "s"
        yield Form((*_words(tokens[:-1]), plural), 0.7 * worth, "in the plural", 0.0)


def _by_initials(tokens: list[Token], worth: float) -> Iterator[Form]:
    capitals = [token for token in tokens if token.is_capital]
    if len(capitals) >= 3 and len(tokens) - len(capitals) <= 2:
        word = "".join(token.word[0] for token in capitals)
        yield Form((word,), 0.6 * worth, "by its initials", 0.0)


def is_of_a_person(tokens: list[Token], kind: AnswerKind) -> bool:
    """Whether a name has a surname: where its kind does not tell, by how it is written."""
    if kind is not AnswerKind.OTHER:
        return kind is AnswerKind.PERSON
    return 2 <= len(tokens) <= 5 and all(
        token.text.replace(".", "").replace(" ", "").isalpha()
        and (token.is_capital or token.word in PARTICLES)
        and token.word not in BODIES
        and (len(token.text) < 3 or not token.text.isupper())
        for token in tokens
    )


def is_first_name(person: str) -> bool:
    """Whether a common first name is all: "Eleanor", "Prince Edward", "William I"."""
    tokens = _without_titles(tokens_of(_BRACKETS.sub(" ", person)))
    named = [each for each in tokens if not OF_A_RULER.fullmatch(each.text)]
    return len(named) == 1 and named[0].word in FIRST_NAMES


def _forms_of_person(tokens: list[Token], worth: float) -> Iterator[Form]:
    named = _without_titles(tokens)
    if len(named) < len(tokens):
        yield _form(named, 0.9 * worth, "without its title")
    start = len(named) - 1
    while start > 1 and named[start - 1].word in PARTICLES:
        start -= 1
    given, surname = named[:start], _words(named[start:])
    if not given or "of" in _words(named):  # Edward I of England is no Mr. England
        return
    yield Form(surname, 0.5 * worth, "the surname alone", 0.0)
    yield Form(surname[-1:], 0.4 * worth, "the surname alone", 0.0)
    yield Form((given[0].word, *surname), 0.8 * worth, "without the middle name", 1.0)
    letters = "".join(_initials(token) for token in given)
    for initials in ((letters[0],), (letters,), tuple(letters)):
        yield Form((*initials, *surname), 0.7 * worth, "by initial and surname", 1.0)


def _without_titles(tokens: list[Token]) -> list[Token]:
    """A person's name without what stands before it, and behind it."""
    start, end = 0, len(tokens)
    while start < end - 1 and tokens[start].word in TITLES:
        start += 1
    while end - 1 > start and tokens[end - 1].word in SUFFIXES:
        end -= 1
    return tokens[start:end]


def _initials(token: Token) -> str:
    """Of "J. K." both letters, of "Joanne" the first."""
    return token.word if "." in token.text else token.word[0]


def _behind_a_dot(name: str, kind: AnswerKind, worth: float) -> Iterator[Form]:
    *before, last = _DOTS.split(name)
    if before and kind in (AnswerKind.PERSON, AnswerKind.OTHER):
        yield _form(tokens_of(last), 0.5 * worth, "the surname alone")


def _form(tokens: list[Token], worth: float, why: str) -> Form:
    is_a_word = len(tokens) == 1 and tokens[0].is_capital
    return Form(_words(tokens), worth, why, _A_WORD if is_a_word else 1.0)


def _words(tokens: list[Token]) -> tuple[str, ...]:
    return tuple(token.word for token in tokens)
