"""A seeded world of items whose truth is known: what quality gates are measured against."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from longhop.rehearsal.chance import draw
from longhop.rehearsal.fallible.faults import WORDED
from longhop.rehearsal.fallible.items import ENTITIES, LENGTHS, Hop, Item, Length, Question
from longhop.rehearsal.fallible.naming import NAMES, names_in
from longhop.rehearsal.fallible.wording import COPIES, copy_of, is_mended
from longhop.rehearsal.relations import Language
from longhop.rehearsal.writing import fill

_MAKERS = ("author", "film director", "composer", "designer", "builder")
_PLACES = ("place of birth", "place of death")
_SCHOOLS = ("education", "employer")
_OF_PLACES = ("mayor", "ruler", "founder")
_OF_SCHOOLS = ("rector", "president", "founder", "director", "chairman")
_WORDS: dict[Length, int] = {"short": 100, "medium": 300, "long": 900}


@dataclass(frozen=True)
class Rates:
    """What share of the items is multi-hop, good, a duplicate, in Chinese, of so many hops.

    The first three are what plain Self-Instruct yields in MIMG (arXiv 2409.01893, Table 7): 33.1 %
    multi-hop, 61.3 % of high quality, 53.4 % no duplicate. The paper says nothing of how they go
    together, so they are drawn apart. The others are ours: `mended` is the share of the faults
    that a second attempt mends, `hops` the shares of items with two, three and four.
    """

    multi_hop: float = 0.331
    good: float = 0.613
    duplicate: float = 0.466
    mended: float = 0.5
    chinese: float = 0.3
    hops: tuple[float, float, float] = (0.6, 0.3, 0.1)


@dataclass(frozen=True)
class World:
    """So many items, the same ones for the same seed, and the way back from a text to its item."""

    size: int
    seed: int = 0
    rates: Rates = field(default_factory=Rates)

    def __post_init__(self) -> None:
        if not 0 < self.size * ENTITIES <= NAMES:
            raise ValueError(f"{self.size} items: there are names for 1 to {NAMES // ENTITIES}")

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items, each after the one that it duplicates, if it does."""
        items: list[Item] = []
        originals: list[int] = []
        copies: dict[int, int] = defaultdict(int)
        for number in range(self.size):
            original = number
            if self.draw("duplicate", number) < self.rates.duplicate and originals:
                original = originals[int(self.draw("original", number) * len(originals))]
                copies[original] += 1
                if copies[original] == COPIES - 1:  # no further wording is left for it
                    originals.remove(original)
            else:
                originals.append(number)
            items.append(self._item(number, original, copies[original]))
        return tuple(items)

    def documents(self) -> Iterator[dict[str, str]]:
        """The corpus: a document for each hop of each item."""
        for item in self.items:
            for hop in item.hops:
                text = self.document(hop)
                yield {"id": f"{item.id}-{hop.at + 1}", "title": hop.subject, "text": text}

    def document(self, hop: Hop) -> str:
        """A document of the item's length, with the hop's sentence somewhere in it."""
        return compose((hop,), _WORDS[hop.item.length], str(self.seed))

    def draw(self, salt: str, number: int) -> float:
        """A number in [0, 1) of this world."""
        return draw(f"world {salt}", str(self.seed), str(number))

    def item_of(self, text: str) -> Item | None:
        """The item that a text is of; None where it is of none, or of several that are no copies.

        A copy is known by its wording, in the question, the evidence or a document of it.
        """
        originals = {name // ENTITIES for name in names_in(text)}
        if len(originals) != 1:
            return None
        return self._by_wording.get((originals.pop(), copy_of(text)))

    def question_of(self, text: str) -> Question | None:
        """The question that a text is; where it words one in its own way, the longest it can be."""
        text = text.strip()
        item = self.item_of(text)
        if item is None:
            return None
        hops, mended = len(item.hops), is_mended(text)
        for start in range(hops):
            for stop in range(start + 1, hops + 1):
                for fault in ("", *WORDED):
                    question = Question(item, start, stop, mended, fault)
                    if question.text == text:
                        return question
        start = min(name % ENTITIES for name in names_in(text))
        return Question(item, start, hops, mended) if start < hops else None

    @cached_property
    def _by_wording(self) -> dict[tuple[int, int], Item]:
        return {(item.original, item.copy): item for item in self.items}

    def _item(self, number: int, original: int, copy: int) -> Item:
        relations = self._relations(original)
        last = len(relations) - 1
        if self.draw("multi-hop", number) < self.rates.multi_hop:
            necessary = frozenset(range(last + 1))
        else:  # one hop that it could do without, and perhaps others
            spare = int(self.draw("spare", number) * last)
            kept = {at for at in range(last) if self.draw(f"kept {at}", number) < 0.5}
            necessary = frozenset(kept - {spare} | {last})
        return Item(
            number=number,
            original=original,
            copy=copy,
            language=self._language(original),
            length=LENGTHS[int(self.draw("length", number) * len(LENGTHS))],
            relations=relations,
            necessary=necessary,
            is_good=self.draw("good", number) < self.rates.good,
            mendable=frozenset(
                fault
                for fault in ("good", "multi_hop")
                if self.draw(f"mendable {fault}", number) < self.rates.mended
            ),
        )

    def _language(self, original: int) -> Language:
        return "zh" if self.draw("language", original) < self.rates.chinese else "en"

    def _relations(self, original: int) -> tuple[str, ...]:
        """From a work to its maker, to where they lived or learnt, to who is at its head."""

        def one(keys: tuple[str, ...], salt: str) -> str:
            return keys[int(self.draw(salt, original) * len(keys))]

        at_school = self.draw("at school", original) < 0.5
        chain = (
            one(_MAKERS, "first"),
            one(_SCHOOLS if at_school else _PLACES, "second"),
            one(_OF_SCHOOLS if at_school else _OF_PLACES, "third"),
            one(_PLACES, "fourth"),
        )
        two, three, _ = self.rates.hops
        chance = self.draw("hops", original)
        return chain[: 2 if chance < two else 3 if chance < two + three else 4]


def compose(hops: tuple[Hop, ...], words: int, key: str) -> str:
    """A text of about so many words, with the sentences of the hops spread over it."""
    told = [hop.sentence for hop in hops]
    return fill(told, f"{key} {told[0]}", hops[-1].answer, words, hops[0].item.language)
