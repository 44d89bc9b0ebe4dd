"""Prove that candidates need all of their evidence."""

from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.verification.proving import ProvePlan
from longhop.verification.proving import prove_questions as prove
from tasks.sifted import write_sifted
from tasks.stage import stage


@stage("prove", revision=1)
async def prove_questions(
    candidates: list[Artifact], chunks: list[Artifact], plan: ProvePlan
) -> Outcome:
    """The candidates with a complete certificate, each with its probes."""
    live = resources()
    rows = live.store.read_all(candidates, MultiHop)
    needed = {each for row in rows for each in row.evidence_chunks}
    shown = {each.id: each for each in live.store.read_all(chunks, Chunk) if each.id in needed}
    return write_sifted("prove", "candidate", await prove(rows, shown, plan, model=live.model))
