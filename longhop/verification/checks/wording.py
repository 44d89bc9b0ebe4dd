"""Wording: length, language, and whether a question can be understood on its own."""

import re
from collections.abc import Iterator, Sequence

from longhop.corpus.languages.codes import LANGUAGES, UNSPACED, detect_language, prompt_language
from longhop.corpus.languages.scripts import same_script
from longhop.matching import normalise
from longhop.records.accounts import Reason
from longhop.verification.checks.finding import Finding, find

_LONGEST_QUESTION = 400
_LONGEST_ANSWER = 120
_FEWEST_WORDS = {"en": 3, "zh": 5}
_PRONOUN = re.compile(r"\b(it|its|he|him|his|she|her|hers|they|them|their|theirs)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=\s)[A-Z\d\"“']|[\"“《「]")
_POINTS_AT_TEXT = re.compile(
    r"\b(?:the|this|that|these|those) (?:above |following )?(?:passage|document|text|article|"
    r"paragraph|excerpt|section|page)s?\b|according to (?:it|this)\b|[本该此这]"
    r"(?:文|篇|段|页|文档|文章|资料)|上文|下文",
    re.IGNORECASE,
)
# A kind of thing with an article, and nothing that says which: "the book", "the book in", but not
# "the book of …" or "the book in which …".
_BARE_KIND = re.compile(
    r"\bthe (?:album|author|band|book|bridge|building|city|club|company|country|film|game|group|"
    r"man|movie|novel|organi[sz]ation|person|place|river|school|series|show|song|team|town|"
    r"university|village|woman|work)\b(?=\W*$|\s+(?:is|was|were|are|has|had|did|does|do|in|on)\b"
    r"(?!\s+wh))",
    re.IGNORECASE,
)
_CHINESE_PRONOUN = re.compile(r"^(?:它|他|她|其|该|这|此)|(?:它|他|她)们?(?:的|是|在|于|由)")


def check_wording(
    question: str, answer: str, language: str, hops: Sequence[str] = ()
) -> Finding | None:
    """Length, language, and whether the question can be understood on its own.

    `hops` are the questions that it was merged from, if it was.
    """
    words = _count_words(question, language)
    fewest = _FEWEST_WORDS["zh" if language in UNSPACED else prompt_language(language)]
    if words < fewest or len(question) > _LONGEST_QUESTION:
        return Reason.BAD_LENGTH, f"a question of {words} words, {len(question)} characters"
    if not normalise(answer) or len(answer) > _LONGEST_ANSWER:
        return Reason.BAD_LENGTH, f"an answer of {len(answer)} characters"
    if not _is_in(question, language):
        return Reason.WRONG_LANGUAGE, f"the document is in {language!r}"
    unclear = find_unresolved(question, language, hops)
    return find(unclear is not None, Reason.NOT_SELF_CONTAINED, f"{unclear!r} has nothing to name")


def find_unresolved(question: str, language: str, hops: Sequence[str] = ()) -> str | None:
    """The first word that points at something the question does not name.

    Pronouns are known of English and Chinese alone; "her" is an adverb in German. One with a
    capital is of a title (*She's Out of My Life*). One that is clear in a hop is so in the merged
    question: of "Which artist, beside Ida, began his career there?" the name alone is hidden.
    """
    pointing = _POINTS_AT_TEXT.search(question)
    if pointing is not None:
        return pointing.group()
    if language == "zh":
        pronoun = _CHINESE_PRONOUN.search(question)
        return pronoun.group() if pronoun else None
    if language not in LANGUAGES:
        return None
    clear = {each for hop in hops for each in _clear_pronouns(hop)}
    for found in _pointing(question):
        if found.group().casefold() not in clear and not _is_named(question, found):
            return found.group()
    return None


def pronouns_in(question: str, language: str) -> set[str]:
    """The pronouns of a question, in lower case; of languages whose pronouns are not known none."""
    if language == "zh":
        return {found.group() for found in _CHINESE_PRONOUN.finditer(question)}
    if language not in LANGUAGES:
        return set()
    return {found.group().casefold() for found in _PRONOUN.finditer(question)}


def _pointing(question: str) -> Iterator[re.Match[str]]:
    """Pronouns, then kinds of things, that are of no title."""
    for pattern in (_PRONOUN, _BARE_KIND):
        for found in pattern.finditer(question):
            if not _is_of_title(question, found):
                yield found


def _is_of_title(question: str, found: re.Match[str]) -> bool:
    """Whether a word has a capital although no sentence begins with it."""
    before = question[: found.start()].rstrip()
    return found.group()[0].isupper() and before[-1:] not in ("", ".", "!", "?", ":", ";")


def _is_named(question: str, found: re.Match[str]) -> bool:
    return _NAME.search(question[: found.start()]) is not None


def _clear_pronouns(question: str) -> Iterator[str]:
    for found in _PRONOUN.finditer(question):
        if _is_named(question, found):
            yield found.group().casefold()


def _count_words(question: str, language: str) -> int:
    """The words of a question; its letters where words are not written apart."""
    if language in UNSPACED and language not in LANGUAGES:
        return sum(letter.isalpha() for letter in question)
    return len(normalise(question))


def _is_in(question: str, language: str) -> bool:
    """Whether a question is in a language, as far as its script says: it is too short for more."""
    if language in LANGUAGES:
        return detect_language(question) == language
    return same_script(question, language)
