"""Rows that are there twice: in the same words or nearly so, on the same evidence or facts."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from longhop.corpus.shingles import shingle_hashes
from longhop.identity import digest
from longhop.matching import normalise
from longhop.questions.relations import relation_key
from longhop.records.accounts import Reason, Rejection
from longhop.records.questions import Composition
from longhop.records.verification import MultiHop
from longhop.verification.checks.naming import names_in, plain_words

# Questions with one answer and the same names are one from so many shared pairs of words on.
_ALIKE = 0.8
_WIDTH = 2


@dataclass(frozen=True)
class _Wording:
    """What two questions are compared by: only those with one answer and the same names are."""

    group: tuple[object, ...]
    pairs: frozenset[int]


def find_duplicates(
    rows: Sequence[MultiHop], incumbents: Set[str] = frozenset()
) -> list[Rejection]:
    """What is turned away so that each row is there once, in the order of the ids.

    Of two that are one, the incumbent stays, else the one with the smaller id; the order of the
    rows changes nothing. What is turned away takes nobody with it: only rows that stay are
    compared with.
    """
    ordered = sorted(rows, key=lambda each: (each.id not in incumbents, *_order(each)))
    kept = _Kept(ordered)
    rejected = []
    for place, row in enumerate(ordered):
        finding = kept.twin_of(place)
        if finding is None:
            kept.add(place)
            continue
        reason, detail = finding
        rejected.append(
            Rejection(
                stage="check_rows",
                item=row.id,
                reason=reason,
                detail=detail,
                raw=row.question,
            )
        )
    return sorted(rejected, key=lambda each: (each.item, each.raw, each.detail))


class _Kept:
    """The rows that stay so far, found again by what a twin of theirs would share.

    Near wordings are found by their rarest pairs of words: of two that are alike enough, one of
    the few rarest of either is shared (prefix filtering). So work grows with the rows, not with
    their pairs, and none is missed.
    """

    def __init__(self, rows: Sequence[MultiHop]) -> None:
        self._rows = rows
        self._wordings = [_wording(row) for row in rows]
        self._counts = Counter(pair for each in self._wordings for pair in each.pairs)
        self._by_words: dict[tuple[object, ...], int] = {}
        self._by_evidence: dict[frozenset[tuple[str, int, int]], int] = {}
        self._by_facts: dict[tuple[object, ...], int] = {}
        self._by_pair: dict[tuple[object, ...], list[int]] = defaultdict(list)

    def twin_of(self, place: int) -> tuple[Reason, str] | None:
        """Why a row is one that stays already, if it is."""
        row = self._rows[place]
        if (twin := self._by_words.get(_words(row))) is not None:
            return Reason.DUPLICATE_QUESTION, f"of {self._rows[twin].id}"
        if (twin := self._by_evidence.get(_evidence(row))) is not None:
            return Reason.DUPLICATE_EVIDENCE, f"of {self._rows[twin].id}"
        if (facts := _facts(row)) and (twin := self._by_facts.get(facts)) is not None:
            return Reason.DUPLICATE_EVIDENCE, f"of {self._rows[twin].id} (the same facts)"
        own = self._wordings[place]
        for key in self._keys(own):
            for other in self._by_pair.get(key, ()):
                alike = _jaccard(own.pairs, self._wordings[other].pairs)
                if alike >= _ALIKE:
                    twin_id = self._rows[other].id
                    return Reason.DUPLICATE_QUESTION, f"of {twin_id} (by wording, {alike:.2f})"
        return None

    def add(self, place: int) -> None:
        """Let a row stay."""
        row, own = self._rows[place], self._wordings[place]
        self._by_words.setdefault(_words(row), place)
        self._by_evidence.setdefault(_evidence(row), place)
        if facts := _facts(row):
            self._by_facts.setdefault(facts, place)
        for key in self._keys(own):
            self._by_pair[key].append(place)

    def _keys(self, wording: _Wording) -> Iterable[tuple[object, ...]]:
        """The rarest pairs of words, as many as have one of any wording that is alike enough."""
        pairs = sorted(wording.pairs, key=lambda each: (self._counts[each], each))
        most = len(pairs) - math.ceil(_ALIKE * len(pairs)) + 1
        return [(wording.group, pair) for pair in pairs[:most]]


def _wording(row: MultiHop) -> _Wording:
    names = Counter(
        word for name in names_in(row.question, row.language) for word in normalise(name)
    )
    digits = Counter(word for word in normalise(row.question) if word[0].isdigit())
    group = (
        row.language,
        normalise(row.answer),
        frozenset(names.items()),
        frozenset(digits.items()),
    )
    plain = " ".join(plain_words(row.question))
    return _Wording(group, frozenset(map(int, shingle_hashes(plain, _WIDTH))))


def _words(row: MultiHop) -> tuple[object, ...]:
    """What no two rows share. Trusted pairs may have one instruction for several documents."""
    asked = row.language, plain_words(row.question)
    if row.composition is Composition.SINGLE:
        return (*asked, plain_words(row.answer))
    return asked


def _evidence(row: MultiHop) -> frozenset[tuple[str, int, int]]:
    """The first place of each hop's quote: what the hop was asked from."""
    return frozenset(
        (each.chunk_id, each.start, each.end) for hop in row.hops for each in hop.evidence[:1]
    )


def _facts(row: MultiHop) -> tuple[object, ...]:
    """What a row rests on, from whichever documents; nothing where a hop does not say what it is.

    So two rows are one that ask the same of copies of one text, in other words.
    """
    facts = frozenset(
        (normalise(hop.subject), relation_key(hop.relation), normalise(hop.answer))
        for hop in row.hops
    )
    if not all(subject and relation for subject, relation, _ in facts):
        return ()
    return row.language, row.composition, normalise(row.answer), facts


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def _order(row: MultiHop) -> tuple[str, str]:
    return row.id, digest(row.model_dump(mode="json"))
