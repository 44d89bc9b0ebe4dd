"""A merged question: it hides what it should, asks what its hops ask, and has their answer."""

from collections.abc import Sequence

from longhop.matching import exact_answer, mentions, same_answer
from longhop.questions.composed import composed_answer, find_hidden, named_answer, other_answers
from longhop.records.accounts import Reason
from longhop.records.questions import Composition, HopLink, SingleHop
from longhop.verification.checks.finding import Finding
from longhop.verification.checks.hops import check_chain, check_hops
from longhop.verification.checks.naming import is_named, names_in, plain_words
from longhop.verification.checks.wording import check_wording, pronouns_in


def check_merged(
    question: str,
    answer: str,
    composition: Composition,
    hops: Sequence[SingleHop],
    links: Sequence[HopLink] = (),
) -> Finding | None:
    """What is wrong with a merged question, if anything is."""
    if found := check_chain(composition, hops, links):
        return found
    expected = composed_answer(composition, hops)
    accepted = (expected, *other_answers(composition, hops))
    same = same_answer if composition is Composition.BRIDGE else exact_answer
    if not any(same(answer, each) for each in accepted):
        return Reason.WRONG_ANSWER, f"{answer!r} instead of {expected!r}"
    if lost := _unasked(question, composition, hops, links):
        return Reason.NOT_SELF_CONTAINED, f"{lost!r} is not asked about"
    if named := find_hidden(question, composition, hops, links):
        return Reason.BRIDGE_LEAK, f"{named!r} is named"
    if not named_answer(composition) and mentions(question, answer):
        return Reason.ANSWER_LEAK, f"{answer!r} is named"
    asked = [hop.question for hop in hops]
    places = [(each.head, each.tail) for each in links]
    return check_wording(question, answer, hops[0].language, asked) or check_hops(hops, places)


def _unasked(
    question: str,
    composition: Composition,
    hops: Sequence[SingleHop],
    links: Sequence[HopLink],
) -> str:
    """What a merged question must name and does not, not even by one word of it.

    Where nothing is said of what a hop is about, that is the names in its question. With a pronoun
    that no hop has, one word is not enough: the pronoun may stand for the others.
    """
    if composition is Composition.INTERSECTION:
        wanted = [hop.answer for hop in hops]
    else:
        tails = {link.tail for link in links}
        starts = [hop for at, hop in enumerate(hops) if at not in tails]
        wanted = [hop.subject or " ".join(names_in(hop.question, hop.language)) for hop in starts]
    language = hops[0].language
    said = {word for hop in hops for word in pronouns_in(hop.question, language)}
    whole = bool(pronouns_in(question, language) - said)
    words = set(plain_words(question))
    return next((each for each in wanted if each and not is_named(each, words, whole=whole)), "")
