"""Asks about a document: one question a fact, some of them spoilt; and answers what it asked."""

import re
from collections.abc import Iterable, Sequence

from longhop.rehearsal.chance import draw
from longhop.rehearsal.faults import happens
from longhop.rehearsal.kinds import kind_of
from longhop.rehearsal.reading import Fact, read, sentences
from longhop.rehearsal.relations import RELATIONS, Language, Relation, language_of

# Answers that half of all documents share; asked for last.
_HUBS = re.compile(
    r"(?:the )?(?:United (?:States|Kingdom)|England|Canada|Australia|India|France|Germany|Italy"
    r"|Japan|China|Spain|U\.S\.|NBC|CBS|ABC|Fox|BBC)"
)
_ORDER = ("date", "number")
_ALL = 1_000_000
# What is told of a question that the document does not answer.
NOTHING: dict[str, object] = {
    "answer": "", "quote": "", "subject": "", "subject_kind": "", "relation": "",
    "kind": "other", "aliases": [], "entities": [],
}  # fmt: skip


Entry = dict[str, object]


def answers(title: str, document: str, asked: Sequence[str]) -> list[Entry]:
    """The answers to questions on the document, by their numbers; empty where it has none."""
    known = {each["question"]: each for each in questions(title, document, _ALL)}
    found: list[Entry] = []
    for number, question in enumerate(asked, 1):
        entry = None if happens("declines", document, question) else known.get(question)
        told = {key: value for key, value in (entry or NOTHING).items() if key != "question"}
        found.append({"number": number, "answerable": entry is not None, **told})
    return found


def mend(title: str, document: str, turned_away: Sequence[str]) -> list[Entry]:
    """Questions in place of others, by their numbers: the same facts, and nothing spoilt."""
    language = language_of(document)
    asked = {
        _question(fact, document, language)["question"]: fact
        for fact in read(document, title, title)
        if fact.key in RELATIONS[language]
    }
    return [
        {"number": number, **_sound(asked[question], document, language)}
        for number, question in enumerate(turned_away, 1)
        if question in asked
    ]


def questions(title: str, document: str, limit: int) -> list[Entry]:
    """At most `limit` questions on the document, in its order; none is a legal answer."""
    language = language_of(document)
    asked = [fact for fact in read(document, title, title) if fact.key in RELATIONS[language]]
    chosen = sorted(asked, key=_worth)[:limit]
    return [_question(fact, document, language) for fact in asked if fact in chosen]


def _worth(fact: Fact) -> tuple[bool, bool, float]:
    return (
        bool(_HUBS.fullmatch(fact.object)),
        fact.kind in _ORDER,
        draw("worth", fact.sentence, fact.key),
    )


def _question(fact: Fact, document: str, language: Language) -> Entry:
    """What is asked of a fact, spoilt where the table of faults says so."""
    key = (document, fact.key, fact.subject)
    entry = _sound(fact, document, language)
    asked_in = "en" if language == "zh" and happens("other_language", *key) else language
    relation = RELATIONS[asked_in].get(fact.key) or RELATIONS["zh"][fact.key]
    return {
        **entry,
        "question": _worded(fact, relation, key),
        "quote": _quoted(fact, document, key),
        "relation": relation.name,
    }


def _sound(fact: Fact, document: str, language: Language) -> Entry:
    relation = RELATIONS[language].get(fact.key) or RELATIONS["zh"][fact.key]
    return {
        "question": relation.question.replace("{}", fact.subject),
        "answer": fact.object,
        "quote": fact.sentence,
        "subject": fact.subject,
        "subject_kind": kind_of(fact.key, fact.subject, document, language),
        "relation": relation.name,
        "kind": relation.kind,
        "aliases": [],
        "entities": [],
    }


def _worded(fact: Fact, relation: Relation, key: Iterable[str]) -> str:
    key = tuple(key)
    keeps = fact.pronoun and happens("keeps_pronoun", *key)
    question = relation.question.replace("{}", fact.pronoun if keeps else fact.subject)
    if happens("too_short", *key):
        return "Where?" if relation.question.isascii() else "哪里？"
    if happens("leaks", *key):
        return f"{question[:-1]} ({fact.object})?" if question.endswith("?") else (
            f"{question[:-1]}（{fact.object}）？")  # fmt: skip
    return question


def _quoted(fact: Fact, document: str, key: Iterable[str]) -> str:
    key = tuple(key)
    if happens("misquotes", *key):
        middle = len(fact.sentence) // 2
        return fact.sentence[:middle].rstrip() + " indeed " + fact.sentence[middle:].lstrip()
    if happens("quotes_elsewhere", *key):
        return next((s for s in sentences(document) if fact.object not in s), fact.sentence)
    return fact.sentence
