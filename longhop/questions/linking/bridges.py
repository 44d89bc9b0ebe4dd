"""Bridges of two to four hops: trees of questions, each asking about the answers of those below.

A tree grows from its last question downwards, to the questions whose answers that one names: one of
them makes a chain, two of them a tree (the shapes of MuSiQue, Trivedi et al. 2022, §3). Of the
trees that begin with a question the few surest are proposed, so that a name that half of all
questions answer costs no more than another.
"""

import heapq
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from longhop.matching import normalise
from longhop.questions.bridging import Bridge, BridgeIndex
from longhop.questions.kinds import is_other_sort, sort_of
from longhop.questions.linking.closeness import Closeness
from longhop.questions.linking.proposal import Proposal, tie
from longhop.records.questions import Composition, SingleHop

# Answers that are tried as what a question asks about; trees that end in it, to grow larger ones
# from and in all; and groups of each size that are proposed of those that begin with it.
_HEADS, _TREES, _ENDS, PROPOSED = 32, 16, 64, 8

# Pairs of answers that are tried as two branches of a tree, and the trees of either.
_PAIRS, _BRANCHES = 64, 8

Rank = tuple[float, tuple[int, ...], tuple[tuple[int, int], ...]]
# What leads to a question: the answers it asks about, with the trees that lead to each.
Parts = tuple[tuple[Bridge, "Tree"], ...]


@dataclass(frozen=True)
class Tree:
    """The questions that lead to a last one, in an order in which they can be answered."""

    places: tuple[int, ...]
    bridges: tuple[Bridge, ...]
    score: float

    @property
    def starts(self) -> tuple[int, ...]:
        """The questions that ask about no other's answer."""
        tails = {each.tail for each in self.bridges}
        return tuple(each for each in self.places if each not in tails)


class BridgeTrees:
    """The surest trees of a pool of questions, by the number of their hops."""

    def __init__(
        self, pool: Sequence[SingleHop], index: BridgeIndex, heads: Mapping[int, list[Bridge]]
    ) -> None:
        self.pool = pool
        self.index = index
        self.heads = heads
        ranked = sorted(range(len(pool)), key=lambda each: pool[each].id)
        self._rank = {place: rank for rank, place in enumerate(ranked)}
        self._answers = [normalise(each.answer) for each in pool]
        self._grown: dict[tuple[int, int], list[Tree]] = {}

    def trees(self, hops: int) -> list[Tree]:
        """Those that are among the surest of any of the questions that they begin with."""
        of_start: dict[int, list[tuple[Rank, Tree]]] = defaultdict(list)
        for root in self.heads:
            for tree in islice(self._grow(root, hops), _ENDS):
                ranked = (self._rank_of(tree), tree)
                for start in tree.starts:
                    _keep(of_start[start], ranked)
        kept = {rank: tree for trees in of_start.values() for rank, tree in trees}
        return [kept[rank] for rank in sorted(kept)]

    def proposals(self, hops: int) -> Iterator[Proposal]:
        """The trees of so many hops as groups, the surest first."""
        for tree in self.trees(hops):
            ties = tie(self.pool, tree.places, tree.bridges)
            yield Proposal(self.pool, Composition.BRIDGE, tree.places, ties)

    def _rank_of(self, tree: Tree) -> Rank:
        """The surest trees first, ties by the ids of their questions, and of their bridges."""
        places = tuple(self._rank[each] for each in tree.places)
        return (
            -tree.score,
            places,
            tuple((self._rank[each.tail], each.start) for each in tree.bridges),
        )

    def _trees(self, root: int, hops: int) -> list[Tree]:
        """The few surest trees that end in a question, to grow larger ones from."""
        key = (root, hops)
        if key not in self._grown:
            self._grown[key] = list(islice(self._grow(root, hops), _TREES))
        return self._grown[key]

    def _grow(self, root: int, hops: int) -> Iterator[Tree]:
        """The trees that end in a question, the surest first."""
        for parts in heapq.merge(*self._ways(root, hops), key=self._first):
            tree = self._joined(root, parts)
            if tree is not None:
                yield tree

    def _ways(self, root: int, hops: int) -> Iterator[Iterable[Parts]]:
        """One and two smaller trees that can lead to a question, each way the surest first."""
        if hops == 1:
            yield [()]
            return
        heads = self.heads.get(root, [])
        for bridge in heads:
            yield [((bridge, below),) for below in self._trees(bridge.head, hops - 1)]
        pairs = [
            (one, other) if one.start < other.start else (other, one)
            for one, other in combinations(heads, 2)
            if _apart(one, other)
        ]
        pairs.sort(key=lambda pair: -pair[0].score * pair[1].score)
        for size in range(1, hops - 1):
            branched = [
                ((first, left), (second, right))
                for first, second in pairs[:_PAIRS]
                for left in self._trees(first.head, size)[:_BRANCHES]
                for right in self._trees(second.head, hops - 1 - size)[:_BRANCHES]
            ]
            yield sorted(branched, key=self._first)

    def _first(self, parts: Parts) -> tuple[float, tuple[int, ...]]:
        return -_score(parts), tuple(self._rank[each] for each in _places(parts))

    def _joined(self, root: int, parts: Parts) -> Tree | None:
        places = (*_places(parts), root)
        bridges = tuple(each for bridge, tree in parts for each in (*tree.bridges, bridge))
        if len(set(places)) < len(places) or not self._leads_on(places, bridges):
            return None
        return Tree(places, bridges, _score(parts))

    def _leads_on(self, places: Sequence[int], bridges: Sequence[Bridge]) -> bool:
        """Whether each answer is new, and stands in no question but where it is asked about.

        Anything else of a question stays in the merged one.
        """
        if len({self._answers[each] for each in places}) < len(places):
            return False
        replaced = [(each.tail, each.start, each.end) for each in bridges]
        return not any(
            not any(at == other and start < e and s < end for at, s, e in replaced)
            for each in places
            for other in places
            if other != each
            for start, end in self.index.places_of(each, other)
        )


