"""Answers questions from the documents of one prompt, or from memory, and fails at times."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from longhop.rehearsal.chance import pick
from longhop.rehearsal.faults import happens
from longhop.rehearsal.reading import Fact, read
from longhop.rehearsal.relations import language_of
from longhop.rehearsal.topics import noted_answer, noted_text
from longhop.rehearsal.understanding import Asked, Listed, Quoted, Shared, Weighed, understand

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def answer(question: str, documents: Sequence[str]) -> str:
    """The answer that the documents give; empty where they do not, or it is overlooked."""
    known = (
        solve(question, documents)
        or noted_answer(question, documents)
        or noted_text(question, documents)
    )
    if known:
        return "" if happens("overlooks", question, *documents) else known
    return _guess(question, documents) if happens("guesses", question, *documents) else ""


def answer_from_memory(question: str) -> str:
    """The answer known by heart or guessed without any document; mostly empty."""
    if happens("remembers", question) and (known := solve(question, almanac())):
        return known
    asked = understand(question)
    if isinstance(asked, Weighed) and happens("tosses", question):
        return pick(asked.names, "toss", question)
    return ""


def solve(question: str, documents: Sequence[str]) -> str:
    """The answer that follows from the documents alone; empty where a step is missing."""
    asked = understand(question)
    if asked is None:
        return ""
    match asked:
        case Weighed():
            return weigh(asked, documents)
        case Listed():
            found = [_find(each, documents) for each in asked.each]
            return _add_up(found) if asked.adds_up else _put_in_order(asked.names, found)
        case Shared():
            return _find_shared(asked, documents)
    return _find(asked, documents)


def weigh(asked: Weighed, documents: Sequence[str]) -> str:
    """The name whose object is the earlier, or the larger; empty where they cannot be told."""
    one, other = (measure(_find(each, documents)) for each in (asked.first, asked.second))
    if not one or not other or one == other:
        return ""
    chosen = (asked.first, asked.second)[(one > other) != asked.larger]
    return _name(chosen.subject, documents)


def from_answers(question: str, told: Mapping[str, str]) -> str:
    """The answer to a question over several names, from what is told of each."""
    asked = understand(question)
    if not isinstance(asked, Listed):
        return ""
    found = [told.get(name, "") for name in asked.names]
    return _add_up(found) if asked.adds_up else _put_in_order(asked.names, found)


def _put_in_order(names: Sequence[str], found: Sequence[str]) -> str:
    """The names by their dates; empty where one of them is not told."""
    dates = [measure(each) for each in found]
    if not all(dates):
        return ""
    ranked = [name for _, name in sorted(zip(dates, names, strict=True))]
    chinese = language_of(ranked[0]) == "zh"
    between, before_last = ("、", "和") if chinese else (", ", " and ")
    plain = not any(between.strip() in each or before_last in each for each in names)
    return (between if plain else "; ").join(ranked)


def _add_up(found: Sequence[str]) -> str:
    """The total, worded as the first amount is; empty where one of them is not told."""
    amounts = [re.findall(r"\d[\d,]*(?:\.\d+)?", each) for each in found]
    if not all(amounts):
        return ""
    total = sum(float(each[0].replace(",", "")) for each in amounts)
    grouped = any("," in each[0] for each in amounts)
    worded = f"{total:,.10g}" if grouped else f"{total:.10g}"
    return found[0].replace(amounts[0][0], worded, 1)


def _find_shared(asked: Shared, documents: Sequence[str]) -> str:
    """The thing of which the documents tell all the facts; empty where there is none."""
    facts = [fact for document in documents for fact in read(document)]
    holders = [
        {
            _bare(fact.subject): fact.subject
            for fact in facts
            if fact.key == relation.key and is_same(fact.object, thing)
        }
        for relation, thing in asked.facts
    ]
    common = set.intersection(*(set(each) for each in holders))
    return holders[0][min(common)] if common else ""


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
def almanac() -> tuple[str, ...]:
    """The pages that ship with the package: all that the model ever learnt by heart."""
    pages = sorted((Path(__file__).parent / "almanac").glob("*.md"))
    return tuple(page.read_text(encoding="utf-8") for page in pages)


def _find(asked: Asked, documents: Sequence[str]) -> str:
    subject = _name(asked.subject, documents)
    facts = list(_facts(subject, documents)) if subject else []
    for relation in asked.relations:
        told = [fact for fact in facts if fact.key == relation.key]
        for same in (is_same, is_like):
            for fact in told:
                if same(fact.subject, subject):
                    return fact.object
    return ""


def _facts(subject: str, documents: Sequence[str]) -> Iterator[Fact]:
    """The facts of the documents that have the subject's last word, read with it in mind."""
    known_by = subject.split()[-1].strip("《》")
    for document in documents:
        if known_by in document:
            yield from read(document, subject)


def _name(subject: str | Asked | Quoted, documents: Sequence[str]) -> str:
    if isinstance(subject, Asked):
        return _find(subject, documents)
    if isinstance(subject, Quoted):
        inner = solve(subject.question, documents)
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


def _guess(question: str, documents: Sequence[str]) -> str:
    asked = understand(question)
    if isinstance(asked, Weighed):
        return pick(asked.names, "guess", question)
    if not isinstance(asked, Asked):
        return ""
    facts = (fact for document in documents for fact in read(document))
    return next((fact.object for fact in facts if fact.kind == asked.relations[0].kind), "")
