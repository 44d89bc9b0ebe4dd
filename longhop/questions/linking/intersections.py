"""Intersections: the one thing of which two documents tell, where either tells of others too."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from longhop.matching import normalise
from longhop.questions.linking.comparisons import COMPARED
from longhop.questions.linking.proposal import Proposal
from longhop.questions.relations import relation_key
from longhop.records.questions import Composition, SingleHop

# Pairs of facts that are tried of one thing.
_PAIRS = 6


def intersect(pool: Sequence[SingleHop]) -> Iterator[Proposal]:
    """Two facts that hold of one thing alone in the pool, while each holds of another one too.

    If one of them were enough to tell the thing, the other would not be needed.
    """
    holders: dict[tuple[object, ...], set[tuple[str, ...]]] = defaultdict(set)
    told: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, question in enumerate(pool):
        subject = normalise(question.subject)
        if question.kind not in COMPARED and question.relation and question.subject:
            holders[_fact(question)].add(subject)
            told[subject, question.language, question.split].append(place)
    for places in told.values():
        shared = [each for each in places if len(holders[_fact(pool[each])]) > 1]
        pairs = combinations(sorted(shared, key=lambda each: pool[each].id), 2)
        for tried, (one, other) in enumerate(pairs):
            if tried >= _PAIRS:
                break
            facts = _fact(pool[one]), _fact(pool[other])
            if (
                pool[one].chunk_id != pool[other].chunk_id
                and facts[0] != facts[1]
                and len(holders[facts[0]] & holders[facts[1]]) == 1
            ):
                yield _proposal(pool, (one, other), [len(holders[each]) for each in facts])


def _fact(question: SingleHop) -> tuple[object, ...]:
    return (
        relation_key(question.relation),
        normalise(question.answer),
        question.language,
        question.split,
    )


def _proposal(pool: Sequence[SingleHop], pair: tuple[int, int], counts: list[int]) -> Proposal:
    facts = " and ".join(
        f"{pool[each].relation!r} {pool[each].answer!r} ({count} of them)"
        for each, count in zip(pair, counts, strict=True)
    )
    remark = f"only {pool[pair[0]].subject!r} has {facts}"
    return Proposal(pool, Composition.INTERSECTION, pair, remark=remark)
