"""What hops add up to: the answer that follows from theirs, and the names that must not be said."""

from collections.abc import Sequence

from longhop.matching import mentions
from longhop.questions.bridging import find_name
from longhop.questions.totals import add_up
from longhop.records.questions import AnswerKind, Composition, HopLink, SingleHop
from longhop.values import comparable_value


def composed_answer(composition: Composition, hops: Sequence[SingleHop]) -> str:
    """The answer of a merged question, from the answers of its hops alone."""
    match composition:
        case Composition.COMPARISON | Composition.BRIDGE_COMPARISON:
            return _weighed(hops[-2:])
        case Composition.TEMPORAL:
            return _weighed(hops) if len(hops) == 2 else _in_order(hops)
        case Composition.AGGREGATE:
            return add_up([hop.answer for hop in hops]) or ""
        case Composition.INTERSECTION:
            return hops[0].subject
    return hops[-1].answer


def other_answers(composition: Composition, hops: Sequence[SingleHop]) -> tuple[str, ...]:
    """Other names of the composed answer."""
    if composition in (Composition.BRIDGE, Composition.SINGLE):
        return hops[-1].aliases
    return ()


def find_hidden(
    question: str,
    composition: Composition,
    hops: Sequence[SingleHop],
    links: Sequence[HopLink],
) -> str:
    """What a question names although it should describe it; empty where it names no such thing.

    Hidden are the answers that a later hop asks about, under any of their names, and the one thing
    that an intersection asks for.
    """
    for link in links:
        head = hops[link.head]
        if mentions(question, head.answer) or mentions(question, link.mention):
            return head.answer
        if named := find_name(head, question):
            return named
    if composition is Composition.INTERSECTION:
        return next((hop.subject for hop in hops if mentions(question, hop.subject)), "")
    return ""


def named_answer(composition: Composition) -> bool:
    """Whether the question names its answer, as one of the things that it compares."""
    return composition in (
        Composition.COMPARISON,
        Composition.TEMPORAL,
        Composition.BRIDGE_COMPARISON,
    )


def _weighed(hops: Sequence[SingleHop]) -> str:
    """The subject with the earlier date or the larger number."""
    ranked = _ranked(hops)
    if len(ranked) < len(hops):
        return ""  # what cannot be weighed has no answer, and so no row
    return ranked[0] if hops[-1].kind is AnswerKind.DATE else ranked[-1]


def _in_order(hops: Sequence[SingleHop]) -> str:
    return separator_of([hop.subject for hop in hops], hops[0].language).join(_ranked(hops))


def separator_of(names: Sequence[str], language: str) -> str:
    """What stands between names that are listed: nothing that one of them has itself."""
    usual, last = ("、", "和") if language == "zh" else (", ", " and ")
    return "; " if any(usual.strip() in each or last in each for each in names) else usual


def _ranked(hops: Sequence[SingleHop]) -> list[str]:
    """The subjects by their dates or numbers, the smallest first."""
    is_date = hops[-1].kind is AnswerKind.DATE
    values = [(comparable_value(hop.answer, is_date=is_date), hop.subject) for hop in hops]
    return [subject for _, subject in sorted((v[0], s) for v, s in values if v is not None)]
