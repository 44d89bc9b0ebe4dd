"""Drafting: a document is written section by section until its measured length is met."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from longhop.contexts.copying import restates
from longhop.contexts.drafts import Draft, read_sections
from longhop.contexts.measuring import LEAST, MOST, Measure
from longhop.contexts.residue import cut_residue, find_residue
from longhop.corpus.languages.scripts import same_script
from longhop.corpus.shingles import words_of
from longhop.identity import keyed_share
from longhop.ports import ChatModel, NoReply
from longhop.records.accounts import Reason
from longhop.records.model import Prompt
from longhop.records.replies import WrittenContext
from longhop.records.seeds import ROOM
from longhop.verification.answers import is_text, is_yes_or_no, says_nothing
from longhop.verification.checks import Finding

# The words of a section, as it is asked for; and the fewest and most of them that are asked for.
_SECTION, _FEWEST_SECTIONS, _MOST_SECTIONS = 120, 2, 8
# A model that falls short is asked for so much more at most.
_MOST_ASKED = 2.0
_FEWEST_WORDS = 40
# A quote of fewer words stands anywhere: a full stop, or a name, is no evidence sentence.
_FEWEST_OF_EVIDENCE = 2
# Requests in a row without any gain end it.
_IDLE = 2
# What is cut is cut to this, where that leaves enough.
_CUT_TO = 1.02


class Kind(StrEnum):
    """What a document has to make of an answer: state it, cover it, imply it, or hide it."""

    SHORT = "short"
    LONG = "long"
    YES_NO = "yes_no"
    UNANSWERABLE = "unanswerable"
    FACTS = "facts"


class Fact(NamedTuple):
    """One of several facts that a document has to state."""

    question: str
    answer: str


@dataclass(frozen=True)
class Order:
    """What a document is written for."""

    id: str
    question: str
    answer: str
    language: str
    form: str
    facts: tuple[Fact, ...] = ()

    @property
    def kind(self) -> Kind:
        """What becomes of the answer in it."""
        if self.facts:
            return Kind.FACTS
        if says_nothing(self.answer):
            return Kind.UNANSWERABLE
        if is_yes_or_no(self.answer):
            return Kind.YES_NO
        return Kind.LONG if is_text(self.answer) else Kind.SHORT


@dataclass(frozen=True)
class Refused:
    """Why there is no document, and what the model wrote."""

    reason: Reason
    detail: str
    raw: str = ""


@dataclass(frozen=True)
class Writer:
    """Writes documents of one length with one prompt, in so many requests each at most."""

    prompt: Prompt
    requests: int
    measure: Measure
    model: ChatModel

    async def write(self, order: Order) -> Draft | Refused | NoReply:
        """The document of an order, within a tenth of its target, or why there is none.

        What falls short is continued: the next request has the text so far, and asks for what is
        missing by measure, and for more of it the more the model has fallen short so far.
        """
        draft = await self._begin(order)
        if not isinstance(draft, Draft):
            return draft
        idle = 0
        while self.measure.is_short(draft.lengths[-1]):
            if len(draft.lengths) == self.requests or idle == _IDLE:
                return self._too_short(draft, idle)
            words = self._bounded(self._missing(draft) / (1 + idle), order, draft)
            reply = await self._ask(order, draft, words)
            draft.asked += words
            if isinstance(reply, NoReply) and reply.refused:
                return reply
            if isinstance(reply, WrittenContext):
                new = (each for each in read_sections(reply.sections) if _is_sound(each, order))
                draft.add(list(new), before=_goes_before(order, draft))
            draft.lengths.append(self.measure.of(draft.text, order.language))
            idle = 0 if draft.lengths[-1] > draft.lengths[-2] else idle + 1
        return self._fitted(draft)

    async def _begin(self, order: Order) -> Draft | Refused | NoReply:
        """The title and the first sections, with the evidence in them."""
        wanted = self.measure.words(self.measure.target, "", order.language)
        words = self._bounded(wanted, order, None)
        reply = await self._ask(order, None, words)
        if isinstance(reply, NoReply):
            return reply
        title = " ".join(cut_residue(reply.title).split())
        told = tuple(map(cut_residue, reply.evidence))
        evidence = tuple(each for each in told if len(words_of(each)) >= _FEWEST_OF_EVIDENCE)
        draft = Draft(title, order.language, [], evidence, words)
        draft.add(read_sections(reply.sections), before=False)
        draft.lengths.append(self.measure.of(draft.text, order.language))
        finding = _find(draft, order, told)
        return Refused(*finding, draft.text) if finding else draft

    async def _ask(self, order: Order, draft: Draft | None, words: int) -> WrittenContext | NoReply:
        sections = max(_FEWEST_SECTIONS, round(words / _SECTION), len(order.facts))
        values: dict[str, object] = {
            "question": order.question,
            "answer": order.answer,
            "kind": order.kind.value,
            "facts": [each._asdict() for each in order.facts],
            "form": order.form,
            "words": words,
            "sections": min(_MOST_SECTIONS, sections),
            "title": draft.title if draft else "",
            "written": draft.sections if draft else [],
            "before": draft is not None and _goes_before(order, draft),
        }
        return await self.model.ask(self.prompt, order.language, values, WrittenContext)

    def _missing(self, draft: Draft) -> float:
        """The words that are missing, times as many as were asked for a word that came."""
        came = self.measure.words(draft.lengths[-1], draft.text, draft.language)
        missing = self.measure.target - draft.lengths[-1]
        pressing = min(_MOST_ASKED, max(1.0, draft.asked / max(1.0, came)))
        return pressing * self.measure.words(missing, draft.text, draft.language)

    def _bounded(self, words: float, order: Order, draft: Draft | None) -> int:
        """The words to ask for, as far as a reply has room for them."""
        text = draft.text if draft else ""
        room = self.measure.words_of_tokens(ROOM * self.prompt.max_tokens, text, order.language)
        return max(_FEWEST_WORDS, round(min(words, room)))

    def _fitted(self, draft: Draft) -> Draft | Refused:
        """The draft without its surplus."""
        measure = self.measure
        if not measure.is_long(draft.lengths[-1]):
            return draft

        def length(text: str) -> int:
            return measure.of(text, draft.language)

        limits = (each * measure.target for each in (_CUT_TO, LEAST, MOST))
        draft.trim(length, *limits)
        size = length(draft.text)
        if measure.is_long(size) or measure.is_short(size):
            told = f"{size} {measure.unit} for {measure.target}: no more can be cut but evidence"
            return Refused(Reason.BAD_LENGTH, told, draft.text)
        return draft

    def _too_short(self, draft: Draft, idle: int) -> Refused:
        made = f"{draft.lengths[-1]} of {self.measure.target} {self.measure.unit}"
        asked = len(draft.lengths)
        why = f", the last {idle} without gain" if idle else ""
        told = f"{made} after {asked} request{'s' * (asked != 1)}{why}"
        return Refused(Reason.BAD_LENGTH, told, draft.text)


def _find(draft: Draft, order: Order, told: Sequence[str]) -> Finding | None:
    """What is wrong with the first sections, if anything is; `told` is the evidence that came."""
    texts = (draft.title, *draft.sections)
    if residue := next(filter(None, map(find_residue, texts)), ""):
        return Reason.RESIDUE, residue
    if not draft.evidence and told:
        return Reason.EVIDENCE_MISSING, f"{told[0]!r} is no evidence sentence: it says nothing"
    if not draft.places:
        return Reason.EVIDENCE_MISSING, "no evidence sentence is in the text"
    if restates(order.question, draft.text):
        return Reason.ANSWER_LEAK, "the text restates the question"
    if not same_script(draft.text, order.language):
        return Reason.WRONG_LANGUAGE, f"the question is in {order.language!r}"
    return None


def _is_sound(section: str, order: Order) -> bool:
    return not find_residue(section) and not restates(order.question, section)


def _goes_before(order: Order, draft: Draft) -> bool:
    """Whether the next sections come before all others: so evidence lies anywhere in the end."""
    return keyed_share("before", order.id, len(draft.lengths)) < 0.5
