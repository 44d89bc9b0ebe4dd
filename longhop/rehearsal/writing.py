"""Writes the missing document: the facts that an answer needs, among others like them."""

from collections.abc import Iterator, Sequence

from longhop.rehearsal.chance import draw, pick
from longhop.rehearsal.relations import RELATIONS, Language, Relation, language_of
from longhop.rehearsal.topics import is_long, is_nothing, near_note, note, notes
from longhop.rehearsal.understanding import Asked, Quoted, Weighed, understand

_STARTS = ("Al", "Bren", "Cor", "Dun", "El", "Fal", "Gar", "Hol", "Ist", "Kel", "Lor", "Mar",
           "Nor", "Os", "Pel", "Quen", "Ros", "Sel", "Tor", "Ul", "Ver", "Wen", "Yar")  # fmt: skip
_ENDS = ("ana", "beck", "combe", "dale", "eth", "ford", "gate", "holm", "ick", "low", "mere",
         "ness", "ova", "rick", "stow", "ton", "vale", "wick")  # fmt: skip
_CHARACTERS = "安柏昌端芳谷衡济静岚明宁平泉荣书松棠文溪星雅云舟竹"
_FILLED = (
    "place of birth", "location", "founder", "author", "designer", "year of foundation",
    "year of construction", "population", "education", "owner", "headquarters", "spouse",
)  # fmt: skip


def write(
    question: str,
    answer: str,
    words: int,
    sections: int = 2,
    facts: Sequence[tuple[str, str]] = (),
) -> dict[str, object]:
    """A title, sections of about so many words in all, and the sentences the answer rests on."""
    language = language_of(question)
    stated = [each for fact in facts for each in list(_facts(*fact))[-1:]]
    evidence = list(dict.fromkeys(stated or _facts(question, answer)))
    told = _sections(evidence, question, answer, words, max(sections, len(stated)), language)
    title = f"{_invented(language, 'title', question)}{'札记' if language == 'zh' else ' Papers'}"
    return {"title": title, "sections": told, "evidence": evidence}


def write_on(question: str, answer: str, words: int, written: int) -> dict[str, object]:
    """More sections of about so many words; nothing in them has the answer."""
    language = language_of(question)
    told = _sections([], f"{question} {written}", answer, words, 1 + words // 150, language)
    return {"title": "", "sections": told, "evidence": []}


def _sections(
    evidence: Sequence[str],
    question: str,
    answer: str,
    words: int,
    count: int,
    language: Language,
) -> list[dict[str, str]]:
    """So many sections, each piece of evidence in one of its own as far as they go."""
    shared = [list(evidence[at::count]) for at in range(count)]
    return [
        {
            "heading": _invented(language, "heading", question, str(at)),
            "text": fill(own, f"{question} {at}", answer, words // count - 2, language),
        }
        for at, own in enumerate(shared)
    ]


def fill(
    evidence: Sequence[str], question: str, answer: str, words: int, language: Language
) -> str:
    """The evidence spread over a text of about so many words; nothing else has the answer."""
    filler = _filler(question, answer, language)
    told, size = [], sum(_length(each, language) for each in evidence)
    while size < words:
        told.append(next(filler))
        size += _length(told[-1], language)
    for place, sentence in enumerate(evidence, 1):
        told.insert(len(told) * place // (len(evidence) + 1) + place - 1, sentence)
    return _paragraphs(told, language)


def _facts(question: str, answer: str) -> Iterator[str]:
    asked = understand(question)
    if is_nothing(answer):
        yield near_note(question)
    elif is_long(answer):
        yield from notes(question, answer)
    elif isinstance(asked, Weighed) and answer in asked.names:
        yield from _weighed(asked, answer)
    elif isinstance(asked, Asked):
        yield from _chain(asked, answer, question)
    else:
        yield note(question, answer)


def _chain(asked: Asked, answer: str, question: str) -> Iterator[str]:
    relation, subject = asked.relations[0], asked.subject
    if isinstance(subject, str):
        name = subject
    else:
        name = _invented(_language(relation), "bridge", question, relation.key)
    if isinstance(subject, Asked):
        yield from _chain(subject, name, question)
    elif isinstance(subject, Quoted):
        yield from _facts(subject.question, name)
        name = f"{subject.before}{name}{subject.after}"
    yield _stated(relation, name, answer)


def _weighed(asked: Weighed, answer: str) -> Iterator[str]:
    relation = asked.first.relations[0]
    wins = 300 if asked.larger else 0
    for name in asked.names:
        value = (
            1500 + int(200 * draw("value", *asked.names)) + (wins if name == answer else 300 - wins)
        )
        yield _stated(relation, name, _amount(relation, value))


def _amount(relation: Relation, value: int) -> str:
    units = {"height": ("米", " metres"), "length": ("米", " metres"), "population": ("人", "")}
    chinese, english = units.get(relation.key, ("年", ""))
    return f"{value}{chinese if _language(relation) == 'zh' else english}"


def _stated(relation: Relation, subject: str, thing: str) -> str:
    first, middle, last = relation.sentence.split("{}")
    return f"{first}{subject}{middle}{thing}{last}"


def _language(relation: Relation) -> Language:
    return "en" if relation.question.isascii() else "zh"


def _filler(question: str, answer: str, language: Language) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        key = (question, str(number))
        relation = RELATIONS[language][pick(_FILLED, "filler", *key)]
        if relation.kind in ("date", "number"):
            thing = _amount(relation, 1200 + int(700 * draw("amount", *key)))
        else:
            thing = _invented(language, "thing", *key)
        sentence = _stated(relation, _invented(language, "subject", *key), thing)
        if answer not in sentence:
            yield sentence


def _invented(language: Language, *content: str) -> str:
    if language == "zh":
        return "".join(pick(_CHARACTERS, f"character {place}", *content) for place in range(3))
    first, last = (pick(_STARTS, p, *content) + pick(_ENDS, p + " end", *content) for p in "ab")
    return f"{first} {last}"


def _length(sentence: str, language: Language) -> int:
    return len(sentence) if language == "zh" else len(sentence.split())


def _paragraphs(told: list[str], language: Language) -> str:
    gap = "" if language == "zh" else " "
    return "\n\n".join(gap.join(told[i : i + 6]) for i in range(0, len(told), 6))
