"""From what a model proposed to a question whose evidence is found, letter by letter."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from longhop.identity import make_id
from longhop.matching import normalise
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Chunk, Span
from longhop.records.questions import SingleHop
from longhop.records.replies import FoundAnswer, Told
from longhop.verification.checks import check_single_hop

# A quote this short stands in many places by chance.
_SHORT_QUOTE = 20
# And one that stands in more places than these says nothing by the others.
_MOST_PLACES = 20
# A letter or digit that goes on; Chinese characters stand beside each other.
_ALNUM = r"[^\W\u3400-\u9fff\uf900-\ufaff]"
_BEGINS = re.compile(rf"(?<!{_ALNUM})(?<!\d[.,])")
_ENDS = re.compile(rf"(?!{_ALNUM})(?![.,]\d)")


class Chunks:
    """Chunks by the document that they are of."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._of: dict[str, list[Chunk]] = defaultdict(list)
        for each in chunks:
            self._of[each.document_id].append(each)

    def beside(self, chunk: Chunk) -> list[Chunk]:
        """The other chunks of the same document."""
        return [each for each in self._of[chunk.document_id] if each.id != chunk.id]


def locate_question(
    question: str, answer: Told | None, chunk: Chunk, chunks: Chunks
) -> SingleHop | Rejection:
    """The question with its answer and all places of its evidence, or what is wrong with it."""
    question = question.strip()
    question_id = make_id("q", chunk.id, question)

    def reject(reason: Reason, detail: str, raw: str = "") -> Rejection:
        return Rejection(
            stage="check", item=question_id, reason=reason, detail=detail, raw=raw or question
        )

    if answer is None:
        return reject(Reason.UNANSWERABLE, "the reply has no answer to it")
    if isinstance(answer, FoundAnswer) and not answer.answerable:
        return reject(Reason.UNANSWERABLE, f"the model finds no answer in {chunk.id}")
    places = tuple(islice(_places(answer.quote, chunk, chunks), _MOST_PLACES))
    if not places:
        return reject(Reason.EVIDENCE_MISSING, f"the quote is not in {chunk.id}", answer.quote)
    start, end = places[0].start, places[0].end
    made = SingleHop(
        id=question_id,
        question=question,
        answer=answer.answer.strip(),
        evidence=places,
        quote=chunk.text[start:end],
        subject=answer.subject.strip(),
        subject_kind=answer.subject_kind.strip(),
        relation=answer.relation.strip(),
        kind=answer.kind,
        aliases=_other_names(answer, chunk),
        entities=tuple(dict.fromkeys(each.strip() for each in answer.entities if each.strip())),
        document_id=chunk.document_id,
        license=chunk.license,
        language=chunk.language,
        split=chunk.split,
    )
    finding = check_single_hop(made)
    if finding is None and not _is_about(question, answer.subject):
        finding = Reason.UNANSWERABLE, f"the answer is about {answer.subject!r}"
    return made if finding is None else reject(*finding)


def locate(quote: str, text: str) -> tuple[tuple[int, int], ...]:
    """All places [start, end) of a quote in a text; white space may differ, nothing else.

    It begins and ends with whole words and numbers: "5 million" is not in "3.5 million".
    """
    words = quote.split()
    if not words:
        return ()
    begins, ends = words[0][0].isalnum(), words[-1][-1].isalnum()
    places = []
    at = text.find(words[0])
    while at >= 0:
        end = _end_of(words, text, at)
        whole = end and not (
            (begins and not _BEGINS.match(text, at)) or (ends and not _ENDS.match(text, end))
        )
        if whole:
            places.append((at, end))
        at = text.find(words[0], end if whole else at + 1)
    return tuple(places)


def _end_of(words: Sequence[str], text: str, at: int) -> int:
    """Where words that stand in a text from a place on end; 0 if they do not."""
    for number, word in enumerate(words):
        start = at
        while number and at < len(text) and text[at].isspace():
            at += 1
        if (number and at == start) or not text.startswith(word, at):
            return 0
        at += len(word)
    return at


def _places(quote: str, chunk: Chunk, chunks: Chunks) -> Iterator[Span]:
    """Every place of a quote in the chunk, then in the other chunks of its document."""
    own = locate(quote, chunk.text)
    for start, end in own:
        yield Span(chunk_id=chunk.id, start=start, end=end)
    if own and len(quote) >= _SHORT_QUOTE:
        for other in chunks.beside(chunk):
            for start, end in locate(quote, other.text):
                yield Span(chunk_id=other.id, start=start, end=end)


def _is_about(question: str, subject: str) -> bool:
    """Whether a question has a word of what its answer is said to be about.

    Else the answer is another question's.
    """
    words = set(normalise(subject))
    return not words or bool(words & set(normalise(question)))


def _other_names(answer: Told, chunk: Chunk) -> tuple[str, ...]:
    """The aliases that the chunk really has, whole: a model likes to add its own.

    A name has a capital, or is written without any; what else the question names is another thing.
    """
    others = {normalise(each) for each in (answer.answer, answer.subject, *answer.entities, "")}
    names = dict.fromkeys(each.strip() for each in answer.aliases)
    return tuple(
        each
        for each in names
        if len(each) > 1
        and normalise(each) not in others
        and (each != each.lower() or each == each.upper())
        and locate(each, chunk.text)
    )
