"""Ask a share of the finished rows from their distractors alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from longhop.contexts.composing import Composer
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.accounts import Balance, Failure, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.examples import ComposedContext
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.storage.spools import Spool
from longhop.verification.answers import says_nothing
from longhop.verification.distracting import (
    Asked,
    DistractPlan,
    Drawn,
    judge_probed,
    probe_distractors,
)
from tasks.compose_contexts import both
from tasks.library import open_library
from tasks.ordered import beside, in_order
from tasks.stage import stage


@stage("probe", revision=2)
async def probe_rows(
    rows: Artifact,
    contexts: Artifact,
    documents: list[Artifact],
    plan: DistractPlan,
    tokenizer: str,
) -> Outcome:
    """The rows that their distractors do not answer, those that were asked with their probe."""
    with ExitStack() as held:
        candidates = held.enter_context(in_order([rows], MultiHop))
        composed = held.enter_context(in_order([contexts], ComposedContext, "row_id"))
        found = held.enter_context(Spool(Asked))
        total = sum(plan.draws(row_id) for (row_id,) in candidates.values("id"))
        if total:
            opened = open_library(documents, [], None, [], plan.dataset)
            library = held.enter_context(opened)
            composer = Composer(library, open_tokenizer(tokenizer))
            drawn = _drawn(both(candidates, composed), plan, composer)
            model = resources().model
            await probe_distractors(drawn, plan, model=model, take=found.add, total=total)
        return _written(both(candidates, composed), found)


def _drawn(
    rows: Iterable[tuple[MultiHop, ComposedContext]], plan: DistractPlan, composer: Composer
) -> Iterator[Drawn]:
    """The rows of the sample whose contexts have distractors.

    Those whose answer is that there is none are not asked: other documents say nothing, too.
    """
    for row, context in rows:
        if not plan.draws(row.id) or says_nothing(row.answer):
            continue
        if documents := composer.distractors_of(context):
            yield Drawn(row, documents)


def _written(rows: Iterable[tuple[MultiHop, ComposedContext]], found: Iterable[Asked]) -> Outcome:
    """What is kept and what is not; the rejections of rows stand before those of replies."""
    store = resources().store
    refused: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    drawn = 0
    kept = store.writer("multi_hop", MultiHop)
    contexts = store.writer("contexts", ComposedContext)
    rejected = store.writer("rejected", Rejection)
    failed = store.writer("failed", Failure)
    with kept, contexts, rejected, failed, Spool(Rejection) as unread:
        for (row, context), asked in beside(
            rows, found, key=lambda it: it[0].id, other_key=lambda it: it.id
        ):
            judged = judge_probed(row, asked) if asked is not None else row
            if isinstance(judged, Rejection):
                rejected.add(judged)
                refused[str(judged.reason)] += 1
            else:
                kept.add(judged)
                contexts.add(context)
            if asked is None:
                continue
            drawn += 1
            if asked.unread is not None:
                unread.add(asked.unread)
                refused[str(asked.unread.reason)] += 1
            if asked.failed is not None:
                failed.add(asked.failed)
                broken[str(asked.failed.reason)] += 1
        for each in unread:
            rejected.add(each)
    balance = Balance(
        stage="probe",
        unit="drawn row",
        taken=drawn,
        accepted=drawn - rejected.rows - failed.rows,
        rejected=dict(sorted(refused.items())),
        failed=dict(sorted(broken.items())),
    )
    return Outcome(
        artifacts={
            "kept": kept.artifact,
            "contexts": contexts.artifact,
            "rejected": rejected.artifact,
            "failed": failed.artifact,
        },
        balances=(balance,),
    )
