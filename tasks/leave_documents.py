"""Count the chunks that were not asked about, and hand on which documents were, and why."""

from collections import Counter

from longhop.records.accounts import Balance, LeftReason
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Draw
from longhop.records.selection import RoundTrace
from longhop.resources import resources
from tasks.stage import stage


@stage("leave", revision=3)
def leave_documents(
    chunks: list[Artifact],
    draws: list[Artifact],
    unreached: list[Artifact],
    stopped: bool,
    trace: list[Artifact],
    ended: str,
) -> Outcome:
    """The draws of all rounds, their trace, and the count of chunks that were not asked about.

    `unreached` are those that would have been next, had the budget allowed.
    """
    store = resources().store
    drawn = store.read_all(draws, Draw)
    rounds = store.read_all(trace, RoundTrace)
    if rounds:
        rounds[-1] = rounds[-1].model_copy(update={"ended": ended})
    asked_about = {each.document_id for each in drawn}
    reason = dict.fromkeys(
        (each.document_id for each in store.read_all(unreached, Draw)), LeftReason.BUDGET
    )
    other = LeftReason.STOPPED if stopped else LeftReason.NOT_DRAWN
    left: Counter[str] = Counter()
    for part in chunks:
        for batch in store.batches(part, Chunk, ("document_id",)):
            for each in batch.column("document_id").to_pylist():
                if each not in asked_about:
                    left[str(reason.get(each, other))] += 1
    return Outcome(
        artifacts={
            "draws": store.write("draws", drawn, Draw),
            "trace": store.write("trace", rounds, RoundTrace),
        },
        balances=(
            Balance(
                stage="ask",
                unit="chunk",
                taken=left.total(),
                accepted=0,
                left=dict(sorted(left.items())),
            ),
        ),
    )
