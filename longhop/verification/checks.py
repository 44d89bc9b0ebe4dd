"""Checks without a model. Each names its reason; the first that does not hold is given."""

import re
from collections.abc import Sequence

from longhop.corpus.languages.codes import LANGUAGES, UNSPACED, detect_language, prompt_language
from longhop.corpus.languages.scripts import same_script
from longhop.matching import exact_answer, mentions, normalise, same_answer
from longhop.questions.composed import composed_answer, find_hidden, named_answer, other_answers
from longhop.records.accounts import Reason
from longhop.records.questions import Composition, HopLink, SingleHop

Finding = tuple[Reason, str]

_LONGEST_QUESTION = 400
_LONGEST_ANSWER = 120
_FEWEST_WORDS = {"en": 3, "zh": 5}
_PRONOUN = re.compile(r"\b(it|its|he|him|his|she|her|hers|they|them|their|theirs)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=\s)[A-Z\d\"“']|[\"“《「]")
_POINTS_AT_TEXT = re.compile(
    r"\b(?:the|this|that|these|those) (?:above |following )?(?:passage|document|text|article|"
    r"paragraph|excerpt|section|page)s?\b|according to (?:it|this)\b|[本该此这]"
    r"(?:文|篇|段|页|文档|文章|资料)|上文|下文",
    re.IGNORECASE,
)
# A kind of thing with an article, and nothing that says which: "the book", but not "the book of …".
_BARE_KIND = re.compile(
    r"\bthe (?:album|author|band|book|bridge|building|city|club|company|country|film|game|group|"
    r"man|movie|novel|organi[sz]ation|person|place|river|school|series|show|song|team|town|"
    r"university|village|woman|work)\b(?=\W*$|\s+(?:is|was|were|are|has|had|did|does|do|in|on)\b)",
    re.IGNORECASE,
)
# What a question cannot be about without a name: "the film", "he".
_BARE_SUBJECT = re.compile(
    r"(?:the|this|that|these|those|its|his|her|their) [a-z]+|(?i:it|he|she|they)"
    r"|[它他她这那该其本].{0,3}"
)
_CHINESE_PRONOUN = re.compile(r"^(?:它|他|她|其|该|这|此)|(?:它|他|她)们?(?:的|是|在|于|由)")


def check_single_hop(question: SingleHop) -> Finding | None:
    """What is wrong with a question whose evidence was located, if anything is."""
    return (
        check_wording(question.question, question.answer, question.language)
        or _if(
            _BARE_SUBJECT.fullmatch(question.subject) is not None,
            Reason.NOT_SELF_CONTAINED,
            f"{question.subject!r} could be any",
        )
        or _if(mentions(question.question, question.answer), Reason.ANSWER_LEAK, question.answer)
        or _if(
            not mentions(question.quote, question.answer),
            Reason.ANSWER_NOT_IN_EVIDENCE,
            question.quote,
        )
    )


def check_wording(question: str, answer: str, language: str) -> Finding | None:
    """Length, language, and whether the question can be understood on its own."""
    words = _count_words(question, language)
    fewest = _FEWEST_WORDS["zh" if language in UNSPACED else prompt_language(language)]
    if words < fewest or len(question) > _LONGEST_QUESTION:
        return Reason.BAD_LENGTH, f"a question of {words} words, {len(question)} characters"
    if not normalise(answer) or len(answer) > _LONGEST_ANSWER:
        return Reason.BAD_LENGTH, f"an answer of {len(answer)} characters"
    if not _is_in(question, language):
        return Reason.WRONG_LANGUAGE, f"the document is in {language!r}"
    unclear = find_unresolved(question, language)
    return _if(unclear is not None, Reason.NOT_SELF_CONTAINED, f"{unclear!r} has nothing to name")


def find_unresolved(question: str, language: str) -> str | None:
    """The first word that points at something the question does not name.

    Pronouns are known of English and Chinese alone; "her" is an adverb in German.
    """
    pointing = _POINTS_AT_TEXT.search(question)
    if pointing is not None:
        return pointing.group()
    if language == "zh":
        pronoun = _CHINESE_PRONOUN.search(question)
        return pronoun.group() if pronoun else None
    if language not in LANGUAGES:
        return None
    for pattern in (_PRONOUN, _BARE_KIND):
        found = pattern.search(question)
        if found is not None and not _NAME.search(question[: found.start()]):
            return found.group()
    return None


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


def check_merged(
    question: str,
    answer: str,
    composition: Composition,
    hops: Sequence[SingleHop],
    links: Sequence[HopLink] = (),
) -> Finding | None:
    """What is wrong with a merged question, if anything is."""
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
    places = [(each.head, each.tail) for each in links]
    return check_wording(question, answer, hops[0].language) or check_hops(hops, places)


def _unasked(
    question: str,
    composition: Composition,
    hops: Sequence[SingleHop],
    links: Sequence[HopLink],
) -> str:
    """What a merged question must name and does not, not even by one word of it."""
    if composition is Composition.INTERSECTION:
        wanted = [hop.answer for hop in hops]
    else:
        tails = {link.tail for link in links}
        wanted = [hop.subject for at, hop in enumerate(hops) if at not in tails]
    words = set(normalise(question))
    return next((each for each in wanted if each and not words & set(normalise(each))), "")


def _count_words(question: str, language: str) -> int:
    """The words of a question; its letters where words are not written apart."""
    if language in UNSPACED and language not in LANGUAGES:
        return sum(letter.isalpha() for letter in question)
    return len(normalise(question))


def _is_in(question: str, language: str) -> bool:
    """Whether a question is in a language, as far as its script says: it is too short for more."""
    if language in LANGUAGES:
        return detect_language(question) == language
    return same_script(question, language)


def _if(wrong: bool, reason: Reason, detail: str) -> Finding | None:
    return (reason, detail) if wrong else None
