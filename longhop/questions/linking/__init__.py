"""Linking: single-hop questions that belong together (MIMG's multi-question sampling).

Similarity alone finds partners of which fewer than half can be composed, so it only proposes: a
link test decides. A bridge needs the answer of one hop to be what a later one asks about; what is
compared, ordered or added up needs the same relation of different things; an intersection needs two
facts that one thing alone has.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from longhop.questions.bridging import BridgeIndex, find_bridge
from longhop.questions.composed import composed_answer
from longhop.questions.linking.bridges import BridgeTrees, find_heads
from longhop.questions.linking.closeness import Closeness
from longhop.questions.linking.comparisons import (
    comparable,
    compare,
    compare_described,
    find_pairs,
    put_in_order,
    total,
)
from longhop.questions.linking.intersections import intersect
from longhop.questions.linking.proposal import Proposal, Tie
from longhop.questions.linking.sampling import sample_groups
from longhop.records.accounts import Rejection
from longhop.records.questions import AnswerKind, Composition, HopGroup, SingleHop
from longhop.spec.sections import Questions
from longhop.verification.checks import Finding, check_chain, check_hops, check_scope


@dataclass
class Linked:
    """The groups that are merged, and what became of all others that were proposed.

    `notes` say where the wanted mix could not be met, and why.
    """

    groups: list[HopGroup] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    proposed: int = 0


def link_questions(
    questions: Sequence[SingleHop],
    closeness: Closeness,
    index: BridgeIndex,
    plan: Questions,
    *,
    dataset: str,
    base: Sequence[HopGroup] = (),
) -> Linked:
    """The groups to merge: groups of the base first, then by keyed hash towards the wanted mix.

    `closeness` and `index` are of the questions in the order given; the result does not depend on
    that order.
    """
    proposals = {each.id: each for each in _still_standing(base, questions, plan)}
    proposals |= {each.id: each for each in propose(questions, closeness, index, plan)}
    linked = Linked(proposed=len(proposals))
    sound = []
    for proposal in proposals.values():
        finding = _check(proposal)
        if finding is None:
            sound.append(proposal)
        else:
            reason, detail = finding
            linked.rejected.append(
                Rejection(stage="link", item=proposal.id, reason=reason, detail=detail)
            )
    linked.rejected.sort(key=lambda each: each.item)
    sampled = sample_groups(
        sound,
        plan.mix,
        most=plan.groups,
        reuse=plan.reuse,
        dataset=dataset,
        incumbents=frozenset(group.id for group in base),
    )
    linked.groups = [each.group() for each in sampled.taken]
    linked.left = Counter({str(reason): count for reason, count in sampled.left.items()})
    linked.notes = sampled.notes
    return linked


def propose(
    pool: Sequence[SingleHop], closeness: Closeness, index: BridgeIndex, plan: Questions
) -> Iterator[Proposal]:
    """Every group that the link test lets through, of the compositions, hops and scopes wanted."""
    for proposal in _propose(pool, closeness, index, plan):
        if proposal.scope in plan.scopes:
            yield proposal


def _propose(
    pool: Sequence[SingleHop], closeness: Closeness, index: BridgeIndex, plan: Questions
) -> Iterator[Proposal]:
    wanted, hops = frozenset(plan.compositions), sorted(set(plan.hops))
    low, high = plan.min_similarity, plan.max_similarity
    heads = {}
    if wanted & {Composition.BRIDGE, Composition.BRIDGE_COMPARISON}:
        heads = find_heads(pool, index, closeness, low=low, high=high)
    if Composition.BRIDGE in wanted:
        trees = BridgeTrees(pool, index, heads)
        for count in hops:
            yield from trees.proposals(count)
    pairs = find_pairs(pool, closeness, low=low, high=high)
    if Composition.COMPARISON in wanted and 2 in hops:
        yield from compare(pool, pairs)
    if Composition.TEMPORAL in wanted:
        yield from put_in_order(pool, pairs, hops)
    if Composition.AGGREGATE in wanted and 2 in hops:
        yield from total(pool, pairs)
    if Composition.BRIDGE_COMPARISON in wanted:
        yield from compare_described(pool, pairs, heads, hops)
    if Composition.INTERSECTION in wanted and 2 in hops:
        yield from intersect(pool)


def _check(proposal: Proposal) -> Finding | None:
    """What is wrong with a group before it costs anything, if anything is."""
    group = proposal.group()
    return (
        check_scope(group.scope, group.hops)
        or check_chain(group.composition, group.hops, group.links)
        or check_hops(group.hops, [(each.head, each.tail) for each in group.links])
    )


def _still_standing(
    base: Sequence[HopGroup], questions: Sequence[SingleHop], plan: Questions
) -> Iterator[Proposal]:
    """The base's groups that are still wanted, and whose questions are all asked as they were.

    Those that an earlier release linked by other rules fall. Of groups older than their links
    nobody could say what a question must not name.
    """
    at = {each.id: place for place, each in enumerate(questions)}
    needs_links = (Composition.BRIDGE, Composition.BRIDGE_COMPARISON)
    for group in base:
        places = tuple(at[hop.id] for hop in group.hops if hop.id in at)
        if (
            len(places) == len(group.hops)
            and group.composition in plan.compositions
            and len(group.hops) in plan.hops
            and group.scope in plan.scopes
            and _is_sound(group)
            and all(questions[place] == hop for place, hop in zip(places, group.hops, strict=True))
            and (group.links or group.composition not in needs_links)
        ):
            ties = tuple(Tie(each.head, each.tail, each.mention, "") for each in group.links)
            yield Proposal(questions, group.composition, places, ties, group.why)


def _is_sound(group: HopGroup) -> bool:
    """Whether a group is one by the rules of today."""
    weighed = {
        Composition.COMPARISON: AnswerKind.NUMBER,
        Composition.TEMPORAL: AnswerKind.DATE,
        Composition.AGGREGATE: AnswerKind.NUMBER,
    }
    kind = weighed.get(group.composition)
    hops = group.hops[-2:] if group.composition is Composition.BRIDGE_COMPARISON else group.hops
    if kind is not None and any(hop.kind is not kind for hop in hops):
        return False
    if kind is not None or group.composition is Composition.BRIDGE_COMPARISON:
        return all(comparable(one, other) for one, other in combinations(hops, 2)) and bool(
            composed_answer(group.composition, group.hops)
        )
    return all(find_bridge(group.hops[each.head], group.hops[each.tail]) for each in group.links)
