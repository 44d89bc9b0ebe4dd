"""The last gate: everything that can be checked of a finished row without a model."""

from collections.abc import Mapping

from longhop.records.accounts import Reason
from longhop.records.corpus import Chunk
from longhop.records.questions import Composition
from longhop.records.verification import MultiHop
from longhop.verification.answers import is_text, is_yes_or_no, says_nothing
from longhop.verification.checks.evidence import check_evidence, check_told, is_told
from longhop.verification.checks.finding import Finding, find
from longhop.verification.checks.hops import check_scope
from longhop.verification.checks.instructions import check_instructions
from longhop.verification.checks.merged import check_merged
from longhop.verification.checks.naming import check_names


def check_row(row: MultiHop, chunks: Mapping[str, Chunk]) -> Finding | None:
    """What is wrong with a finished row, if anything is; `chunks` hold those of all spans.

    The question and the answer of a trusted pair are what they are: only its evidence is checked.
    """
    if row.composition is Composition.SINGLE:
        return (
            check_evidence(row.hops, chunks)
            or _check_pair(row)
            or check_instructions(row.question, row.answer, row.hops)
        )
    shown = [chunks[each] for each in row.evidence_chunks if each in chunks]
    texts = [text for each in shown for text in (each.title, each.text)]
    return (
        check_evidence(row.hops, chunks)
        or check_scope(row.scope, row.hops)
        or check_told(row.hops)
        or check_merged(row.question, row.answer, row.composition, row.hops, row.links)
        or check_names(row.question, row.hops, texts)
        or check_instructions(row.question, row.answer, row.hops)
    )


def _check_pair(row: MultiHop) -> Finding | None:
    """A trusted pair rests on one document, in which a short answer is told once and for all."""
    answer = row.answer
    if len({hop.document_id for hop in row.hops}) != 1:
        return Reason.SHARED_EVIDENCE, "a pair rests on one document"
    stated = not (is_text(answer) or is_yes_or_no(answer) or says_nothing(answer))
    untold = stated and not is_told(row.hops[-1])
    return find(untold, Reason.ANSWER_NOT_IN_EVIDENCE, f"{answer!r} in {row.hops[-1].quote!r}")
