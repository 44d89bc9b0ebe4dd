"""Prove that candidates need all of their evidence."""

from longhop.records.artifacts import Artifact, Outcome
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.verification.proving import ProvePlan
from longhop.verification.proving import prove_questions as prove
from tasks.evidence import read_evidence
from tasks.sifted import write_sifted
from tasks.stage import stage


@stage("prove", revision=4)
async def prove_questions(
    candidates: list[Artifact], chunks: list[Artifact], plan: ProvePlan
) -> Outcome:
    """The candidates with a complete certificate, each with its probes."""
    live = resources()
    rows = live.store.read_all(candidates, MultiHop)
    shown = read_evidence(chunks, (hop for row in rows for hop in row.hops))
    return write_sifted("prove", "candidate", await prove(rows, shown, plan, model=live.model))
