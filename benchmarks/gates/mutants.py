"""Sound rows made unsound, each in one way that has a name.

Which link, step, name or form of the fault it is decides a hash of the row's id, so that no choice
is made after looking. A maker gives nothing where a row has nothing to change (no name in its
question, say).
"""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from gates.rows import Case, retold, told_in, with_hop_after, without_hop

from longhop.identity import keyed_rng
from longhop.matching import mentions, normalise
from longhop.records.corpus import Span
from longhop.records.questions import HopLink
from longhop.verification.checks.naming import names_in

_NAME = re.compile(r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*")  # words with a capital in a row
_PRONOUNS = ("it", "he", "she", "they")
_SMALL = "who what which when where why how whose whom in on at of for the a an did is was are"
_QUESTION_WORDS = frozenset(_SMALL.split())
_FORMS = 2  # of every fault that has several, so many are made of a row


class Mutant(NamedTuple):
    """A row with one fault: of which kind, in which form."""

    kind: str
    form: str
    case: Case


Forms = Iterator[tuple[str, Case]]


def mutants_of(case: Case) -> Iterator[Mutant]:
    """The mutants of a row, of each kind those forms that its id draws."""
    for kind, make in KINDS.items():
        yield from _drawn(case, kind, make)


def wrong_answers_of(case: Case) -> Iterator[Mutant]:
    """Rows whose answer is another name of the paragraph that has the right one."""
    yield from _drawn(case, "wrong_answer", _wrong_answers)


def _drawn(case: Case, kind: str, make: Callable[[Case, Random], Forms]) -> Iterator[Mutant]:
    rng = keyed_rng("mutant", kind, case.row.id)
    made = list(make(case, rng))
    for form, mutant in rng.sample(made, min(_FORMS, len(made))):
        yield Mutant(kind, form, mutant)


def bridge_named(case: Case, rng: Random) -> Forms:
    """The answer of a step that another asks about stands in the question."""
    row = case.row
    name = row.hops[rng.choice(row.links).head].answer
    stem, end = row.question.rstrip(" ?."), "?"
    yield "in brackets", case.with_row(question=f"{stem} ({name}){end}")
    yield "in lower case", case.with_row(question=f"{stem}, {name.lower()}{end}")
    yield "at its head", case.with_row(question=f"Concerning {name}: {row.question}")
    yield "as an owner", case.with_row(question=f"{stem}, of {name}'s{end}")


def step_dropped(case: Case, rng: Random) -> Forms:
    """A step is missing from the hops; the question still asks for it."""
    last = len(case.row.hops) - 1
    yield "the last", without_hop(case, last)
    yield "one before it", without_hop(case, rng.randrange(last))


def step_doubled(case: Case, rng: Random) -> Forms:
    """A step is there twice, the second time on a copy of its paragraph in another document."""
    at = rng.randrange(len(case.row.hops))
    hop, chunk = case.row.hops[at], case.chunk_of(at)
    copy = retold(chunk, f"As told elsewhere: {chunk.text}", f"{chunk.id}/copy")
    again = told_in(hop, copy, hop.quote)
    heads = [
        HopLink(head=each.head, tail=at + 1, mention=each.mention)
        for each in case.row.links
        if each.tail == at
    ]
    asked = f"Please say: {hop.question}"
    tails = [
        HopLink(head=at + 1, tail=each.tail + 1, mention=each.mention)
        for each in case.row.links
        if each.head == at
    ]
    reworded = again.model_copy(update={"question": asked, "id": f"{hop.id}/again"})
    yield "in the same words", with_hop_after(case, at, again, heads, copy)
    yield "in others", with_hop_after(case, at, reworded, heads, copy)
    yield "in others, and linked", with_hop_after(case, at, reworded, [*heads, *tails], copy)


def one_document(case: Case, rng: Random) -> Forms:
    """Two steps of one document, while the row says that each has its own."""
    one, other = rng.sample(range(len(case.row.hops)), 2)
    home = case.chunk_of(one).document_id
    moved = case.chunk_of(other).model_copy(update={"document_id": home})
    yield "two chunks", case.with_chunks(moved).with_hop(other, document_id=home)
    same = case.chunk_of(one)
    joined = retold(same, f"{same.text}\n\n{case.row.hops[other].quote}")
    hop = told_in(case.row.hops[other], joined, case.row.hops[other].quote)
    yield (
        "one chunk",
        case.with_chunks(joined).with_hop(other, evidence=hop.evidence, document_id=home),
    )


def span_moved(case: Case, rng: Random) -> Forms:
    """The span of a step's evidence is not where its quote is."""
    at = rng.randrange(len(case.row.hops))
    span, length = case.row.hops[at].evidence[0], len(case.chunk_of(at).text)
    width = span.end - span.start
    places = {
        "by one": (span.start + 1, span.end + 1),
        "a little longer": (span.start, span.end + 3),
        "a little shorter": (span.start, span.end - 1),
        "beyond the end": (length, length + width),
        "before the start": (span.start - length - 1, span.end - length - 1),
        "to nothing": (span.start, span.start),
    }
    for form, (start, end) in places.items():
        moved = Span(chunk_id=span.chunk_id, start=start, end=end)
        yield form, case.with_hop(at, evidence=(moved,))
    lost = span.model_copy(update={"chunk_id": f"{span.chunk_id}/lost"})
    yield "to no chunk", case.with_hop(at, evidence=(lost,))


def evidence_changed(case: Case, rng: Random) -> Forms:
    """The text that a step rests on is another than it was."""
    at = rng.randrange(len(case.row.hops))
    hop, chunk = case.row.hops[at], case.chunk_of(at)
    spot = hop.evidence[0].start
    before, after = chunk.text[:spot], chunk.text[spot + len(hop.quote) :]
    without = re.sub(re.escape(hop.answer), "another", hop.quote, flags=re.IGNORECASE)
    for form, quote in {
        "its answer": without,
        "a capital": hop.quote.swapcase(),
        "a space": hop.quote.replace(" ", "  ", 1),
    }.items():
        if quote != hop.quote:
            yield form, case.with_chunks(retold(chunk, before + quote + after))
    if not mentions(without, hop.answer):
        changed = retold(chunk, before + without + after)
        hop = told_in(hop, changed, without)
        yield (
            "its answer, in the quote, too",
            case.with_chunks(changed).with_hop(at, quote=without, evidence=hop.evidence),
        )


def circle(case: Case, rng: Random) -> Forms:
    """The steps lead back to where they began."""
    row, last = case.row, len(case.row.hops) - 1
    link = rng.choice(row.links)
    turned = HopLink(head=link.tail, tail=link.head, mention=link.mention)
    rest = tuple(each for each in row.links if each != link)
    yield "a link is turned", case.with_row(links=(*rest, turned))
    closing = HopLink(head=last, tail=0, mention=row.hops[last].answer)
    yield "a link leads back", case.with_row(links=(*row.links, closing))
    yield "a hop asks about itself", case.with_row(links=(*row.links, _loop(link.tail, row.answer)))
    starts = set(range(len(row.hops))) - {each.tail for each in row.links}
    named = {at: _subject(case, at) for at in sorted(starts)}
    for name in filter(None, named.values()):
        quote = f"What was told of {row.answer} is told of {name}, too."
        chunk = retold(case.chunk_of(last), quote, f"{row.id}#back")
        hop = row.hops[last].model_copy(
            update={"question": f"Who shares {row.answer}?", "answer": name, "aliases": ()}
        )
        back = HopLink(head=last, tail=last + 1, mention=row.answer)
        longer = with_hop_after(case, last, told_in(hop, chunk, quote), [back], chunk)
        question = f"Who shares what is asked for here: {row.question}"
        yield "the answer is what it began with", longer.with_row(question=question, answer=name)
        break


def pronoun(case: Case, rng: Random) -> Forms:
    """A pronoun stands where the question names what it is about.

    That is the longest name that a first step has too, found without the product's own code.
    """
    row = case.row
    starts = set(range(len(row.hops))) - {each.tail for each in row.links}
    asked = [f" {_plain(row.hops[at].question)} " for at in starts]
    words = list(re.finditer(r"[\w’'&.-]*\w", row.question))
    named = [
        (one.start(), other.end())
        for at, one in enumerate(words)
        for other in words[at:]
        if one[0][0].isupper()
        and other[0][0].isupper()
        and any(f" {_plain(row.question[one.start() : other.end()])} " in each for each in asked)
        and _plain(row.question[one.start() : other.end()]) not in _QUESTION_WORDS
    ]
    if not named:
        return
    start, end = max(named, key=lambda place: (place[1] - place[0], place))
    name = re.escape(row.question[start:end])
    for word in _PRONOUNS:
        said = word.capitalize() if start == 0 else word
        yield (
            word,
            case.with_row(question=re.sub(rf"(?<!\w)(?:the )?{name}(?!\w)", said, row.question)),
        )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _wrong_answers(case: Case, rng: Random) -> Forms:
    row, last = case.row, len(case.row.hops) - 1
    hop = row.hops[last]
    known = {normalise(each.answer) for each in row.hops} | set(map(normalise, hop.aliases))
    right = normalise(row.answer)
    quote, text = hop.quote, case.chunk_of(last).text

    def others(of: str) -> list[str]:
        found = dict.fromkeys(_NAME.findall(of))
        return [
            each
            for each in found
            if normalise(each) not in known and not set(normalise(each)) & set(right)
        ]

    if names := others(text):
        yield "of the row alone", case.with_row(answer=rng.choice(names))
    if names := others(quote):
        wrong = rng.choice(names)
        told = case.with_hop(last, answer=wrong, aliases=())
        yield "of the step, too", told.with_row(answer=wrong)


def _loop(at: int, mention: str) -> HopLink:
    return HopLink(head=at, tail=at, mention=mention)


def _subject(case: Case, at: int) -> str:
    """What a step is about: as it is given, or the longest name that its question has."""
    hop = case.row.hops[at]
    names = sorted(names_in(hop.question, hop.language), key=lambda each: (-len(each), each))
    return hop.subject or next(iter(names), "")


KINDS: dict[str, Callable[[Case, Random], Forms]] = {
    "bridge_named": bridge_named,
    "step_dropped": step_dropped,
    "step_doubled": step_doubled,
    "one_document": one_document,
    "span_moved": span_moved,
    "evidence_changed": evidence_changed,
    "circle": circle,
    "pronoun": pronoun,
}
