"""The last gate before contexts: every proved row checked once more, and each there once."""

from collections.abc import Iterator
from contextlib import ExitStack

from longhop.records.accounts import Reason, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.examples import ComposedContext
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.storage.spools import KeySet, Spool
from longhop.verification.checks import check_row
from longhop.verification.deduplicating import find_twins
from tasks.ordered import in_order, look_up_evidence
from tasks.sifted import Sieve
from tasks.stage import stage


@stage("check_rows", revision=2)
def check_rows(rows: list[Artifact], chunks: list[Artifact], base: Artifact | None) -> Outcome:
    """The rows that stand all checks, without those that are there twice; the base's come first.

    `base` is the contexts of the version that is continued.
    """
    incumbents = KeySet(row_ids(base))
    sieve = Sieve("check_rows", "row", "multi_hop", MultiHop)
    with sieve, ExitStack() as held:
        proved = held.enter_context(in_order(rows, MultiHop))
        shown = held.enter_context(look_up_evidence(chunks, proved))
        sound = held.enter_context(Spool(MultiHop))

        def checked() -> Iterator[tuple[MultiHop, bool]]:
            for row in proved:
                finding = check_row(row, shown(row))
                if finding is not None:
                    sieve.add(_turned_away(row, *finding))
                    continue
                sound.add(row)
                yield row, row.id in incumbents

        twins = find_twins(checked())
        for place, row in enumerate(sound):
            sieve.add(_turned_away(row, *twins[place]) if place in twins else row)
    return sieve.outcome()


def row_ids(contexts: Artifact | None) -> Iterator[str]:
    """The rows that contexts are of; none without them."""
    if contexts is not None:
        with resources().store.opened(contexts, ComposedContext) as found:
            yield from (each for (each,) in found.values("row_id"))


def _turned_away(row: MultiHop, reason: Reason, detail: str) -> Rejection:
    return Rejection(
        stage="check_rows", item=row.id, reason=reason, detail=detail, raw=row.question
    )
