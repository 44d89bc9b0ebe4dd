"""Evidence: it stands where its spans say, letter by letter, and tells the answer."""

import re
from collections.abc import Iterator, Mapping, Sequence

from longhop.corpus.shingles import words_of
from longhop.matching import mentions
from longhop.records.accounts import Reason
from longhop.records.corpus import Chunk
from longhop.records.questions import SingleHop
from longhop.values import comparable_value, same_value
from longhop.verification.checks.finding import Finding

# A date or an amount is looked for in runs of so many words.
_LONGEST_VALUE = 5
_WORD = re.compile(r"\S+")
_DIGIT = re.compile(r"\d")


def check_evidence(hops: Sequence[SingleHop], chunks: Mapping[str, Chunk]) -> Finding | None:
    """Each span slices to the quote, in a chunk of the hop's own document and split.

    The first place of a quote is what it was taken from, to the letter; in the others white space
    may differ, as it may where they are located.
    """
    for number, hop in enumerate(hops, 1):
        if not hop.evidence or not hop.quote.strip():
            return Reason.EVIDENCE_MISSING, f"hop {number} has none"
        for at, span in enumerate(hop.evidence):
            chunk = chunks.get(span.chunk_id)
            if chunk is None:
                return Reason.EVIDENCE_MISSING, f"hop {number} rests on no chunk {span.chunk_id}"
            if (chunk.document_id, chunk.split) != (hop.document_id, hop.split):
                detail = f"{span.chunk_id} is not of {hop.document_id} in {hop.split.value}"
                return Reason.EVIDENCE_MISSING, detail
            within = 0 <= span.start < span.end <= len(chunk.text)
            text = chunk.text[span.start : span.end]
            same = text == hop.quote if at == 0 else text.split() == hop.quote.split()
            if not (within and same):
                detail = f"[{span.start}, {span.end}) of {span.chunk_id} is not the quote of hop"
                return Reason.EVIDENCE_MISSING, f"{detail} {number}"
    return None


def check_told(hops: Sequence[SingleHop]) -> Finding | None:
    """The quote of each hop tells its answer, and its question does not."""
    for number, hop in enumerate(hops, 1):
        if not is_told(hop):
            return Reason.ANSWER_NOT_IN_EVIDENCE, f"hop {number}: {hop.answer!r} in {hop.quote!r}"
        if mentions(hop.question, hop.answer):
            return Reason.ANSWER_LEAK, f"hop {number} names {hop.answer!r}"
    return None


def is_told(hop: SingleHop) -> bool:
    """Whether a quote has the answer, another name of it, or its value in another form."""
    if any(mentions(hop.quote, each) for each in (hop.answer, *hop.aliases)):
        return True
    if _has_run(words_of(hop.quote), words_of(hop.answer)):  # with what stands in its brackets
        return True
    return any(same_value(each, hop.answer) for each in _values(hop.quote, hop.answer))


def _has_run(words: Sequence[str], run: Sequence[str]) -> bool:
    width = len(run)
    return bool(run) and any(words[at : at + width] == run for at in range(len(words) - width + 1))


def _values(quote: str, answer: str) -> Iterator[str]:
    """Runs of words with a digit that may be a date or an amount, where the answer is one."""
    if not any(comparable_value(answer, is_date=is_date) for is_date in (True, False)):
        return
    words = [each.span() for each in _WORD.finditer(quote)]
    for first in range(len(words)):
        for last in range(first, min(first + _LONGEST_VALUE, len(words))):
            run = quote[words[first][0] : words[last][1]].strip(".,;:()[]\"'“”")
            if _DIGIT.search(run):
                yield run
