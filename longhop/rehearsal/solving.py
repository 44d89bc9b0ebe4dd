"""Answers questions from the documents of one prompt, or from memory, and fails at times."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from longhop.rehearsal.chance import pick
from longhop.rehearsal.faults import happens
from longhop.rehearsal.reading import Fact, read
from longhop.rehearsal.topics import noted_answer
from longhop.rehearsal.understanding import Asked, Quoted, Weighed, understand

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def answer(question: str, documents: Sequence[str]) -> str:
    """The answer that the documents give; empty where they do not, or it is overlooked."""
    facts = [fact for document in documents for fact in read(document)]
    known = solve(question, facts) or noted_answer(question, documents)
    if known:
        return "" if happens("overlooks", question, *documents) else known
    return _guess(question, facts) if happens("guesses", question, *documents) else ""


def answer_from_memory(question: str) -> str:
    """The answer known by heart or guessed without any document; mostly empty."""
    if happens("remembers", question) and (known := solve(question, almanac())):
        return known
    asked = understand(question)
    if isinstance(asked, Weighed) and happens("tosses", question):
        return pick(asked.names, "toss", question)
    return ""


def solve(question: str, facts: Sequence[Fact]) -> str:
    """The answer that follows from the facts alone; empty where a step is missing."""
    asked = understand(question)
    if asked is None:
        return ""
    return weigh(asked, facts) if isinstance(asked, Weighed) else _find(asked, facts)


def weigh(asked: Weighed, facts: Sequence[Fact]) -> str:
    """The name whose object is the earlier, or the larger; empty where they cannot be told."""
    values = [measure(_find(each, facts)) for each in (asked.first, asked.second)]
    if not all(values) or values[0] == values[1]:
        return ""
    return asked.names[(values[0] > values[1]) != asked.larger]


def measure(text: str) -> tuple[float, ...]:
    """A date as year, month and day; an amount as one number; nothing for anything else."""
    if found := re.search(r"(\d+)年(?:(\d+)月)?(?:(\d+)日)?", text):
        return tuple(float(part or 0) for part in found.groups())
    month = next((i for i, name in enumerate(_MONTHS, 1) if name in text), 0)
    numbers = [float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]
    if not numbers:
        return ()
    if month:
        return (numbers[-1], float(month), numbers[0] if len(numbers) > 1 else 0.0)
    unit = next((size for word, size in _UNITS if word in text), 1.0)
    return (numbers[0] * unit, 0.0, 0.0)


_UNITS = (
    ("million", 1e6), ("亿", 1e8), ("万", 1e4), ("公里", 1e3), ("千米", 1e3),
    ("kilomet", 1e3), (" km", 1e3), ("mile", 1609.0), ("feet", 0.3048), (" ft", 0.3048),
)  # fmt: skip


@lru_cache(maxsize=1)
def almanac() -> tuple[Fact, ...]:
    """The facts of the almanac that ships with the package: all that the model ever learnt."""
    pages = sorted((Path(__file__).parent / "almanac").glob("*.md"))
    return tuple(fact for page in pages for fact in read(page.read_text(encoding="utf-8")))


def _find(asked: Asked, facts: Sequence[Fact]) -> str:
    subject = _name(asked.subject, facts)
    if not subject:
        return ""
    for relation in asked.relations:
        told = [fact for fact in facts if fact.key == relation.key]
        for same in (is_same, is_like):
            for fact in told:
                if same(fact.subject, subject):
                    return fact.object
    return ""


def _name(subject: str | Asked | Quoted, facts: Sequence[Fact]) -> str:
    if isinstance(subject, Asked):
        return _find(subject, facts)
    if isinstance(subject, Quoted):
        inner = solve(subject.question, facts)
        return f"{subject.before}{inner}{subject.after}" if inner else ""
    return subject


def is_same(name: str, other: str) -> bool:
    """Whether two names are the same but for case, quotes, brackets and a leading article."""
    return _bare(name) == _bare(other)


def is_like(name: str, other: str) -> bool:
    """Whether one name is the other's end, as a surname is, or leaves out its middle."""
    short, long = sorted((_bare(name).split(), _bare(other).split()), key=len)
    if not short or len(short) == len(long):
        return False
    return short == long[-len(short) :] or [short[0], short[-1]] == [long[0], long[-1]]


@lru_cache(maxsize=8192)
def _bare(name: str) -> str:
    return re.sub(r" \([^)]*\)$", "", name).strip('"《》 .').casefold().removeprefix("the ")


def _guess(question: str, facts: Iterable[Fact]) -> str:
    asked = understand(question)
    if asked is None:
        return ""
    if isinstance(asked, Weighed):
        return pick(asked.names, "guess", question)
    return next((f.object for f in facts if f.kind == asked.relations[0].kind), "")
