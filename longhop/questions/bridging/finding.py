"""The link test: whether a question asks about another's answer, and where it names it."""

from collections.abc import Iterator
from dataclasses import dataclass

from longhop.matching import mentions
from longhop.questions.bridging.forms import Form, forms_of, is_first_name
from longhop.questions.bridging.generic import is_generic
from longhop.questions.bridging.surroundings import Asked, Spot
from longhop.questions.bridging.tokens import words_in
from longhop.questions.bridging.vocabulary import TITLES
from longhop.records.questions import AnswerKind, SingleHop

# What is left of a mention's worth where the tail is not said to be about it: where nothing is
# said, and where something else is.
ABOUT_NOTHING, ABOUT_ANOTHER = 0.9, 0.6
# Above that a form stands for nothing but the name.
_SURE = 0.8
# And below that others have it too: a surname alone.
_WEAK = 0.5


@dataclass(frozen=True)
class Mention:
    """A name in a question: code points without an article before it, and how sure it is."""

    start: int
    end: int
    worth: float
    why: str


class Sought:
    """What a head leads to: the forms of its answer, and what no tail of it may say."""

    def __init__(self, head: SingleHop) -> None:
        self.head = head
        self.forms = forms_of(head)
        self.generic = is_generic(head)
        self._question = frozenset(words_in(head.question))
        self._subject = words_in(head.subject)
        self._answers = _sure_forms(head)
        self._is_first_name = head.kind is AnswerKind.PERSON and is_first_name(head.answer)

    def may_lead_to(self, tail: SingleHop) -> bool:
        """Whether the two are two, in one language and one split."""
        head = self.head
        return head.id != tail.id and (head.language, head.split) == (tail.language, tail.split)

    def doubt_of(self, tail: SingleHop, start: int, end: int, form: Form) -> str:
        """Why a question that has a form of the answer there is no tail of it; else nothing."""
        if self.generic:
            return "an answer that identifies nothing"
        if tail.subject and not self._is_meant_in(tail, form):
            return "another may have that name"
        answers = _sure_forms(tail)
        if answers & self._answers or any(self._tells(each) for each in answers):
            return "leads back to what the first names"
        if self._subject and self._names_subject(Asked(tail), start, end):
            return "names what the first asks about"
        return ""

    def _is_meant_in(self, tail: SingleHop, form: Form) -> bool:
        """Whether a name that many have is meant of the same one: by its document or evidence.

        Of a first name, with a number or without, no evidence tells whose it is.
        """
        head = self.head
        if head.document_id == tail.document_id:
            return True
        if self._is_first_name:
            return False
        return form.worth > _WEAK or mentions(tail.quote, head.answer)

    def _tells(self, found: tuple[str, ...]) -> bool:
        """Whether the head's question has all words of an answer, in whatever order.

        "Who passed a law in honour of Ada West?" tells of the Ada West Law.
        """
        return bool(found) and self._question.issuperset(found)

    def _names_subject(self, asked: Asked, start: int, end: int) -> bool:
        """Whether nothing is left to find out; a subject within the mention is no harm."""
        width = len(self._subject)
        spots = (asked.spot(at, width) for at in asked.places_of(self._subject))
        return any(not (start <= spot.start and spot.end <= end) for spot in spots)


def find_bridge(head: SingleHop, tail: SingleHop) -> Mention | None:
    """Where the tail names the answer of the head, if that makes the two belong together.

    The surest form counts, and of equal ones the first. A name is not found in a longer one: York
    is not what a question about New York asks about.
    """
    sought = Sought(head)
    if sought.generic or not sought.may_lead_to(tail):
        return None
    asked = Asked(tail)
    subject = subject_of(tail)
    about = share_about(subject, any(form.words == subject for form in sought.forms))
    found = [
        Mention(spot.start, spot.end, worth * about, form.why)
        for form in sought.forms
        for spot, worth in _mentions(form, asked)
        if not sought.doubt_of(tail, spot.start, spot.end, form)
    ]
    return min(found, key=lambda each: (-each.worth, each.start), default=None)


def find_name(head: SingleHop, text: str) -> str:
    """Where a text has the answer of a question under any of its names; empty where it has none."""
    asked = Asked(head.model_copy(update={"question": text, "entities": ()}))
    spots = (spot for form in forms_of(head) for spot, _ in _mentions(form, asked))
    found = min(spots, key=lambda each: each.start, default=None)
    return text[found.start : found.end] if found else ""


def _mentions(form: Form, asked: Asked) -> Iterator[tuple[Spot, float]]:
    for at in asked.places_of(form.words):
        spot = asked.spot(at, len(form.words))
        worth = form.worth * spot.share * (1.0 if spot.capital else form.in_lower_case)
        if worth and not spot.doubt:
            yield spot, worth


def share_about(subject: tuple[str, ...], is_mention: bool) -> float:
    """What is left of a mention by what the tail is said to be about."""
    if not subject:
        return ABOUT_NOTHING
    return 1.0 if is_mention else ABOUT_ANOTHER


def subject_of(question: SingleHop) -> tuple[str, ...]:
    """The words of what a question is about, without the titles before a name."""
    words = words_in(question.subject)
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    return words


def _sure_forms(question: SingleHop) -> frozenset[tuple[str, ...]]:
    """The answer as it is, and the forms that hardly anything else has."""
    sure = {form.words for form in forms_of(question) if form.worth > _SURE}
    return frozenset({words_in(question.answer), *sure})
