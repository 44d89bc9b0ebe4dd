"""What is in the world: items, their hops, and questions about them, with the truth of each."""

from dataclasses import dataclass
from typing import Literal

from longhop.rehearsal.fallible.faults import Fault, put_in
from longhop.rehearsal.fallible.naming import coin
from longhop.rehearsal.fallible.wording import mend, open_with
from longhop.rehearsal.relations import RELATIONS, Language, Relation

Length = Literal["short", "medium", "long"]
LENGTHS: tuple[Length, ...] = ("short", "medium", "long")
ENTITIES = 8  # names that are kept free for each item: one more than it has hops


@dataclass(frozen=True)
class Item:
    """A question that could be asked of some documents, and what is true of it.

    `necessary` are the hops without which it cannot be answered: it is multi-hop if it needs all
    of its hops. A copy asks what its original asks, of other documents in other words: it has the
    original's names. `mendable` is what of it a second attempt would mend.
    """

    number: int
    original: int
    copy: int
    language: Language
    length: Length
    relations: tuple[str, ...]
    necessary: frozenset[int]
    is_good: bool
    mendable: frozenset[str]

    @property
    def id(self) -> str:
        """Its name in tables: never in a text."""
        return f"item-{self.number:06d}"

    @property
    def duplicate_of(self) -> str | None:
        """The item that was there first, if this one is a duplicate."""
        return f"item-{self.original:06d}" if self.copy else None

    @property
    def is_multi_hop(self) -> bool:
        """Whether it needs all of its hops."""
        return len(self.necessary) == len(self.relations)

    @property
    def hops(self) -> tuple["Hop", ...]:
        """Its steps, in order."""
        return tuple(Hop(self, at) for at in range(len(self.relations)))

    @property
    def question(self) -> "Question":
        """The question over all of its hops."""
        return Question(self, 0, len(self.relations))

    def entity(self, at: int) -> str:
        """The thing that hop `at` asks about, and the hop before it answers with."""
        return coin(self.original * ENTITIES + at, self.language)

    def relation(self, at: int) -> Relation:
        """What hop `at` asks."""
        return RELATIONS[self.language][self.relations[at]]


@dataclass(frozen=True)
class Hop:
    """One step of an item: a question of its own, and the sentence that answers it."""

    item: Item
    at: int

    @property
    def subject(self) -> str:
        """What it asks about."""
        return self.item.entity(self.at)

    @property
    def answer(self) -> str:
        """What it leads to."""
        return self.item.entity(self.at + 1)

    @property
    def question(self) -> str:
        """Its question, as the item's copy words it."""
        return Question(self.item, self.at, self.at + 1).text

    @property
    def sentence(self) -> str:
        """Its evidence, as the item's copy words it."""
        first, middle, last = self.item.relation(self.at).sentence.split("{}")
        plain = f"{first}{self.subject}{middle}{self.answer}{last}"
        return open_with(self.item.copy, plain, self.item.language, self.subject)


@dataclass(frozen=True)
class Question:
    """A question over the hops [start, stop) of an item, at a first or a second attempt.

    Whoever links only a part of the hops asks for that part alone. One with a `fault` names its
    last bridge, whose hops nobody needs then, or its answer, and is no good.
    """

    item: Item
    start: int
    stop: int
    mended: bool = False
    fault: Fault = ""

    @property
    def text(self) -> str:
        """The question: it names what its first hop asks about, and describes all others."""
        item = self.item
        thing = name = item.entity(self.start)
        for at in range(self.start, self.stop - 1):
            thing = item.relation(at).phrase.replace("{}", thing)
        plain = item.relation(self.stop - 1).question.replace("{}", thing)
        worded = open_with(item.copy, plain, item.language, name)
        if self.fault:
            named = self.stop - (self.fault == "names_bridge")
            worded = put_in(worded, item.entity(named), item.language)
        return mend(worded, item.language) if self.mended else worded

    @property
    def answer(self) -> str:
        """What its last hop leads to."""
        return self.item.entity(self.stop)

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The steps that it spans."""
        return self.item.hops[self.start : self.stop]

    @property
    def necessary(self) -> frozenset[int]:
        """The hops that it cannot be answered without: its last one is always among them."""
        if self.fault == "names_bridge":
            return frozenset({self.stop - 1})
        hops = frozenset(range(self.start, self.stop))
        if self.mended and "multi_hop" in self.item.mendable:
            return hops
        return hops & self.item.necessary | {self.stop - 1}

    @property
    def is_multi_hop(self) -> bool:
        """Whether it has several hops and needs them all."""
        return 1 < self.stop - self.start == len(self.necessary)

    @property
    def is_good(self) -> bool:
        """Whether it is of high quality, apart from its hops."""
        if self.fault:
            return False
        return self.item.is_good or (self.mended and "good" in self.item.mendable)
