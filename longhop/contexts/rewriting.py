"""Rows of several hops on a written document, which states their facts anew, one a section."""

from collections.abc import Iterator, Sequence

from longhop.concurrency import run_each
from longhop.contexts.binding import Bound, bind
from longhop.contexts.drafting import Fact, Order, Refused
from longhop.contexts.drafts import Draft, Place
from longhop.contexts.writing import WritePlan, Written
from longhop.identity import digest, keyed_share
from longhop.matching import mentions
from longhop.ports import ChatModel, Tokenizer
from longhop.records.accounts import Reason
from longhop.records.questions import Composition, Scope, SingleHop
from longhop.records.seeds import ROWS, Origin
from longhop.records.verification import MultiHop
from longhop.verification.checks import check_row
from longhop.verification.checks.evidence import is_told


def is_drawn(row: MultiHop, share: float, dataset: str) -> bool:
    """Whether a row's document is written: its id alone decides, and that it has several hops."""
    several = row.composition is not Composition.SINGLE
    return several and keyed_share("written", dataset, row.id) < share


def place_drawn(row: MultiHop, dataset: str) -> tuple[str, str]:
    """Where a drawn row stands among the others, of which a budget reaches the first."""
    return digest("written", dataset, row.id), row.id


async def rewrite_rows(
    rows: Sequence[MultiHop], plan: WritePlan, *, model: ChatModel, tokenizer: Tokenizer
) -> Written:
    """A document for each row that states what its hops do, as a candidate for the proof.

    Question, answer, composition and hops stay; the evidence of each hop lies in a section of its
    own, of one document.
    """
    writer = plan.writer(model, tokenizer)
    orders = [_order_of(row, plan.form) for row in rows]
    written = Written()
    drafts = await run_each(orders, writer.write)
    for row, order, draft in zip(rows, orders, drafts, strict=True):
        if not isinstance(draft, Draft):
            written.turn_away("rewrite", row.id, draft)
            continue
        licenses = " AND ".join(sorted({hop.license for hop in row.hops}))
        bound = bind(draft, order, license=licenses, split=row.split, tokenizer=tokenizer)
        moved = relocate(row, draft, bound)
        if isinstance(moved, Refused):
            written.turn_away("rewrite", row.id, moved)
            continue
        origin = Origin(
            document_id=bound.document.id,
            seed_id=row.id,
            task=ROWS,
            form=order.form,
            split=row.split,
            anchored=False,
            language=row.language,
        )
        written.accept(moved, bound, origin, draft)
    return written


def relocate(row: MultiHop, draft: Draft, bound: Bound) -> MultiHop | Refused:
    """The row with the evidence of its hops in a written document, unproved, or why it has none."""
    found = next(_assigned(row.hops, draft, bound, ()), None)
    if found is None:
        told = [_telling(hop, draft, bound) for hop in row.hops]
        lost = next((number for number, places in enumerate(told, 1) if not places), None)
        if lost is None:
            detail = f"{len(row.hops)} hops have no sections of their own"
            return Refused(Reason.SHARED_EVIDENCE, detail, draft.text)
        detail = f"no evidence sentence tells hop {lost}: {row.hops[lost - 1].answer!r}"
        return Refused(Reason.ANSWER_NOT_IN_EVIDENCE, detail, draft.text)
    moved = row.model_copy(
        update={
            "hops": tuple(
                _moved(hop, place, bound) for hop, place in zip(row.hops, found, strict=True)
            ),
            "scope": Scope.INTRA,
            "probes": (),
            "proof": "none",
        }
    )
    finding = check_row(moved, {each.id: each for each in bound.chunks})
    return Refused(*finding, draft.text) if finding else moved


def _order_of(row: MultiHop, form: str) -> Order:
    facts = tuple(Fact(hop.question, hop.answer) for hop in row.hops)
    return Order(row.id, row.question, row.answer, row.language, form, facts)


def _assigned(
    hops: Sequence[SingleHop], draft: Draft, bound: Bound, taken: tuple[Place, ...]
) -> Iterator[tuple[Place, ...]]:
    """The ways to give each hop a sentence that tells it, in a section that no other hop has."""
    if not hops:
        yield taken
        return
    sections = {each.section for each in taken}
    for place in _telling(hops[0], draft, bound):
        if place.section not in sections:
            yield from _assigned(hops[1:], draft, bound, (*taken, place))


def _telling(hop: SingleHop, draft: Draft, bound: Bound) -> list[Place]:
    """The evidence sentences that tell a hop, those first that name what it is about."""
    told = [each for each in draft.places if is_told(_moved(hop, each, bound))]
    return sorted(told, key=lambda each: not _names_subject(hop, draft.quoted(each)))


def _names_subject(hop: SingleHop, quote: str) -> bool:
    return bool(hop.subject) and mentions(quote, hop.subject)


def _moved(hop: SingleHop, place: Place, bound: Bound) -> SingleHop:
    """A hop with its evidence at a place of the written document."""
    there = bound.hop(hop.question, hop.answer, place)
    kept = ("id", "evidence", "quote", "document_id", "license")
    return hop.model_copy(update={name: getattr(there, name) for name in kept})
