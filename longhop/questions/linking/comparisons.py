"""What the same is asked of: numbers and dates that can be weighed, put in order or added up."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from longhop.matching import normalise
from longhop.questions.bridging import Bridge
from longhop.questions.bridging.vocabulary import FIRST_NAMES
from longhop.questions.kinds import sort_of
from longhop.questions.linking.bridges import names_subject
from longhop.questions.linking.closeness import Closeness, nearest
from longhop.questions.linking.proposal import Proposal, tie
from longhop.questions.relations import relation_key
from longhop.questions.totals import add_up, is_additive
from longhop.records.questions import AnswerKind, Composition, SingleHop
from longhop.values import comparable_value

COMPARED = (AnswerKind.DATE, AnswerKind.NUMBER)
# Neighbours that each question is compared with.
_PARTNERS = 3

_OF_ANY_RECORD = frozenset(
    ["greatest", "hits", "best", "of", "live", "collection", "very", "untitled", "volume"]
)
_ROMAN = re.compile("[ivx]{1,5}")

Pair = tuple[int, int]


def find_pairs(
    pool: Sequence[SingleHop],
    closeness: Closeness,
    *,
    low: float,
    high: float,
    partners: int = _PARTNERS,
) -> list[Pair]:
    """Pairs that ask the same of two things and can be weighed: the nearest within the bounds.

    The two are of one sort: the height of a house is not weighed against that of a waterfall.
    """
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, question in enumerate(pool):
        value = _value(question)
        relation, sort = relation_key(question.relation), sort_of(question)
        if value is not None and relation and sort and not _names_nobody(question.subject):
            key = (question.kind, relation, value[1], question.language, question.split, sort)
            alike[key, _beside(question)].append(place)
    ids = [each.id for each in pool]
    pairs = {
        (min(one, other, key=ids.__getitem__), max(one, other, key=ids.__getitem__))
        for members in alike.values()
        for one, other, near in nearest(closeness, members, ids, most=partners)
        if low <= max(0.0, near) <= high and comparable(pool[one], pool[other])
    }
    return sorted(pairs, key=lambda pair: (ids[pair[0]], ids[pair[1]]))


def _names_nobody(subject: str) -> bool:
    """Whether a name could be anybody's: "Emily", "Frederick William", "William III", "Hits"."""
    return all(
        word in FIRST_NAMES or word in _OF_ANY_RECORD or _ROMAN.fullmatch(word)
        for word in normalise(subject)
    )


def _beside(question: SingleHop) -> tuple[object, ...]:
    """What a question says beside its subject: "in 2012" is another thing than "in 2015"."""
    subject = set(normalise(question.subject))
    named = {normalise(each) for each in question.entities}
    numbers = {
        word for word in normalise(question.question) if word[0].isdigit() and word not in subject
    }
    return tuple(sorted(named - {normalise(question.subject)})), tuple(sorted(numbers))


def compare(pool: Sequence[SingleHop], pairs: Sequence[Pair]) -> Iterator[Proposal]:
    """Which of two numbers is larger."""
    for pair in pairs:
        if pool[pair[0]].kind is AnswerKind.NUMBER:
            yield Proposal(pool, Composition.COMPARISON, pair, remark=_why(pool, pair))


def put_in_order(
    pool: Sequence[SingleHop], pairs: Sequence[Pair], hops: Sequence[int]
) -> Iterator[Proposal]:
    """Which of two dates is earlier, or the order of three and four that are near each other."""
    dated = [pair for pair in pairs if pool[pair[0]].kind is AnswerKind.DATE]
    if 2 in hops:
        for pair in dated:
            yield Proposal(pool, Composition.TEMPORAL, pair, remark=_why(pool, pair))
    partners: dict[int, list[int]] = defaultdict(list)
    for one, other in dated:
        partners[one].append(other)
        partners[other].append(one)
    for wanted in sorted(set(hops) - {2}):
        found: set[tuple[int, ...]] = set()
        for place, others in partners.items():
            for rest in combinations(others[:_PARTNERS], wanted - 1):
                events = tuple(sorted((place, *rest), key=lambda each: pool[each].id))
                if all(comparable(pool[a], pool[b]) for a, b in combinations(events, 2)):
                    found.add(events)
        for events in sorted(found):
            yield Proposal(pool, Composition.TEMPORAL, events, remark=_why(pool, events))


def total(pool: Sequence[SingleHop], pairs: Sequence[Pair]) -> Iterator[Proposal]:
    """What two numbers add up to, where their sum means something."""
    for pair in pairs:
        hops = [pool[each] for each in pair]
        if all(map(is_additive, hops)) and add_up([each.answer for each in hops]) is not None:
            yield Proposal(pool, Composition.AGGREGATE, pair, remark=_why(pool, pair))


def compare_described(
    pool: Sequence[SingleHop],
    pairs: Sequence[Pair],
    heads: Mapping[int, list[Bridge]],
    hops: Sequence[int],
) -> Iterator[Proposal]:
    """Comparisons of which one side, or both, is what another question's answer names."""
    for pair in pairs:
        described = [
            [each for each in heads.get(place, []) if names_subject(pool, each)] for place in pair
        ]
        if 3 in hops:
            for (one, other), side in ((pair, 0), (pair[::-1], 1)):
                for bridge in described[side]:
                    if _foreign(pool, bridge, other):
                        yield _described(pool, (bridge.head, one, other), [bridge], pair)
        if 4 in hops:
            for first in described[0][:_PARTNERS]:
                for second in described[1][:_PARTNERS]:
                    if (
                        first.head != second.head
                        and _foreign(pool, first, pair[1])
                        and _foreign(pool, second, pair[0])
                    ):
                        places = (first.head, second.head, *pair)
                        yield _described(pool, places, [first, second], pair)


def _described(
    pool: Sequence[SingleHop], places: tuple[int, ...], bridges: Sequence[Bridge], pair: Pair
) -> Proposal:
    ties, remark = tie(pool, places, bridges), _why(pool, pair)
    return Proposal(pool, Composition.BRIDGE_COMPARISON, places, ties, remark)


def _foreign(pool: Sequence[SingleHop], bridge: Bridge, other: int) -> bool:
    """Whether the describing question has nothing to do with the other side."""
    head = pool[bridge.head]
    return bridge.head != other and normalise(pool[other].subject) not in (
        normalise(head.subject),
        normalise(head.answer),
    )


def comparable(one: SingleHop, other: SingleHop) -> bool:
    """Whether two questions are of two things in two documents, and their answers can be told.

    Two dates of one year cannot: one may say the day and the other not.
    """
    values = [_value(one), _value(other)]
    if values[0] is None or values[1] is None:
        return False
    first, second = values[0][0], values[1][0]
    is_date = one.kind is AnswerKind.DATE
    return (
        (first[0] != second[0] if is_date else first != second)
        and one.document_id != other.document_id
        and normalise(one.subject) != normalise(other.subject)
        and bool(one.subject and other.subject)
    )


def _value(question: SingleHop) -> tuple[tuple[float, ...], str] | None:
    if question.kind not in COMPARED:
        return None
    return comparable_value(question.answer, is_date=question.kind is AnswerKind.DATE)


def _why(pool: Sequence[SingleHop], places: Sequence[int]) -> str:
    subjects = " and ".join(repr(pool[each].subject) for each in places)
    return f"{pool[places[0]].relation!r} of {subjects}"
