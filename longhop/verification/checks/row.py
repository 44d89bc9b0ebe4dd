"""The last gate: everything that can be checked of a finished row without a model."""

from collections.abc import Mapping

from longhop.records.corpus import Chunk
from longhop.records.verification import MultiHop
from longhop.verification.checks.evidence import check_evidence, check_told
from longhop.verification.checks.finding import Finding
from longhop.verification.checks.hops import check_scope
from longhop.verification.checks.instructions import check_instructions
from longhop.verification.checks.merged import check_merged
from longhop.verification.checks.naming import check_names


def check_row(row: MultiHop, chunks: Mapping[str, Chunk]) -> Finding | None:
    """What is wrong with a finished row, if anything is; `chunks` hold those of all spans."""
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
