"""Checks without a model. Each names its reason; the first that does not hold is given.

`single` looks at a question of one hop, `merged` at one that was merged, `row` at a finished row
with its chunks. `wording`, `evidence`, `hops`, `naming` and `instructions` are what they look at.
"""

from longhop.questions.composed import composed_answer
from longhop.verification.checks.evidence import check_evidence, check_told
from longhop.verification.checks.finding import Finding
from longhop.verification.checks.hops import check_chain, check_hops, check_scope
from longhop.verification.checks.instructions import check_instructions, find_instruction
from longhop.verification.checks.merged import check_merged
from longhop.verification.checks.naming import check_names
from longhop.verification.checks.row import check_row
from longhop.verification.checks.single import check_single_hop
from longhop.verification.checks.wording import check_wording, find_unresolved

__all__ = [
    "Finding",
    "check_chain",
    "check_evidence",
    "check_hops",
    "check_instructions",
    "check_merged",
    "check_names",
    "check_row",
    "check_scope",
    "check_single_hop",
    "check_told",
    "check_wording",
    "composed_answer",
    "find_instruction",
    "find_unresolved",
]
