"""The documents that contexts are made of, and which of them may stand beside a row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from longhop.corpus.shingles import words_of
from longhop.identity import digest
from longhop.matching import ARTICLES, normalise
from longhop.records.corpus import Document, Membership, Split
from longhop.records.examples import Layout, Role
from longhop.records.questions import SingleHop
from longhop.records.verification import MultiHop


@dataclass
class Library:
    """Documents with their splits, groups and clusters."""

    documents: Mapping[str, Document]
    memberships: Mapping[str, Membership]
    clusters: Mapping[str, int]
    _shelves: dict[tuple[Split, str], list[str]] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shelves: dict[tuple[Split, str], list[str]] = defaultdict(list)
        for each in sorted(self.documents):
            if each in self.memberships:
                split = self.memberships[each].split
                shelves[split, self.documents[each].language].append(each)
        self._shelves = dict(shelves)

    def distractors(self, row: MultiHop, layout: Layout) -> Iterator[tuple[str, Role]]:
        """Documents for a row's context, in turn from its own clusters and from all others.

        They come from the row's split and language. One is passed over if it is supporting, is of
        a supporting document's near-duplicate group, or states the answer of a hop together with
        what that hop asks about: it would be evidence, and no distractor.
        """
        supporting = {hop.document_id for hop in row.hops}
        near = {self.clusters.get(each, -1) for each in supporting}
        order = self._order(row)
        own = iter([each for each in order if self.clusters.get(each, -2) in near])
        rest = iter([each for each in order if self.clusters.get(each, -2) not in near])
        drawn = taken = 0
        while True:
            first = drawn < layout.same_cluster_share * (taken + 1)
            choice = _next((own, Role.SAME_CLUSTER), (rest, Role.RANDOM), first=first)
            if choice is None:
                return
            each, role = choice
            if self._is_evidence(each, row, supporting):
                continue
            taken += 1
            drawn += role is Role.SAME_CLUSTER
            yield each, role

    def _order(self, row: MultiHop) -> Sequence[str]:
        shelf = self._shelves.get((row.split, row.language), [])
        return sorted(shelf, key=lambda each: digest("distractor", row.id, each))

    def _is_evidence(self, each: str, row: MultiHop, supporting: set[str]) -> bool:
        groups = {self.memberships[it].group for it in supporting if it in self.memberships}
        if each in supporting or self.memberships[each].group in groups:
            return True
        words = self._bare(each)
        return any(_states(words, hop) for hop in row.hops)

    def _bare(self, each: str) -> str:
        """The words of a document and its title, ready to be searched for whole names."""
        if each not in self._words:
            document = self.documents[each]
            self._words[each] = _joined(words_of(f"{document.title} {document.text}"))
        return self._words[each]


def _states(words: str, hop: SingleHop) -> bool:
    """Whether a text quotes a hop's evidence, or has its answer with what it asks about.

    Where it is not said what a hop asks about, its answer alone is enough.
    """
    if _joined(words_of(hop.quote)) in words:
        return True
    return _joined(normalise(hop.answer)) in words and (
        not hop.subject or _joined(normalise(hop.subject)) in words
    )


def _joined(words: Iterable[str]) -> str:
    """Words between spaces, without articles, so that a name can be searched for as a text."""
    return f" {' '.join(word for word in words if word not in ARTICLES)} "


def _next(
    own: tuple[Iterator[str], Role], rest: tuple[Iterator[str], Role], *, first: bool
) -> tuple[str, Role] | None:
    for pool, role in (own, rest) if first else (rest, own):
        each = next(pool, None)
        if each is not None:
            return each, role
    return None
