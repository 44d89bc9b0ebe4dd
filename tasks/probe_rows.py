"""Ask a share of the finished rows from their distractors alone."""

from longhop.contexts.composing import Composer
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.examples import ComposedContext
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.verification.distracting import DistractPlan, probe_distractors
from tasks.compose_contexts import open_library
from tasks.sifted import write_sifted
from tasks.stage import stage


@stage("probe", revision=1)
async def probe_rows(
    rows: Artifact,
    contexts: Artifact,
    documents: list[Artifact],
    memberships: list[Artifact],
    placements: Artifact,
    plan: DistractPlan,
    tokenizer: str,
) -> Outcome:
    """The rows that their distractors do not answer, those that were asked with their probe."""
    live = resources()
    composer = Composer(open_library(documents, memberships, placements), open_tokenizer(tokenizer))
    composed = {each.row_id: each for each in live.store.read(contexts, ComposedContext)}
    candidates = live.store.read(rows, MultiHop)
    sifted = await probe_distractors(
        candidates, lambda row: composer.distractors_of(composed[row.id]), plan, model=live.model
    )
    ids = {each.id for each in sifted.kept}
    kept = [each for each in composed.values() if each.row_id in ids]
    more = {"contexts": live.store.write("contexts", kept, ComposedContext)}
    return write_sifted("probe", "row", sifted, more)
