"""Linking: single-hop questions that belong together (MIMG's multi-question sampling).

A bridge needs the answer of one hop to be what the next asks about; a comparison needs the same
relation on two subjects with answers that can be ordered; a bridge comparison is both. An index
over names proposes, the link test decides, and the meaning of the documents ranks what could be
compared.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from longhop.identity import digest, make_id
from longhop.matching import comparable_value, mentions, normalise
from longhop.records.accounts import LeftReason, Rejection
from longhop.records.corpus import DocumentVector
from longhop.records.questions import AnswerKind, Composition, HopGroup, Scope, SingleHop
from longhop.selection.vectors import similarities, stack
from longhop.spec.sections import Questions
from longhop.verification.checks import check_hops

_COMPARED = (AnswerKind.DATE, AnswerKind.NUMBER)
# Neighbours that are looked at as partners of a comparison, the nearest documents first.
_PARTNERS = 3


@dataclass
class Linked:
    """The groups that are merged, and what became of all others that were proposed."""

    groups: list[HopGroup] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    proposed: int = 0


def link_questions(
    questions: Sequence[SingleHop],
    vectors: Mapping[str, DocumentVector],
    plan: Questions,
    *,
    dataset: str,
    base: Sequence[HopGroup] = (),
) -> Linked:
    """The groups to merge: groups of the base first, then by keyed hash, kinds in turn.

    The result does not depend on the order of the questions.
    """
    proposals = {group.id: group for group in _propose(questions, vectors, plan)}
    proposals |= {group.id: group for group in _still_standing(base, questions)}
    incumbents = frozenset(group.id for group in base)
    linked = Linked(proposed=len(proposals))
    sound = []
    for group in proposals.values():
        finding = check_hops(group.hops)
        if finding is None:
            sound.append(group)
        else:
            reason, detail = finding
            linked.rejected.append(
                Rejection(stage="link", item=group.id, reason=reason, detail=detail)
            )
    linked.rejected.sort(key=lambda each: each.item)
    uses: Counter[str] = Counter()
    for group in _in_turn(sound, dataset, incumbents):
        if len(linked.groups) >= plan.groups:
            linked.left[LeftReason.ENOUGH_GROUPS] += 1
        elif any(uses[hop.id] >= plan.reuse for hop in group.hops):
            linked.left[LeftReason.REUSE_CAP] += 1
        else:
            linked.groups.append(group)
            uses.update(hop.id for hop in group.hops)
    return linked


def links(head: SingleHop, tail: SingleHop) -> bool:
    """Whether the answer of the head is what the tail asks about, and not the other way round."""
    return (
        head.kind not in _COMPARED
        and head.language == tail.language
        and head.split == tail.split
        and normalise(head.answer) == normalise(tail.subject)
        and mentions(tail.question, head.answer)
        and normalise(tail.answer) != normalise(head.answer)
        and normalise(tail.answer) != normalise(head.subject)
        and not mentions(head.question, tail.answer)
    )


def _propose(
    questions: Sequence[SingleHop], vectors: Mapping[str, DocumentVector], plan: Questions
) -> Iterator[HopGroup]:
    ordered = sorted(questions, key=lambda each: each.id)
    if Composition.BRIDGE in plan.compositions:
        yield from _bridges(ordered, max(plan.hops), frozenset(plan.hops))
    pairs = list(_comparisons(ordered, vectors))
    if Composition.COMPARISON in plan.compositions and 2 in plan.hops:
        yield from pairs
    if Composition.BRIDGE_COMPARISON in plan.compositions and 3 in plan.hops:
        yield from _bridge_comparisons(ordered, pairs)


def _still_standing(base: Sequence[HopGroup], questions: Sequence[SingleHop]) -> Iterator[HopGroup]:
    """The base's groups whose questions are all still asked as they were."""
    asked = {each.id: each for each in questions}
    for group in base:
        if all(asked.get(hop.id) == hop for hop in group.hops):
            yield group


def _bridges(
    questions: Sequence[SingleHop], longest: int, wanted: frozenset[int]
) -> Iterator[HopGroup]:
    about: dict[tuple[str, ...], list[SingleHop]] = defaultdict(list)
    for question in questions:
        about[normalise(question.subject)].append(question)
    follow = {
        head.id: [tail for tail in about[normalise(head.answer)] if links(head, tail)]
        for head in questions
        if normalise(head.answer) in about
    }
    chains: list[tuple[SingleHop, ...]] = [(each,) for each in questions]
    for hops in range(2, longest + 1):
        chains = [
            (*chain, tail)
            for chain in chains
            for tail in follow.get(chain[-1].id, ())
            if not _returns(chain, tail)
        ]
        if hops in wanted:
            for chain in chains:
                yield _group(Composition.BRIDGE, chain, _why_bridge(chain))


