"""Writing the missing document for a trusted pair (context synthesis, arXiv 2502.15592, §4.2).

The question and the answer stay as they are, to the letter; only the document is the model's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from longhop.concurrency import run_each
from longhop.contexts.binding import Bound, bind
from longhop.contexts.copying import find_copied
from longhop.contexts.drafting import Kind, Order, Refused, Writer
from longhop.contexts.drafts import Draft, Place
from longhop.contexts.measuring import Measure
from longhop.identity import make_id
from longhop.matching import mentions
from longhop.ports import ChatModel, NoReply, Tokenizer
from longhop.records.accounts import Reason, Rejection
from longhop.records.base import Record
from longhop.records.corpus import Chunk, Document, Split
from longhop.records.model import Prompt
from longhop.records.questions import Composition, Scope, SingleHop
from longhop.records.seeds import Origin, SeedPair
from longhop.records.verification import MultiHop
from longhop.verification.checks.evidence import is_told
from longhop.verification.checks.naming import names_in
from longhop.verification.repairing import Sifted, note_no_reply

# Pieces of evidence that a name or a number is proved to need; a text may need any number.
MOST_PIECES = 4


class WritePlan(Record):
    """What writing depends on: a target in tokens counts instead of one in words.

    {"prompt": {…}, "words": 250, "tokens": null, "form": "encyclopedia article", "requests": 8}
    """

    prompt: Prompt
    words: int
    form: str
    tokens: int | None = None
    requests: int = 8

    def measure(self, tokenizer: Tokenizer) -> Measure:
        """The length of its documents."""
        return Measure(self.tokens or self.words, tokenizer, in_tokens=self.tokens is not None)

    def writer(self, model: ChatModel, tokenizer: Tokenizer) -> Writer:
        """Who writes them."""
        return Writer(self.prompt, self.requests, self.measure(tokenizer), model)


@dataclass
class Written(Sifted):
    """Candidates, with the documents and chunks that they rest on and where these come from."""

    documents: list[Document] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    def turn_away(self, stage: str, item: str, refused: Refused | NoReply) -> None:
        """Note what no document came of."""
        if isinstance(refused, NoReply):
            note_no_reply(stage, item, refused, into=self)
            return
        self.rejected.append(
            Rejection(
                stage=stage,
                item=item,
                reason=refused.reason,
                detail=refused.detail,
                raw=refused.raw,
            )
        )

    def accept(self, candidate: MultiHop, bound: Bound, origin: Origin, draft: Draft) -> None:
        """Take a candidate with its document."""
        self.kept.append(candidate)
        self.documents.append(bound.document)
        self.chunks += bound.chunks
        self.origins.append(origin)
        self.drafts.append(draft)


async def write_contexts(
    seeds: Sequence[tuple[SeedPair, Split]],
    plan: WritePlan,
    *,
    model: ChatModel,
    tokenizer: Tokenizer,
) -> Written:
    """A document for each seed, its evidence located, as a candidate for the proof.

    Each piece of evidence that lies in a section of its own is a hop, the one with the answer last.
    """
    writer = plan.writer(model, tokenizer)
    orders = [order_of(seed, plan.form) for seed, _ in seeds]
    written = Written()
    drafts = await run_each(orders, writer.write)
    for (seed, split), order, draft in zip(seeds, orders, drafts, strict=True):
        if not isinstance(draft, Draft):
            written.turn_away("write", seed.id, draft)
            continue
        bound = bind(draft, order, license=seed.license, split=split, tokenizer=tokenizer)
        hops = find_hops(order, draft, bound)
        if isinstance(hops, Refused):
            written.turn_away("write", seed.id, hops)
            continue
        candidate = MultiHop(
            id=make_id("m", seed.id, *(hop.id for hop in hops)),
            group_id=seed.id,
            question=seed.question,
            answer=seed.answer,
            composition=Composition.SINGLE,
            scope=Scope.INTRA,
            hops=hops,
            composer=plan.prompt.model,
        )
        origin = Origin(
            document_id=bound.document.id,
            seed_id=seed.id,
            task=seed.task,
            form=order.form,
            split=split,
            anchored=seed.anchored,
            language=seed.language,
        )
        written.accept(candidate, bound, origin, draft)
    return written


def order_of(seed: SeedPair, form: str) -> Order:
    """What is written for a seed, in its own form or in this one."""
    return Order(seed.id, seed.question, seed.answer, seed.language, seed.form or form)


def find_hops(order: Order, draft: Draft, bound: Bound) -> tuple[SingleHop, ...] | Refused:
    """The pieces of evidence of a pair, or what is wrong with its document."""
    if order.kind is Kind.LONG and (found := find_copied(order.answer, draft.text, draft.language)):
        return Refused(*found, draft.text)
    # "No" stands in any document: it answers the question only where the name does, too.
    named = next(names_in(order.question, order.language), "")
    subject = named if order.kind in (Kind.YES_NO, Kind.UNANSWERABLE) else ""
    places = _pieces(order, draft, bound)
    if isinstance(places, Refused):
        return places
    return tuple(bound.hop(order.question, order.answer, each, subject=subject) for each in places)


def _pieces(order: Order, draft: Draft, bound: Bound) -> list[Place] | Refused:
    """One place a section; the last one tells the answer where a place can."""
    if order.kind is Kind.UNANSWERABLE:  # that nothing is said stands everywhere
        return [Place(number, 0, len(text)) for number, text in enumerate(draft.sections)]
    places = draft.places
    by_section: dict[int, list[Place]] = {}
    for each in places:
        by_section.setdefault(each.section, []).append(each)
    whole = [Place(at, own[0].start, own[-1].end) for at, own in by_section.items()]
    if order.kind is Kind.LONG:
        return whole
    if order.kind is Kind.YES_NO:
        return whole[:MOST_PIECES]

    def tells(place: Place) -> bool:
        return is_told(bound.hop(order.question, order.answer, place))

    telling = next(filter(tells, places), None)
    if telling is None:
        return Refused(Reason.ANSWER_NOT_IN_EVIDENCE, order.answer, draft.text)
    others = [each for each in whole if not mentions(draft.quoted(each), order.answer)]
    return [*(each for each in others if each.section != telling.section), telling][-MOST_PIECES:]
