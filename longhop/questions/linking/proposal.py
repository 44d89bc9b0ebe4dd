"""A group that is proposed, light enough for there to be millions of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from longhop.identity import make_id
from longhop.records.questions import Composition, HopGroup, HopLink, Scope, SingleHop


@dataclass(frozen=True)
class Proposal:
    """Questions that belong together, by their places in the pool, and why.

    `links` has (head, tail, mention): the places in `hops` of an answer and of the hop that asks
    about it, and the words that this one has for it.
    """

    pool: Sequence[SingleHop]
    composition: Composition
    places: tuple[int, ...]
    links: tuple[tuple[int, int, str], ...]
    why: str

    @property
    def hops(self) -> tuple[SingleHop, ...]:
        """The questions, in the order in which they are answered."""
        return tuple(self.pool[each] for each in self.places)

    @cached_property
    def id(self) -> str:
        """Hangs on the composition and the questions alone."""
        return make_id("g", self.composition, [each.id for each in self.hops])

    @property
    def scope(self) -> Scope:
        """Whether one document holds all of its evidence."""
        documents = {each.document_id for each in self.hops}
        return Scope.INTRA if len(documents) == 1 else Scope.INTER

    def group(self) -> HopGroup:
        """The proposal as a record."""
        return HopGroup(
            id=self.id,
            composition=self.composition,
            scope=self.scope,
            hops=self.hops,
            links=tuple(HopLink(head=h, tail=t, mention=m) for h, t, m in self.links),
            why=self.why,
        )
