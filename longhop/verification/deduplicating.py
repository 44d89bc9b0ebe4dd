"""Rows that are there twice: in the same words or nearly so, on the same evidence or facts."""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from longhop.corpus.shingles import Hashes, shingle_hashes
from longhop.identity import digest
from longhop.matching import normalise
from longhop.questions.relations import relation_key
from longhop.records.accounts import Reason, Rejection
from longhop.records.questions import Composition
from longhop.records.verification import MultiHop
from longhop.verification.checks.finding import Finding
from longhop.verification.checks.naming import names_in, plain_words

# Questions with one answer and the same names are one from so many shared pairs of words on.
_ALIKE = 0.8
_WIDTH = 2


def find_duplicates(
    rows: Iterable[MultiHop], incumbents: Set[str] = frozenset()
) -> list[Rejection]:
    """What is turned away so that each row is there once, in the order of the ids."""
    rows = list(rows)
    twins = find_twins((row, row.id in incumbents) for row in rows)
    rejected = [
        Rejection(
            stage="check_rows",
            item=rows[place].id,
            reason=reason,
            detail=detail,
            raw=rows[place].question,
        )
        for place, (reason, detail) in twins.items()
    ]
    return sorted(rejected, key=lambda each: (each.item, each.raw, each.detail))


def find_twins(rows: Iterable[tuple[MultiHop, bool]]) -> dict[int, Finding]:
    """Which of the rows are there already, by their places, and what says so.

    Each comes with whether it is an incumbent. Of two that are one, the incumbent stays, else the
    one with the smaller id; the order of the rows changes nothing. What is turned away takes nobody
    with it: only rows that stay are compared with.

    The rows are read once. Memory holds their ids and hashes of what they are compared by, some
    700 bytes a row at the most, and more only for what two of them share.
    """
    keys = _Keys()
    for row, incumbent in rows:
        keys.add(row, incumbent=incumbent)
    kept = _Kept(keys)
    found = {}
    for place in keys.order():
        finding = kept.twin_of(place)
        if finding is None:
            kept.add(place)
        else:
            found[place] = finding
    return found


class _Keys:
    """What rows are compared by, in 64 bits each: their words, evidence, facts and wordings.

    Only questions of one group, with one answer and the same names, are compared by wording.
    """

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.words = array("Q")
        self.evidence = array("Q")
        self.facts = array("Q")
        self.groups = array("Q")
        self._pairs = array("Q")
        self._ends = array("Q", [0])
        self._ranks: list[tuple[bool, str, int]] = []

    def add(self, row: MultiHop, *, incumbent: bool) -> None:
        """Take one row."""
        group, pairs = _wording(row)
        facts = _facts(row)
        self.words.append(_key(*_words(row)))
        self.evidence.append(_key(*_evidence(row)))
        self.facts.append(_key(*facts) if facts else 0)
        self.groups.append(_key(*group))
        self._pairs.frombytes(pairs.tobytes())
        self._ends.append(len(self._pairs))
        self.ids.append(row.id)
        self._ranks.append((not incumbent, row.id, _key(row.model_dump(mode="json"))))

    def order(self) -> list[int]:
        """The places of the rows, incumbents first, then by id."""
        return sorted(range(len(self.ids)), key=self._ranks.__getitem__)

    def pairs_of(self, place: int) -> Hashes:
        """The pairs of words of a question."""
        every = np.frombuffer(self._pairs, np.uint64)
        return every[self._ends[place] : self._ends[place + 1]]

    def count_pairs(self) -> tuple[Hashes, NDArray[np.int64]]:
        """Each pair of words there is, and how many questions have it."""
        return np.unique(np.frombuffer(self._pairs, np.uint64), return_counts=True)


