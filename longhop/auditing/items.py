"""What every layout is read as: a question, its answers, and the context it is put with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

BETWEEN = "\n\n"


class Unfit(Exception):
    """A row that is none of its layout, and why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A document of a context: characters [start, end), and whether it is said to hold evidence."""

    title: str
    start: int
    end: int
    supporting: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The text that questions are put with, and its documents, if it is known to have some."""

    text: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Evidence that a row states: characters [start, end) of the context, for a hop from 1."""

    start: int
    end: int
    hop: int


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its context. The first of the answers is the one to be given.

    `states` says whether the layout tells where evidence is, `lost` how much of what it tells is
    not in the context. `hops` is what the row says of itself. `around` is what stands in the turn
    beside context and question. `whole` is the row of a version of ours.
    """

    question: str
    answers: tuple[str, ...]
    context: Context
    id: str = ""
    split: str = ""
    kind: str = ""
    language: str = ""
    licenses: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    states: bool = False
    lost: int = 0
    hops: int | None = None
    answerable: bool = True
    around: str = ""
    whole: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Titled:
    """A document before it has a place in a context."""

    title: str
    text: str
    supporting: bool = False


def lay_out(documents: Iterable[Titled]) -> Context:
    """The documents after one another, each under its title, apart by blank lines."""
    texts: list[str] = []
    parts: list[Part] = []
    at = 0
    for each in documents:
        head = f"{each.title}\n" if each.title else ""
        at += len(BETWEEN) if texts else 0
        start = at + len(head)
        texts.append(f"{head}{each.text}")
        at = start + len(each.text)
        parts.append(Part(each.title, start, at, each.supporting))
    return Context(BETWEEN.join(texts), tuple(parts))