def _returns(chain: Sequence[SingleHop], tail: SingleHop) -> bool:
    """Whether the tail leads back to something that the chain has named already."""
    named = {normalise(name) for hop in chain for name in (hop.subject, hop.answer)}
    return normalise(tail.answer) in named


def _comparisons(
    questions: Sequence[SingleHop], vectors: Mapping[str, DocumentVector]
) -> Iterator[HopGroup]:
    alike: dict[tuple[object, ...], list[SingleHop]] = defaultdict(list)
    for question in questions:
        value = comparable_value(question.answer, is_date=question.kind is AnswerKind.DATE)
        if question.kind in _COMPARED and value is not None:
            key = (normalise(question.relation), value[1], question.language, question.split)
            alike[(question.kind, *key)].append(question)
    for members in alike.values():
        near = _nearest([vectors[each.document_id] for each in members])
        for at, partners in enumerate(near):
            for other in partners:
                pair = sorted((members[at], members[other]), key=lambda each: each.id)
                if _comparable(*pair):
                    why = f"{pair[0].relation!r} of {pair[0].subject!r} and {pair[1].subject!r}"
                    yield _group(Composition.COMPARISON, tuple(pair), why)


def _bridge_comparisons(
    questions: Sequence[SingleHop], pairs: Sequence[HopGroup]
) -> Iterator[HopGroup]:
    """A comparison of which one side is named by another question's answer, and so described."""
    answering: dict[tuple[str, ...], list[SingleHop]] = defaultdict(list)
    for question in questions:
        answering[normalise(question.answer)].append(question)
    for pair in pairs:
        for one, other in (pair.hops, pair.hops[::-1]):
            for head in answering.get(normalise(one.subject), ()):
                if links(head, one) and normalise(head.subject) != normalise(other.subject):
                    why = f"{_why_bridge((head, one))}; {pair.why}"
                    yield _group(Composition.BRIDGE_COMPARISON, (head, one, other), why)


def _nearest(vectors: Sequence[DocumentVector]) -> list[list[int]]:
    """For each row the nearest others, nearest first, ties by place (rows are sorted by id)."""
    rows = stack([each.vector for each in vectors])
    nearest = []
    for at in range(len(rows)):
        order = np.argsort(-similarities(rows[at : at + 1], rows)[0], kind="stable")
        nearest.append([int(each) for each in order if each != at][:_PARTNERS])
    return nearest


def _comparable(one: SingleHop, other: SingleHop) -> bool:
    is_date = one.kind is AnswerKind.DATE
    values = [comparable_value(each.answer, is_date=is_date) for each in (one, other)]
    distinct = values[0] is not None and values[1] is not None and values[0] != values[1]
    same_year = is_date and distinct and values[0][0][0] == values[1][0][0]  # type: ignore[index]
    return (
        distinct
        and not same_year
        and one.document_id != other.document_id
        and normalise(one.subject) != normalise(other.subject)
    )


def _group(composition: Composition, hops: tuple[SingleHop, ...], why: str) -> HopGroup:
    documents = {hop.document_id for hop in hops}
    return HopGroup(
        id=make_id("g", composition, [hop.id for hop in hops]),
        composition=composition,
        scope=Scope.INTRA if len(documents) == 1 else Scope.INTER,
        hops=hops,
        why=why,
    )


def _why_bridge(chain: Sequence[SingleHop]) -> str:
    return "; ".join(
        f"{hop.answer!r} answers hop {number} and is what hop {number + 1} asks about"
        for number, hop in enumerate(chain[:-1], 1)
    )


def _in_turn(
    groups: Sequence[HopGroup], dataset: str, incumbents: frozenset[str]
) -> Iterator[HopGroup]:
    """Incumbents, then the rest: one of each kind in turn, so that no kind crowds out another."""
    order = sorted(groups, key=lambda each: (digest("link", dataset, each.id), each.id))
    yield from (group for group in order if group.id in incumbents)
    kinds: dict[tuple[str, int, str], list[HopGroup]] = defaultdict(list)
    for group in order:
        if group.id not in incumbents:
            kinds[(group.composition, len(group.hops), group.scope)].append(group)
    for turn in zip_longest(*(kinds[kind] for kind in sorted(kinds))):
        yield from (group for group in turn if group is not None)