class _Kept:
    """The rows that stay so far, found again by what a twin of theirs would share.

    Near wordings are found by their rarest pairs of words: of two that are alike enough, one of
    the few rarest of either is shared (prefix filtering). So work grows with the rows, not with
    their pairs, and none is missed. What no two rows have is not looked for.
    """

    def __init__(self, keys: _Keys) -> None:
        self._keys = keys
        self._pairs, self._counts = keys.count_pairs()
        self._groups = _shared(keys.groups)
        self._by_words = _Places(keys.words)
        self._by_evidence = _Places(keys.evidence)
        self._by_facts = _Places(keys.facts)
        self._by_pair: dict[tuple[int, int], list[int]] = defaultdict(list)

    def twin_of(self, place: int) -> Finding | None:
        """Why a row is one that stays already, if it is."""
        ids = self._keys.ids
        if (twin := self._by_words.get(place)) is not None:
            return Reason.DUPLICATE_QUESTION, f"of {ids[twin]}"
        if (twin := self._by_evidence.get(place)) is not None:
            return Reason.DUPLICATE_EVIDENCE, f"of {ids[twin]}"
        if (twin := self._by_facts.get(place)) is not None:
            return Reason.DUPLICATE_EVIDENCE, f"of {ids[twin]} (the same facts)"
        if self._keys.groups[place] not in self._groups:
            return None
        own = frozenset(self._keys.pairs_of(place).tolist())
        for key in self._rarest(place):
            for other in self._by_pair.get(key, ()):
                alike = _jaccard(own, self._keys.pairs_of(other).tolist())
                if alike >= _ALIKE:
                    detail = f"of {ids[other]} (by wording, {alike:.2f})"
                    return Reason.DUPLICATE_QUESTION, detail
        return None

    def add(self, place: int) -> None:
        """Let a row stay."""
        for each in (self._by_words, self._by_evidence, self._by_facts):
            each.add(place)
        if self._keys.groups[place] in self._groups:
            for key in self._rarest(place):
                self._by_pair[key].append(place)

    def _rarest(self, place: int) -> Iterator[tuple[int, int]]:
        """The rarest pairs of words, as many as have one of any wording that is alike enough."""
        pairs = self._keys.pairs_of(place)
        counts = self._counts[np.searchsorted(self._pairs, pairs)]
        most = len(pairs) - math.ceil(_ALIKE * len(pairs)) + 1
        group = self._keys.groups[place]
        for pair in pairs[np.lexsort((pairs, counts))][:most].tolist():
            yield group, pair


class _Places:
    """The rows that stay, found by a key; 0 is none. Only keys of several rows take memory."""

    def __init__(self, keys: Sequence[int]) -> None:
        self._keys = keys
        self._shared = _shared(keys)
        self._first: dict[int, int] = {}

    def get(self, place: int) -> int | None:
        """The first row that stays and has this one's key."""
        return self._first.get(self._keys[place])

    def add(self, place: int) -> None:
        """Let a row stay."""
        key = self._keys[place]
        if key and key in self._shared:
            self._first.setdefault(key, place)


def _shared(keys: Sequence[int]) -> frozenset[int]:
    """The keys that several rows have."""
    found, counts = np.unique(np.asarray(keys, np.uint64), return_counts=True)
    return frozenset(found[counts > 1].tolist())


def _key(*parts: object) -> int:
    """64 bits of a hash, and never 0."""
    return int(digest(*parts)[:16], 16) or 1


def _wording(row: MultiHop) -> tuple[tuple[object, ...], Hashes]:
    names = Counter(
        word for name in names_in(row.question, row.language) for word in normalise(name)
    )
    digits = Counter(word for word in normalise(row.question) if word[0].isdigit())
    group = (
        row.language,
        normalise(row.answer),
        sorted(names.items()),
        sorted(digits.items()),
    )
    return group, shingle_hashes(" ".join(plain_words(row.question)), _WIDTH)


def _words(row: MultiHop) -> tuple[object, ...]:
    """What no two rows share. Trusted pairs may have one instruction for several documents."""
    asked = row.language, plain_words(row.question)
    if row.composition is Composition.SINGLE:
        return (*asked, plain_words(row.answer))
    return asked


def _evidence(row: MultiHop) -> list[tuple[str, int, int]]:
    """The first place of each hop's quote: what the hop was asked from."""
    return sorted(
        {(each.chunk_id, each.start, each.end) for hop in row.hops for each in hop.evidence[:1]}
    )


def _facts(row: MultiHop) -> tuple[object, ...]:
    """What a row rests on, from whichever documents; nothing where a hop does not say what it is.

    So two rows are one that ask the same of copies of one text, in other words.
    """
    facts = {
        (normalise(hop.subject), relation_key(hop.relation), normalise(hop.answer))
        for hop in row.hops
    }
    if not all(subject and relation for subject, relation, _ in facts):
        return ()
    return row.language, row.composition, normalise(row.answer), sorted(facts)


def _jaccard(one: frozenset[int], other: Sequence[int]) -> float:
    shared = len(one.intersection(other))
    return shared / (len(one) + len(other) - shared)
