"""A group that is proposed, light enough for there to be millions of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from longhop.identity import make_id
from longhop.questions.bridging import Bridge
from longhop.records.questions import Composition, HopGroup, HopLink, Scope, SingleHop


class Tie(NamedTuple):
    """The answer of one hop is what a later one asks about, with words [start, end) for it.

    Head and tail are places in the group; `why` says how the answer is named, unless the remark of
    the group does.
    """

    head: int
    tail: int
    mention: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Questions that belong together, by their places in the pool, in the order of answering.

    `remark` says what made them a group, as far as the ties do not.
    """

    pool: Sequence[SingleHop] = field(repr=False)
    composition: Composition
    places: tuple[int, ...]
    ties: tuple[Tie, ...] = ()
    remark: str = ""
    id: str = field(init=False)

    def __post_init__(self) -> None:
        """Name it by the composition and the questions alone."""
        named = make_id("g", self.composition, [each.id for each in self.hops])
        object.__setattr__(self, "id", named)

    @property
    def hops(self) -> tuple[SingleHop, ...]:
        """The questions, in the order in which they are answered."""
        return tuple(self.pool[each] for each in self.places)

    @property
    def scope(self) -> Scope:
        """Whether one document holds all of its evidence."""
        documents = {self.pool[each].document_id for each in self.places}
        return Scope.INTRA if len(documents) == 1 else Scope.INTER

    @property
    def why(self) -> str:
        """Why it was proposed, for people."""
        ties = (
            f"{self.pool[self.places[each.head]].answer!r} answers hop {each.head + 1} and is what"
            f" hop {each.tail + 1} asks about ({each.why})"
            for each in self.ties
            if each.why
        )
        return "; ".join([*ties, *filter(None, [self.remark])])

    def group(self) -> HopGroup:
        """The proposal as a record."""
        return HopGroup(
            id=self.id,
            composition=self.composition,
            scope=self.scope,
            hops=self.hops,
            links=tuple(
                HopLink(head=each.head, tail=each.tail, mention=each.mention) for each in self.ties
            ),
            why=self.why,
        )


def tie(
    pool: Sequence[SingleHop], places: Sequence[int], bridges: Sequence[Bridge]
) -> tuple[Tie, ...]:
    """Bridges between questions of the pool as ties between the hops of a group."""
    at = {place: number for number, place in enumerate(places)}
    return tuple(
        Tie(at[each.head], at[each.tail], _words(pool[each.tail], each), each.why)
        for each in bridges
    )


def _words(tail: SingleHop, bridge: Bridge) -> str:
    return tail.question[bridge.start : bridge.end]