def find_heads(
    pool: Sequence[SingleHop],
    index: BridgeIndex,
    closeness: Closeness | None = None,
    *,
    low: float = 0.0,
    high: float = 1.0,
) -> dict[int, list[Bridge]]:
    """For each question the surest of those whose answers it asks about, within the bounds.

    An answer is no head of a question about a thing of another sort: an album may have the name of
    the one who sings on it.
    """
    found = {}
    for place in range(len(pool)):
        sort = sort_of(pool[place])
        heads = [
            each
            for each in index.heads_of(place, _HEADS)
            if not (names_subject(pool, each) and is_other_sort(pool[each.head], sort))
        ]
        if closeness is not None and heads and (low > 0 or high < 1):
            near = closeness.table([place, *(each.head for each in heads)])[0, 1:]
            bounded = zip(heads, near.tolist(), strict=True)
            heads = [each for each, how in bounded if low <= max(0.0, how) <= high]
        if heads:
            found[place] = heads
    return found


def names_subject(pool: Sequence[SingleHop], bridge: Bridge) -> bool:
    """Whether what an answer names is what the question is about, not something beside it."""
    tail = pool[bridge.tail]
    return normalise(tail.question[bridge.start : bridge.end]) == normalise(tail.subject)


def _keep(trees: list[tuple[Rank, Tree]], found: tuple[Rank, Tree]) -> None:
    """Put a tree among the few surest of a start."""
    insort(trees, found, key=lambda each: each[0])
    del trees[PROPOSED:]


def _score(parts: Parts) -> float:
    score = 1.0
    for bridge, tree in parts:
        score *= bridge.score * tree.score
    return score


def _places(parts: Parts) -> tuple[int, ...]:
    return tuple(place for _, tree in parts for place in tree.places)


def _apart(one: Bridge, other: Bridge) -> bool:
    """Whether two answers stand in two places of the question."""
    return one.end <= other.start or other.end <= one.start
