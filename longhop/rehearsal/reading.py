"""Reads a document: its sentences, copied exactly, and the facts that they state."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from longhop.rehearsal.chinese import chinese_claims
from longhop.rehearsal.english import english_claims
from longhop.rehearsal.relations import RELATIONS, Kind, language_of

_LONGEST = 1500  # what is longer is a table or a listing
_BREAK = re.compile(
    r"(?<=[。！？])(?![”」』》）])|(?<=[。！？][”」』])"
    r"|(?<=[.!?])(?<![\s(][A-Z]\.)(?<!\b(?:St|Dr|Jr|Sr|Mt|Ft|Mr|Ms|Lt|No|vs|ca)\.)"
    r"(?<!\b(?:Mrs|Rev|Gen|Col|Inc|Vol|Cpl|Sgt|Gov|Sen|Rep|c\.f)\.)(?<!\b(?:Bros|Prof|Capt)\.)"
    r"(?<!U\.S\.)(?<!D\.C\.)\s+(?=[\"'“‘`(]?[A-Z0-9À-Þ一-鿿])"
    r"|(?<=[.!?][\"”'])\s+(?=[\"“‘`(]?[A-Z0-9À-Þ])"
    r"|\n+"
)


@dataclass(frozen=True)
class Fact:
    """What one sentence says of a subject.

    `pronoun` is what the sentence has for the subject where it does not name it.
    """

    key: str
    subject: str
    object: str
    sentence: str
    pronoun: str = ""

    @property
    def kind(self) -> Kind:
        """What the object is."""
        return RELATIONS["en"][self.key].kind


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, letter by letter as they stand there. Headings are left out."""
    start = 0
    for found in (*_BREAK.finditer(text), None):
        end = found.start() if found else len(text)
        sentence = text[start:end].strip()
        start = found.end() if found else end
        if 3 < len(sentence) < _LONGEST and not sentence.startswith(("#", "*")):
            yield sentence


@lru_cache(maxsize=4096)
def read(text: str, title: str = "", about: str = "") -> tuple[Fact, ...]:
    """The facts of a document, in the order of their sentences.

    The title, given or in the text's first line, stands in for its own short forms. What the
    document is about, as given or as its first line says, stands in for a pronoun.
    """
    about = re.sub(r" \([^)]*\)$", "", about or _heading(text))
    title = title or _heading(text)
    chinese = language_of(text) == "zh"
    facts: dict[tuple[str, str], Fact] = {}
    for sentence in sentences(text):
        for key, subject, thing, named in (
            chinese_claims(sentence) if chinese else english_claims(sentence, title)
        ):
            pronoun = "" if named else subject
            subject = subject if named else about
            if subject and thing in sentence and not _circular(subject, thing):
                facts.setdefault((key, subject), Fact(key, subject, thing, sentence, pronoun))
    return tuple(facts.values())


def _heading(text: str) -> str:
    found = re.match(r"(?:# )?([^\n]{0,100}[^\n.!?。！？])\n", text)
    return found[1].strip() if found else ""


def _circular(subject: str, thing: str) -> bool:
    return thing.casefold() in subject.casefold() or subject.casefold() in thing.casefold()
