"""Merge the groups of a shard into multi-hop questions, and judge them."""

from longhop.questions.merging import MergePlan, merge_groups
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.verification import MultiHop, Returned
from longhop.resources import resources
from longhop.verification.judging import JudgePlan
from longhop.verification.judging import judge_questions as judge
from tasks.evidence import read_evidence
from tasks.sifted import write_sifted
from tasks.stage import stage


@stage("merge", revision=3)
async def merge_questions(todo: list[Artifact], chunks: list[Artifact], plan: MergePlan) -> Outcome:
    """One checked wording for each group, or what was wrong with it.

    `chunks` are read where the plan shows those of the evidence to the model.
    """
    live = resources()
    groups = live.store.read_all(todo, Returned)
    shown = read_evidence(chunks, (hop for each in groups for hop in each.group.hops))
    merged = await merge_groups(groups, plan, model=live.model, chunks=shown)
    return write_sifted("merge", "wording", merged)


@stage("judge", revision=2)
async def judge_questions(candidates: Artifact, plan: JudgePlan) -> Outcome:
    """The candidates that the judge scores high enough."""
    live = resources()
    rows = live.store.read(candidates, MultiHop)
    return write_sifted("judge", "wording", await judge(rows, plan, model=live.model))
