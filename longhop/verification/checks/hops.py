"""Hops together: each is needed, none is there twice, and their answers lead on, not back."""

from collections.abc import Sequence
from itertools import combinations

from longhop.matching import mentions, normalise
from longhop.records.accounts import Reason
from longhop.records.questions import Composition, HopLink, Scope, SingleHop
from longhop.verification.checks.finding import Finding, find

# Of which each hop but the last leads to another.
_LED_TO = {Composition.BRIDGE: 1, Composition.BRIDGE_COMPARISON: 2}


def check_hops(hops: Sequence[SingleHop], links: Sequence[tuple[int, int]] = ()) -> Finding | None:
    """Hop count = distinct necessary evidence: each hop rests on a chunk of its own.

    And the evidence of a hop does not tell what a later hop leads to: whoever reads it there needs
    the later hop no more.
    """
    chunks = [each for hop in hops for each in {span.chunk_id for span in hop.evidence}]
    if len(set(chunks)) < len(chunks):
        return Reason.SHARED_EVIDENCE, f"{len(hops)} hops on {len(set(chunks))} chunks"
    for tail in sorted({tail for _, tail in links}):
        for at, earlier in enumerate(hops[:tail]):
            if mentions(earlier.quote, hops[tail].answer):
                detail = f"the evidence of hop {at + 1} tells {hops[tail].answer!r}, too"
                return Reason.SHORTCUT, detail
    return None


def check_chain(
    composition: Composition, hops: Sequence[SingleHop], links: Sequence[HopLink]
) -> Finding | None:
    """Whether the hops make a question at all: in order, each once, none in a circle or idle."""
    return (
        _check_order(hops, links)
        or _check_twice(hops, links)
        or _check_circle(hops, links)
        or _check_idle(composition, hops, links)
    )


def check_scope(scope: Scope, hops: Sequence[SingleHop]) -> Finding | None:
    """As many documents as the scope says: one, or one for each hop."""
    documents = {hop.document_id for hop in hops}
    wanted = 1 if scope is Scope.INTRA else len(hops)
    detail = f"{len(hops)} hops of {len(documents)} documents are not {scope.value}"
    return find(len(documents) != wanted, Reason.SHARED_EVIDENCE, detail)


def _check_order(hops: Sequence[SingleHop], links: Sequence[HopLink]) -> Finding | None:
    """A hop is answered before another asks about its answer."""
    for link in links:
        if not 0 <= link.head < link.tail < len(hops):
            detail = f"hop {link.tail + 1} of {len(hops)} asks about hop {link.head + 1}"
            return Reason.CIRCLE, detail
    return None


def _check_twice(hops: Sequence[SingleHop], links: Sequence[HopLink]) -> Finding | None:
    """No two hops ask the same: in the same words, the same fact, or for the same link.

    Two that a chain or tree leads through have different answers, else one of them is enough.
    """
    leading = {at for link in links for at in (link.head, link.tail)}
    for one, other in combinations(range(len(hops)), 2):
        first, second = hops[one], hops[other]
        if (
            normalise(first.question) == normalise(second.question)
            or (first.subject and _fact(first) == _fact(second))
            or ({one, other} <= leading and _same_name(first, second))
        ):
            return Reason.DUPLICATE_HOP, f"hops {one + 1} and {other + 1} ask for one fact"
    return None


def _check_circle(hops: Sequence[SingleHop], links: Sequence[HopLink]) -> Finding | None:
    """No hop leads back to what a hop before it is about."""
    for tail in sorted({link.tail for link in links}):
        for at in sorted(_before(tail, links)):
            if _is_about(hops[at], hops[tail].answer):
                detail = f"hop {tail + 1} leads back to {hops[tail].answer!r} of hop {at + 1}"
                return Reason.CIRCLE, detail
    return None


def _check_idle(
    composition: Composition, hops: Sequence[SingleHop], links: Sequence[HopLink]
) -> Finding | None:
    """Each hop leads to a later one but the last, or the last two where two are weighed.

    Any other question of several hops has all of them in its answer.
    """
    if composition is Composition.SINGLE:
        return None
    if len(hops) < 2:
        return Reason.HOP_NOT_NEEDED, f"{len(hops)} hop is no {composition.value}"
    heads = {link.head for link in links}
    ends = _LED_TO.get(composition, len(hops))
    idle = next((at for at in range(len(hops) - ends) if at not in heads), None)
    if idle is not None:
        return Reason.HOP_NOT_NEEDED, f"hop {idle + 1} leads to no other"
    return None


def _before(tail: int, links: Sequence[HopLink]) -> set[int]:
    """The hops that lead to one, by however many others."""
    found: set[int] = set()
    new = {tail}
    while new:
        new = {link.head for link in links if link.tail in new} - found
        found |= new
    return found


def _is_about(hop: SingleHop, name: str) -> bool:
    """Whether a hop's question has a name, or is about it."""
    return mentions(hop.question, name) or (
        bool(hop.subject) and normalise(hop.subject) == normalise(name)
    )


def _same_name(one: SingleHop, other: SingleHop) -> bool:
    """Whether the answer of either is a name of the other's: a surname alone may be of both."""
    return normalise(one.answer) in _names(other) or normalise(other.answer) in _names(one)


def _names(hop: SingleHop) -> set[tuple[str, ...]]:
    return set(map(normalise, (hop.answer, *hop.aliases)))


def _fact(hop: SingleHop) -> tuple[object, ...]:
    relation = frozenset(normalise(hop.relation))
    return normalise(hop.subject), relation, normalise(hop.answer)
